/** Every number, table cell and fact of the collected facts is a claim, with exactly their value. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type ClaimValue, claim, describeSource, loadClaims, loadSilences, silence } from "gpic-lab/claims";
import { packageFile } from "gpic-lab/io";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
interface Leaf {
  readonly path: readonly string[];
  readonly value: ClaimValue;
}

const golden = (name: string): string => readFileSync(packageFile("test", "golden", "paper", name), "utf8");
const slug = (text: string): string => text.replace(/[^A-Za-z0-9.+]+/g, "-").replace(/^-+|-+$/g, "");

/** Remarks on facts, which claim nothing themselves; they are kept beside the claims or in `sources.json`. */
const remarks = new Set([
  "note",
  "source",
  "about",
  "sources",
  "to_complete",
  "columns",
  "geneval_columns",
  "dpg_columns",
]);
const isRemark = (key: string): boolean => remarks.has(key) || key.endsWith("_note");

function* leavesOf(json: Json, path: readonly string[] = []): Generator<Leaf> {
  if (Array.isArray(json)) {
    if (json.every((part) => part === null || typeof part !== "object"))
      yield { path, value: json as ClaimValue };
    else for (const [i, part] of json.entries()) yield* leavesOf(part as Json, [...path, String(i)]);
  } else if (typeof json === "object" && json !== null) {
    const fact = json as { readonly [key: string]: Json };
    if ("value" in fact && (fact.source !== undefined || fact.why !== undefined))
      yield* leavesOf(fact.value as Json, path);
    else
      for (const [key, part] of Object.entries(fact))
        if (!isRemark(key)) yield* leavesOf(part, [...path, key]);
  } else yield { path, value: json as ClaimValue };
}

function assertClaimed(id: string, value: ClaimValue, path: readonly string[]): void {
  assert.deepEqual(claim(id).value, value, `${id} is ${path.join(".")}`);
}

test("every leaf of the facts on GPIC is a claim with exactly its value", () => {
  const renamed: Readonly<Record<string, string>> = {
    table1_criteria: "table1",
    table2_oracle_dinov2: "table2",
    tableB1_oracle_inception: "tableB1",
    tableB2_fd_components: "tableB2",
    table3_baseline: "table3",
  };
  const facts = JSON.parse(golden("gpic-facts.json")) as {
    readonly [key: string]: { readonly [key: string]: Json };
  };
  let seen = 0;
  for (const { path, value } of leavesOf(facts)) {
    const [top = "", second = "", third = ""] = path;
    if (top === "seed_article_misprints" || top === "imagenet_t2i_paper" || top === "source") continue;
    const name = renamed[top] ?? top.replaceAll("_", "-");
    if (second === "rows" || (top === "table1_criteria" && second !== "columns")) {
      const columns = facts[top]?.columns as readonly string[];
      const cells = value as readonly (string | number | boolean)[];
      const key = top === "table1_criteria" ? second : String(cells[0]);
      const own = top === "table1_criteria" ? columns : columns.slice(1);
      own.forEach((column, i) => {
        assertClaimed(
          `${name}/${key}/${column}`,
          cells[top === "table1_criteria" ? i : i + 1] as ClaimValue,
          path,
        );
        seen++;
      });
      continue;
    }
    if (second === "tiers") {
      const tiers = facts.corpus?.tiers as readonly { readonly name: string }[];
      const tier = tiers[Number(third)]?.name ?? "";
      if (path[3] !== "name") assertClaimed(`corpus/tiers/${tier}/${path[3]}`, value, path);
      else assert.ok((claim("corpus/tiers/names").value as readonly string[]).includes(tier));
    } else
      assertClaimed([name, ...path.slice(1).map((part) => slug(part).toLowerCase())].join("/"), value, path);
    seen++;
  }
  assert.ok(seen > 300, `${seen} leaves were compared`);
});

test("the summary of the ImageNet paper beside the facts on GPIC is claimed number by number", () => {
  const facts = JSON.parse(golden("gpic-facts.json")) as {
    readonly imagenet_t2i_paper: { readonly claims: Readonly<Record<string, number>> };
  };
  for (const [key, value] of Object.entries(facts.imagenet_t2i_paper.claims))
    assertClaimed(`imagenet-t2i/summary/${slug(key)}`, value, [key]);
});

test("every misprint is a claim that names the article's number and the claim it misquotes", () => {
  const facts = JSON.parse(golden("gpic-facts.json")) as {
    readonly seed_article_misprints: readonly { readonly says: string }[];
  };
  facts.seed_article_misprints.forEach(({ says }, i) => {
    const misprint = claim(`misprint/${i + 1}`);
    assert.ok(misprint.statement.includes(says));
    assert.ok(loadClaims().has(misprint.contradictedBy ?? ""));
  });
});

test("every leaf of the facts on the ImageNet paper is a claim with exactly its value", () => {
  const facts = JSON.parse(golden("imagenet-t2i-facts.json")) as Json;
  let seen = 0;
  const base = facts as {
    readonly baselines_from_their_own_sources: Readonly<Record<string, readonly string[]>>;
  };
  for (const { path, value } of leavesOf(facts)) {
    const [top, second = "", model = ""] = path;
    if (top === "baselines_from_their_own_sources" && Array.isArray(value)) {
      const columns = base.baselines_from_their_own_sources[`${second}_columns`] ?? [];
      assert.equal(columns.length, value.length);
      columns.forEach((column, i) => {
        const row = model.replace(/[^\w.+-]+/g, "-");
        assertClaimed(
          `imagenet-t2i/baselines-from-their-own-sources/${second}/${row}/${column}`,
          value[i],
          path,
        );
      });
    } else
      assertClaimed(`imagenet-t2i/${path.map((part) => slug(part).toLowerCase()).join("/")}`, value, path);
    seen++;
  }
  assert.ok(seen > 140, `${seen} leaves were compared`);
});

for (const [file, id, keys] of [
  ["fd-leaderboard.csv", "leaderboard", 2],
  ["frechet-six-encoders-imagenet256.csv", "six-encoders", 1],
] as const)
  test(`every cell of ${file} is a claim with exactly its value`, () => {
    const rows = golden(file)
      .trim()
      .split("\n")
      .map((line) =>
        (line.match(/"[^"]*"|[^,]+|(?<=,)(?=,|$)/g) ?? []).map((cell) => cell.replaceAll('"', "")),
      );
    const [header = [], ...lines] = rows;
    const cell = (text: string): string => text.replace(/[^\w.+-]+/g, "-").replace(/^-+|-+$/g, "");
    let seen = 0;
    for (const line of lines) {
      assert.equal(line.length, header.length, line.join());
      const names = line
        .slice(0, keys)
        .map((name, i) => cell(keys === 2 && i === 0 ? name.toLowerCase() : name));
      header.slice(keys).forEach((column, i) => {
        const text = line[keys + i] ?? "";
        const path = [id, ...names, column].join("/");
        if (text === "") assert.ok(!loadClaims().has(path), path);
        else assertClaimed(path, column === "kind" ? text : Number(text), [path]);
        seen++;
      });
    }
    assert.ok(seen >= 32 * 7);
  });

test("every claim says where it is from, what it is about, how far off a value may be, and what a test needs", () => {
  for (const one of loadClaims().values()) {
    assert.ok(one.statement.length > 10 && !/\{\w+\}|undefined/.test(one.statement), one.id);
    assert.ok(one.tolerance.reason.length > 3 && one.test.needs.length > 3 && one.place.length > 3, one.id);
    assert.notEqual(describeSource(one.source), "", one.id);
    assert.equal(one.value === null, one.missing !== undefined, one.id);
  }
});

test("all thirteen silences are there, and none has a choice that no notebook has made", () => {
  assert.equal(loadSilences().length, 13);
  assert.equal(silence("3").id, "silence/3");
  assert.equal(silence("silence/13").choice, null);
  assert.match(silence(3).question, /SSCD/);
  assert.throws(() => silence("14"), { name: "RangeError", message: /1 to 13/ });
});
