import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  type Licence,
  licenceCategories,
  MAX_NAME_CHARS,
  MAX_REMEMBERED_PAIRS,
  MAX_URL_CHARS,
  normaliseLicence,
} from "gpic-lab/licences";
import spdxLicences from "spdx-license-list";
import { goldenStrings } from "./golden.js";

const rows = goldenStrings();
const ACCEPTED: readonly string[] = licenceCategories.slice(0, 4);

test("at least 300 real strings mean what the table says", () => {
  assert.ok(rows.length >= 600);
  for (const { license, license_url, ...expected } of rows) {
    const { spdx = "", category, permissive } = normaliseLicence(license, license_url);
    const found = { spdx, category, permissive: permissive ? "yes" : "no" };
    const { why, ...wanted } = expected;
    assert.deepEqual(found, wanted, `${JSON.stringify([license, license_url])}: ${why}`);
  }
});

test("the table holds every category, each with many strings, and no pair twice", () => {
  assert.equal(
    new Set(rows.map(({ license, license_url }) => `${license}\n${license_url}`)).size,
    rows.length,
  );
  for (const category of licenceCategories)
    assert.ok(rows.filter((row) => row.category === category).length >= 15, category);
});

test("permissive are the paper's four categories and nothing else", () => {
  for (const { license, license_url } of rows) {
    const { category, permissive, reason } = normaliseLicence(license, license_url);
    assert.equal(permissive, ACCEPTED.includes(category));
    assert.notEqual(reason, "");
  }
});

test("a disagreement is told where the table has one, with what each says, and nowhere else", () => {
  for (const { license, license_url, why } of rows) {
    const { disagreement } = normaliseLicence(license, license_url);
    assert.equal(disagreement !== undefined, why.startsWith("disagreement"), `${license} | ${license_url}`);
  }
  assert.equal(
    normaliseLicence("CC BY 2.0", "https://creativecommons.org/licenses/by-nc/2.0/").disagreement,
    "the name says CC BY 2.0, the URL says CC BY-NC 2.0",
  );
});

test("every identifier is in SPDX's list, or ours in the form that SPDX allows", () => {
  for (const { license, license_url } of rows) {
    const { spdx, category } = normaliseLicence(license, license_url);
    if (spdx === undefined) assert.equal(category, "unknown");
    else assert.ok(Object.hasOwn(spdxLicences, spdx) || /^LicenseRef-[A-Za-z0-9.-]+$/.test(spdx), spdx);
  }
});

test("the identifier, the name and the URL of each Creative Commons licence of SPDX mean that licence", () => {
  const ids = Object.keys(spdxLicences).filter((id) => id.startsWith("CC-") || id.startsWith("CC0"));
  assert.ok(ids.length >= 50);
  for (const id of ids) {
    const { name, url } = spdxLicences[id]!;
    for (const [license, license_url] of [
      [id, ""],
      [name, ""],
      ["", url],
      [name, url],
      [id, url],
    ] as const)
      assert.equal(normaliseLicence(license, license_url).spdx, id, `${license} | ${license_url}`);
  }
});

test("no other identifier or name of SPDX's list is permissive, and every one is recognised", () => {
  for (const [id, { name }] of Object.entries(spdxLicences)) {
    if (/^CC(-BY-\d|-P|0)/.test(id)) continue;
    for (const text of [id, name]) {
      const { category } = normaliseLicence(text, "");
      assert.equal(category, "rejected", text);
    }
  }
});

test("the canonical deed and the short name of each licence lead back to it", () => {
  const seen = new Set<Licence>(rows.map((row) => normaliseLicence(row.license, row.license_url)));
  for (const { spdx, name, url, family } of [...seen].map((licence) => ({
    ...licence,
    family: licence.spdx,
  })))
    if (url?.startsWith("https://creativecommons.org/")) {
      assert.equal(normaliseLicence("", url).spdx, spdx, url);
      assert.equal(normaliseLicence(name!, url).spdx, spdx, `${name} | ${family}`);
    }
});

test("case, spaces at the ends and queries change nothing", () => {
  for (const { license, license_url } of rows.filter(({ category }) => category !== "unknown")) {
    const plain = normaliseLicence(license, license_url);
    const url = license_url.startsWith("http")
      ? `${license_url}${license_url.includes("?") ? "&" : "?"}x=1`
      : license_url;
    // ASCII alone: other letters are other letters
    const loud = license.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    assert.deepEqual(normaliseLicence(` ${loud}\n`, url.replace("https:", "HTTP:")), plain, license);
  }
});

test("words in any order are permissive only where they are CC BY, or a choice that has it", () => {
  const random = new Random("words");
  const vocabulary = [
    "not",
    "CC",
    "BY",
    "NC",
    "ND",
    "SA",
    "2.0",
    "3.0",
    "9.9",
    "or",
    "and",
    "?",
    "never",
    "XX",
  ];
  const plain = ["CC", "BY", "2.0", "3.0", "and"];
  let permissive = 0;
  for (let round = 0; round < 50_000; round++) {
    const words = random.shuffle([...vocabulary, "CC", "BY", "2.0"]).slice(0, 1 + random.integer(7));
    const text = words.join(" ");
    if (!normaliseLicence(text, "").permissive) continue;
    permissive++;
    for (const word of ["not", "never", "?", "9.9", "XX"]) assert.ok(!words.includes(word), text);
    const alternatives = text.split(" or ").map((part) => part.split(" "));
    assert.ok(
      alternatives.some((part) => part.includes("BY") && part.every((word) => plain.includes(word))),
      text,
    );
  }
  assert.ok(permissive > 50);
});

test("random text and random bytes are never permissive", () => {
  const random = new Random("bytes");
  for (let round = 0; round < 20_000; round++) {
    const units = Array.from({ length: 6 + random.integer(40) }, () =>
      random.integer(4) === 0 ? random.integer(0x10000) : 32 + random.integer(95),
    );
    const text = String.fromCharCode(...units);
    assert.equal(normaliseLicence(text, "").permissive, false, JSON.stringify(text));
    assert.equal(normaliseLicence("CC BY 2.0", `x${text}`).permissive, false, JSON.stringify(text));
    assert.equal(normaliseLicence(`${text} CC BY-NC 2.0`, "").permissive, false, JSON.stringify(text));
  }
});

test("one character put into a permissive name leaves the same licence or none that is permissive", () => {
  const random = new Random("mutations");
  const permissive = rows.filter((row) => row.permissive === "yes" && row.license_url === "");
  const strange = ["\u200b", "\u0421", "\u0412", "\u202e", "\u0338", "!", "?", "<", "§", "x"];
  for (const { license } of permissive)
    for (let round = 0; round < 20; round++) {
      const at = random.integer(license.length + 1);
      const sign = strange[random.integer(strange.length)]!;
      const text = license.slice(0, at) + sign + license.slice(at);
      // inside {{cc-by-2.0|author}} and {{PD-old-auto|deathyear=}} any text may stand
      if (license.startsWith("{{") && license.includes("|")) continue;
      assert.equal(normaliseLicence(text, "").permissive, false, JSON.stringify(text));
    }
});

test("long and nested texts cost bounded work and are not recognised", () => {
  const long = [
    "CC BY ".repeat(1e5),
    "(".repeat(1e5),
    "{{".repeat(5e4),
    `{{self|${"cc-by-4.0|".repeat(1e4)}}}`,
    " ".repeat(1e6),
    `${"2.0,".repeat(1e5)}2.0`,
    "a".repeat(1e6),
  ];
  for (const text of long) {
    const { category } = normaliseLicence(text, "");
    assert.equal(category, "unknown", text.slice(0, 20));
  }
  assert.match(
    normaliseLicence("x".repeat(MAX_NAME_CHARS + 1), "").reason,
    /has 513 characters, and at most 512 are read/,
  );
  const deed = "https://creativecommons.org/licenses/by/2.0/?";
  assert.equal(normaliseLicence("", deed.padEnd(MAX_URL_CHARS, "x")).spdx, "CC-BY-2.0");
  assert.equal(normaliseLicence("", deed.padEnd(MAX_URL_CHARS + 1, "x")).category, "unknown");
});

test("the same pair gives the same frozen object, and a flood of other pairs changes no answer", () => {
  const first = normaliseLicence("CC BY 2.0", "");
  assert.equal(normaliseLicence("CC BY 2.0", ""), first);
  assert.ok(Object.isFrozen(first));
  for (let pair = 0; pair <= MAX_REMEMBERED_PAIRS; pair++) normaliseLicence(`flood ${pair}`, "");
  assert.deepEqual(normaliseLicence("CC BY 2.0", ""), first);
});

test("what is no text is an error", () => {
  assert.throws(
    () => normaliseLicence(4 as unknown as string, ""),
    /name and URL are text, got number and string/,
  );
  assert.throws(() => normaliseLicence("CC0", undefined as unknown as string), TypeError);
});
