import assert from "node:assert/strict";
import { test } from "node:test";
import { type CreditedImage, creditOf, findCredit, sortForCredits } from "gpic-lab/licences";
import { sampleRecords } from "./sample.js";

const BY2 = { license: "CC BY 2.0", license_url: "https://creativecommons.org/licenses/by/2.0/" };
const BY4 = { license: "CC BY 4.0", license_url: "https://creativecommons.org/licenses/by/4.0/" };
const image = (fields: Partial<CreditedImage>): CreditedImage => ({
  key: "0",
  attribution: "",
  ...BY2,
  ...fields,
});

test("title and author are found in each known pattern, and only there", () => {
  const cases: readonly (readonly [string, string | undefined, string | undefined, boolean])[] = [
    ['"Red boat" by Ann Lee is licensed under CC BY 2.0', "Red boat", "Ann Lee", true],
    ["“Red boat” by Ann Lee is licensed under CC BY-SA 2.0.", "Red boat", "Ann Lee", true],
    [
      '"Boat" by Ann is marked with CC0 1.0. To view a copy of this license, visit https://x.example/',
      "Boat",
      "Ann",
      true,
    ],
    ["Ann Lee, via Wikimedia Commons, CC BY 2.0", undefined, "Ann Lee", true],
    ["Ann Lee, CC BY 2.0, via Wikimedia Commons", undefined, "Ann Lee", true],
    [
      "Ann Lee from Paris, France, CC BY 2.0, via Wikimedia Commons",
      undefined,
      "Ann Lee from Paris, France",
      true,
    ],
    [
      "Ann, CC BY 2.0 <https://creativecommons.org/licenses/by/2.0>, via Wikimedia Commons",
      undefined,
      "Ann",
      true,
    ],
    ["NASA, via Endless Sky, Public domain", undefined, "NASA", true],
    ["Ann, via Wikimedia Commons, cropped and edited by Bo, CC BY-SA 3.0", undefined, "Ann", false],
    ["See page for author, Public domain, via Wikimedia Commons", undefined, undefined, true],
    ["Unknown author, Public domain, via Wikimedia Commons", undefined, undefined, true],
    ["Photo by Ann Lee on Flickr", undefined, "Ann Lee", true],
    ["Ann Lee on Flickr", undefined, "Ann Lee", true],
    ["Image by Ann Lee", undefined, "Ann Lee", true],
    ["Some rights reserved by annlee", undefined, "annlee", true],
    ["Ann Lee", undefined, undefined, false],
    ["© Ann Lee 2010", undefined, undefined, false],
    ['"Boat" by Ann is licensed under my own terms', undefined, undefined, false],
    ["Digital image(s) courtesy of the Getty's Open Content Program.", undefined, undefined, false],
    ["", undefined, undefined, false],
  ];
  for (const [attribution, title, author, complete] of cases) {
    const found = findCredit(attribution);
    assert.deepEqual([found.title, found.author, found.complete], [title, author, complete], attribution);
  }
});

test("long attributions cost bounded time and are taken word for word", () => {
  for (const text of [
    '"a" by '.repeat(1e5),
    `"${"a".repeat(550)}" by `,
    ", via ".repeat(1e5),
    "photo by ".repeat(60),
  ])
    assert.equal(findCredit(text).title, undefined);
});

test("fields of a record come before what its attribution says", () => {
  const credit = creditOf(
    image({ attribution: '"A" by B is licensed under CC BY 2.0', title: "C", author: "D" }),
  );
  assert.deepEqual([credit.title, credit.author, credit.asWritten], ["C", "D", undefined]);
});

test("an attribution that says more than author and licence is kept word for word beside them", () => {
  const attribution = "Ann, via Wikimedia Commons, cropped and edited by Bo, CC BY 2.0";
  for (const fields of [{ attribution }, { attribution, author: "Ann" }]) {
    const credit = creditOf(image(fields));
    assert.deepEqual([credit.author, credit.asWritten], ["Ann", attribution]);
  }
});

test("CC BY before 4.0 asks for the title, 4.0 does not; the public domain asks for nothing", () => {
  const missing = (fields: Partial<CreditedImage>) => creditOf(image(fields)).missing;
  assert.deepEqual(missing({}), ["author", "title", "source link"]);
  assert.deepEqual(missing(BY4), ["author", "source link"]);
  assert.deepEqual(missing({ attribution: "Ann on Flickr" }), ["title", "source link"]);
  assert.deepEqual(missing({ attribution: "Somebody, surely" }), ["title", "source link"]);
  assert.deepEqual(missing({ ...BY4, author: "Ann", source_url: "https://example.org/1" }), []);
  assert.deepEqual(missing({ license: "CC BY", license_url: "" }), [
    "licence link",
    "author",
    "title",
    "source link",
  ]);
  assert.deepEqual(missing({ license: "CC0", license_url: "" }), []);
  assert.deepEqual(missing({ license: "Public domain", license_url: "" }), []);
  assert.deepEqual(missing({ license: "my own", license_url: "" }), ["licence"]);
});

test("images are unchanged unless a record says so", () => {
  const changes = (text?: string) => creditOf(image(text === undefined ? {} : { changes: text })).changes;
  assert.deepEqual(
    [changes(), changes(""), changes("none"), changes(" cropped ")],
    [undefined, undefined, undefined, "cropped"],
  );
});

test("only web addresses become links", () => {
  const link = (source_url: string) => creditOf(image({ source_url })).sourceUrl;
  const refused = [
    ...[
      "javascript:alert(1)",
      "data:text/html,x",
      "https://user:pw@example.org/",
      "https://localhost/",
      "x",
      "",
    ],
    ...[
      "//",
      "file:///etc/passwd",
      `https://example.org/${"x".repeat(3000)}`,
      " java\nscript:alert(1)",
      "https://example.org/ and more",
    ],
  ];
  for (const address of refused) assert.equal(link(address), undefined, address);
  assert.equal(link("//example.org/a"), "https://example.org/a");
  assert.equal(
    link("https://exämple.org/ä<>\"')](x)"),
    "https://xn--exmple-cua.org/%C3%A4%3C%3E%22%27%29%5D%28x%29",
  );
});

test("the sample's pool has all that its licences ask for but a link for some; its release lacks every link", async () => {
  const pool = (await sampleRecords("pool")).map(creditOf);
  assert.ok(pool.every(({ title, author }) => title && author));
  assert.ok(pool.every(({ missing }) => missing.every((what) => what === "source link")));
  const release = (await sampleRecords("release")).map(creditOf);
  const asking = release.filter(({ licence }) => licence.category === "CC BY");
  assert.ok(asking.length > 0 && asking.every(({ missing }) => missing.includes("source link")));
  assert.ok(release.every(({ missing }) => !missing.includes("author")));
  assert.ok(release.every(({ author, asWritten }) => author !== undefined || asWritten !== undefined));
});

test("sorting groups accepted licences first, then licence, source and author", () => {
  const of = (license: string, attribution: string) => image({ license, license_url: "", attribution });
  const sorted = sortForCredits([
    of("my own", "x"),
    of("CC BY-SA 4.0", "x on Flickr"),
    of("CC BY 4.0", "b on Flickr"),
    of("CC0", "x"),
    of("CC BY 4.0", "a, via Wikimedia Commons"),
    of("CC BY 2.0", "x"),
    of("CC BY 4.0", "a on Flickr"),
  ]);
  assert.deepEqual(
    sorted.map(({ license, attribution }) => `${license}: ${attribution}`),
    [
      ...[
        "CC BY 2.0: x",
        "CC BY 4.0: a on Flickr",
        "CC BY 4.0: b on Flickr",
        "CC BY 4.0: a, via Wikimedia Commons",
      ],
      ...["CC0: x", "CC BY-SA 4.0: x on Flickr", "my own: x"],
    ],
  );
});
