/** The order of the house: who may import whom, and what the library never touches. */
import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import { importsOf, readSources, type Sources, touchedBy } from "./sources.js";

const ORDER = [
  ...["core", "io", "hub", "text", "licences", "corpus", "images", "vlm", "filters", "captions", "models"],
  ...["features", "dedup", "metrics", "benchmark", "curation", "claims"],
];
// the front ends and what belongs to them; a library that imported one could not be used without them
const FOREIGN = /^(gpic-lab(\/|$)|tslab|@tslab\/|zeromq|(node:)?(process|perf_hooks)$)/;

function folderOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function target(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
}

/** Each import that the order forbids. */
function wrongImports(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) =>
    importsOf(text).flatMap(({ from }) => {
      if (!from.startsWith(".")) return FOREIGN.test(from) ? [`${file} imports ${from}`] : [];
      const to = target(file, from);
      if (to.endsWith(".json")) return [];
      if (!to.startsWith("lib/")) return [`${file} imports ${to}`];
      const above = ORDER.indexOf(folderOf(to)) < ORDER.indexOf(folderOf(file));
      return above || folderOf(to) === folderOf(file) ? [] : [`${file} imports ${to}`];
    }),
  );
}

/** The files of the first circle that is found; types count only where `withTypes` says so. */
function circle(sources: Sources, withTypes: boolean): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return [];
    for (const { from, typeOnly } of importsOf(sources.get(file) ?? "")) {
      if (!from.startsWith(".") || (typeOnly && !withTypes)) continue;
      const found = visit(target(file, from), [...path, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  for (const file of sources.keys()) {
    const found = visit(file, []);
    if (found.length > 0) return found;
  }
  return [];
}

const library = readSources("lib");

test("a folder of the library imports only from folders above it, and from no front end", () => {
  assert.deepEqual(wrongImports(library), []);
  for (const file of library.keys())
    assert.ok(ORDER.includes(folderOf(file)), `${file} stands in no known folder`);
});

test("an import against the order is found in each of its forms", () => {
  const forms = [
    'import { a } from "../claims/index.js";',
    'import type { A } from "../claims/index.js";',
    'export * from "../claims/index.js";',
    'export const a = await import("../claims/index.js");',
    'export type A = import("../claims/index.js").A;',
    'import "../../kernel-extensions/show/index.js";',
    'import "gpic-lab/claims";',
    'import * as tslab from "tslab";',
    'import process from "node:process";',
  ];
  for (const text of forms) assert.equal(wrongImports(new Map([["lib/io/bad.ts", text]])).length, 1, text);
  const allowed =
    'import "../core/index.js"; import "./tar-reader.js"; import "node:fs"; import "apache-arrow";';
  assert.deepEqual(wrongImports(new Map([["lib/io/good.ts", allowed]])), []);
});

test("no file of the library imports itself by way of others, not even a type", () => {
  assert.deepEqual(circle(library, true), []);
});

test("no file of the kernel's extensions needs itself to be loaded first", () => {
  assert.deepEqual(circle(readSources("kernel-extensions"), false), []);
});

test("a circle is found with its files, and a circle of types only where types count", () => {
  const files = (word: string): Sources =>
    new Map([
      ["lib/io/a.ts", 'import { b } from "./b.js";'],
      ["lib/io/b.ts", 'export { c as b } from "./c.js";'],
      ["lib/io/c.ts", `import ${word} { b } from "./b.js";`],
    ]);
  assert.deepEqual(circle(files(""), false), ["lib/io/b.ts", "lib/io/c.ts", "lib/io/b.ts"]);
  assert.deepEqual(circle(files("type"), false), []);
  assert.equal(circle(files("type"), true).length, 3);
});

test("the library touches no environment, no terminal, no clock and no chance but its own", () => {
  for (const [file, text] of library) assert.deepEqual(touchedBy(text), [], file);
});

test("each way to the environment, the terminal, the clock and chance is found, and nothing else", () => {
  const bad = {
    "process.env.HOME": "process",
    "const { env } = process;": "process",
    "globalThis && console.log(1)": "console",
    "Date.now()": "Date.now",
    "new Date()": "new Date()",
    "new Date": "new Date()",
    "Date()": "Date()",
    "performance.now()": "performance",
    "[1].map(Math.random)": "Math.random",
  };
  for (const [text, found] of Object.entries(bad)) assert.deepEqual(touchedBy(text), [found], text);
  const good =
    '// console.log\nnew Date(0); Date.parse("2026"); a.process; const x = { console: 1, process() {} }; "Date.now()"';
  assert.deepEqual(touchedBy(good), []);
});
