/**
 * No notebook types a paper's number into a code cell: it asks for the claim.
 *
 * A literal is suspicious where it equals the number of a claim, as it stands or in another scale (millions, billions,
 * bytes for terabytes, percent for shares), and is distinctive: it has three significant digits or more, or is at
 * least 1,000 and no power of ten. Powers of two are never distinctive (they are sizes in pixels and of batches), and
 * a decimal is compared in three digits or more, so that 0.95 or 25 stay free. Texts and comments are not code.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "@tslab/typescript-for-tslab";
import { claim, loadClaims } from "gpic-lab/claims";
import { packageFile } from "gpic-lab/io";

/** The scales in which people write a number that has a large unit. */
const largeScales = [1, 1e3, 1e6, 1e9, 1e12];

function significantDigits(number: number): number {
  return (number.toExponential(9).split("e")[0] ?? "").replace("-", "").replace(".", "").replace(/0+$/, "")
    .length;
}

function isDistinctive(number: number): boolean {
  if (!Number.isFinite(number) || number === 0 || Number.isInteger(Math.log2(Math.abs(number)))) return false;
  if (significantDigits(number) >= 3) return true;
  return number >= 1000 && !Number.isInteger(Math.log10(number));
}

/** A number without the noise of float64 arithmetic, as a key. */
const key = (number: number): string => Math.abs(number).toPrecision(10);

/** The claims' numbers in all scales, and the id of one claim each. */
function suspicious(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { id, value, unit } of loadClaims().values()) {
    const members: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const number of members) {
      if (typeof number !== "number") continue;
      const scaled = [number];
      if (unit === "share") scaled.push(number * 100);
      if (
        unit === "TB" ||
        unit === "GB" ||
        unit === "kB" ||
        unit === "million" ||
        unit?.startsWith("billion")
      )
        scaled.push(...largeScales.map((scale) => number * scale));
      if (Math.abs(number) >= 10_000) scaled.push(...largeScales.map((scale) => number / scale));
      for (const candidate of scaled)
        if (isDistinctive(candidate) && !found.has(key(candidate))) found.set(key(candidate), id);
    }
  }
  return found;
}

interface CodeCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

/** One line for each number of a claim that a code cell of the notebook types. */
function typedNumbers(notebook: { readonly cells: readonly CodeCell[] }): string[] {
  const claimed = suspicious();
  return notebook.cells.flatMap((cell, i) => {
    if (cell.cell_type !== "code") return [];
    const code = typeof cell.source === "string" ? cell.source : cell.source.join("");
    return numericLiterals(code).flatMap((text) => {
      const number = Number(text.replaceAll("_", ""));
      const id = isDistinctive(number) ? claimed.get(key(number)) : undefined;
      return id === undefined ? [] : [`cell ${i + 1} types ${text}: ask for claim("${id}")`];
    });
  });
}

function numericLiterals(code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node)) found.push(node.getText(source));
    else if (ts.isBigIntLiteral(node)) found.push(node.getText(source).slice(0, -1));
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022);
  visit(source);
  return found;
}

const code = (...source: readonly string[]): CodeCell => ({ cell_type: "code", source });

test("a made-up notebook that types the paper's numbers is caught, whatever the spelling and the scale", () => {
  for (const [typed, value] of [
    ["12_500", "corpus/images-per-train-shard-approx"],
    ["1.25e4", "corpus/images-per-train-shard-approx"],
    ["0x30d4", "corpus/images-per-train-shard-approx"],
    ["12.9", "corpus/size-tb"],
    ["12.9e12", "corpus/size-tb"],
    ["12_900_000_000_000", "corpus/size-tb"],
    ["110.569761", "source-pool/images"],
    ["110569761n", "source-pool/images"],
    ["87.7", "source-pool/flickr-share"],
    ["0.877", "source-pool/flickr-share"],
    ["27.97", "corpus/total-pixels"],
    ["8_000", "corpus/train-shards"],
    ["204.01", "table3/1.75/fd"],
    ["-4790", "check/C6/covariance"],
  ] as const) {
    const found = typedNumbers({
      cells: [code("const measured = 1;\n", `const ratio = measured / (${typed});`)],
    });
    assert.equal(found.length, 1, typed);
    assert.ok(loadClaims().has(value));
    assert.match(found[0] ?? "", /^cell 1 types/);
  }
});

test("a made-up notebook that asks for claims, and chooses numbers of its own, is not caught", () => {
  const cells = [
    code('const claimed = claim("corpus/size-tb").number; // 12.9\n', "const text = `12.9 TB`;"),
    code('chart({ width: 640, height: 400, title: "12,500 images a shard" });'),
    code("const draws = [10, 100, 1000, 10_000].map((n) => sample(n, 0.95, 256, 1 / 3, 1024, 1e-9));"),
    { cell_type: "markdown", source: "The paper says 12.9 TB." },
  ];
  assert.deepEqual(typedNumbers({ cells }), []);
});

test("the distinctive numbers are most of the claims' measured numbers, and no round or common ones", () => {
  for (const id of ["corpus/total-pixels", "corpus/mean-width-px", "table2/val/fd", "table3/6.25/fd"])
    assert.ok(isDistinctive(claim(id).number), id);
  for (const number of [0, 1, 5, 25, 0.95, 100, 256, 512, 1000, 1024, 1e6])
    assert.ok(!isDistinctive(number), `${number}`);
});

const folder = packageFile("notebooks");
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ipynb")) : [];
for (const name of names.sort())
  test(`${name} types no number of the paper into a code cell`, () => {
    const notebook = JSON.parse(readFileSync(packageFile("notebooks", name), "utf8")) as {
      cells: CodeCell[];
    };
    assert.deepEqual(typedNumbers(notebook), []);
  });
