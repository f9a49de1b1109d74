import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../../lib/io/index.js";

interface Compiler {
  readonly version: string;
  readonly ModuleKind: { readonly ESNext: number };
  readonly ScriptTarget: { readonly ES2022: number };
  readonly ModuleResolutionKind: { readonly Bundler: number };
  createCompilerHost(options: object): {
    readFile(f: string): string | undefined;
    fileExists(f: string): boolean;
  };
  createProgram(files: readonly string[], options: object, host: object): object;
  getPreEmitDiagnostics(
    program: object,
  ): readonly { readonly messageText: unknown; readonly file?: { readonly fileName: string } }[];
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
}

const CELL = `
import * as show from "gpic-lab/show";
import { tableFromArrays } from "apache-arrow";
const arrow = tableFromArrays({ n: [1] });
export const drawn: show.Chart = await show.chart({
  data: arrow, mark: "point", encoding: { x: { field: "n", title: "images" } }, layer: [{ mark: { type: "line" } }],
});
export const shown = [show.table(arrow), show.facts({ n: 1 }), show.html\`<b>\${1}</b>\`, show.progress({ label: "x" })];
interface Row { readonly name: string }
export const rows: readonly Row[] = [{ name: "x" }];
export const listed: show.Table = show.table(rows, { format: { name: (value: unknown) => String(value) } });
export const grid: show.ImageGrid = await show.imageGrid([new Uint8Array(1)]);
for await (const row of show.progress({ label: "x" }).over(rows)) row.name.length;
`;

test("a strict cell of the kernel's TypeScript 5.0 understands what this part declares", () => {
  const require = createRequire(join(packageRoot, "package.json"));
  const ts = require("@tslab/typescript-for-tslab") as Compiler;
  assert.match(ts.version, /^5\.0\./);
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ["node"],
  };
  const cell = join(packageRoot, "cell-of-a-test.ts");
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (file) => (file === cell ? CELL : readFile.call(host, file));
  host.fileExists = (file) => file === cell || fileExists.call(host, file);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([cell], options, host));
  const ours = found
    .filter(
      ({ file }) => file === undefined || file.fileName === cell || !file.fileName.includes("node_modules"),
    )
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  assert.deepEqual(ours, []);
});
