/** The kernel type-checks cells with TypeScript 5.0: every declaration that the newer compiler emits must suit it. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "@tslab/typescript-for-tslab";
import { packageFile, packageRoot } from "../../lib/io/index.js";
import { packageExports } from "./package-exports.js";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  types: ["node"],
};

/** What TypeScript 5.0 objects to in our declarations and in `cell`, a file beside package.json. */
function objections(cell: string, madeUp: Readonly<Record<string, string>> = {}): string[] {
  const virtual = new Map(
    Object.entries({ "cell.ts": cell, ...madeUp }).map(([name, text]) => [packageFile(name), text]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (file) => virtual.get(file) ?? readFile(file);
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = virtual.get(file);
    return text === undefined
      ? getSourceFile(file, version, ...rest)
      : ts.createSourceFile(file, text, version);
  };
  host.getCurrentDirectory = () => packageRoot;
  const program = ts.createProgram([...virtual.keys(), ...declarations()], OPTIONS, host);
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => virtual.has(fileName) || fileName.startsWith(packageFile("dist")));
  return ours
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(packageRoot.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
}

function declarations(): string[] {
  return ["lib", join("kernel-extensions", "show")].flatMap((folder) => {
    const built = packageFile("dist", folder);
    return readdirSync(built, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".d.ts"))
      .map((file) => join(built, file));
  });
}

const importsAll = packageExports()
  .map(
    (name, at) => `import * as part${at} from "${name}";\nexport const names${at} = Object.keys(part${at});`,
  )
  .join("\n");

test("TypeScript 5.0 understands every declaration of the library and of gpic-lab/show, imported by name", () => {
  assert.ok(packageExports().length > 0);
  assert.ok(declarations().length > packageExports().length);
  assert.deepEqual(objections(importsAll), []);
});

test("a part that is not exported, and a name that a part does not have, are found", () => {
  const found = objections(
    'import "gpic-lab/corpus";\nimport { nothing } from "gpic-lab/io";\nexport { nothing };',
  );
  assert.match(found.join("\n"), /^cell\.ts: .*no exported member.*nothing/);
  assert.match(objections('export * from "gpic-lab/no-such-part";').join("\n"), /Cannot find module/);
});

test("a declaration that only a newer TypeScript understands is found", () => {
  const newer = { "newer.d.ts": "export declare const bytes: Uint8Array<ArrayBuffer>;\n" };
  assert.deepEqual(objections("export {};", newer), ["newer.d.ts: Type 'Uint8Array' is not generic."]);
});
