/** Reads TypeScript sources for the tests of the house's order: what a file imports, and what it touches. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "@tslab/typescript-for-tslab";
import { packageFile } from "../../lib/io/index.js";

/** Source texts by their path from the project's root, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** One import, export from, import type or dynamic import. */
export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** The sources of one folder of the project. */
export function readSources(folder: string): Sources {
  const files = readdirSync(packageFile(folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file))
    .sort();
  return new Map(files.map((file) => [file.replaceAll("\\", "/"), readFileSync(packageFile(file), "utf8")]));
}

/** What a source imports, in any of the ways of the language. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ from: specifier.text, typeOnly });
  };
  walk(text, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
  });
  return found;
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.isTypeOnly) return true;
  const bindings = importClause.namedBindings;
  if (importClause.name || bindings === undefined || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

/** What of the environment, the clock, chance or the terminal a source touches. */
export function touchedBy(text: string): string[] {
  const found: string[] = [];
  walk(text, (node) => {
    if (ts.isIdentifier(node) && isFree(node)) {
      if (node.text === "console" || node.text === "process" || node.text === "performance")
        found.push(node.text);
    } else if (ts.isPropertyAccessExpression(node)) {
      const name = `${node.expression.getText()}.${node.name.text}`;
      if (name === "Date.now" || name === "Math.random") found.push(name);
    } else if (ts.isNewExpression(node) && node.expression.getText() === "Date") {
      if (!node.arguments?.length) found.push("new Date()");
    } else if (ts.isCallExpression(node) && node.expression.getText() === "Date") found.push("Date()");
  });
  return found;
}

/** Whether a name stands for itself: not a property, not a key, not a declaration of its own. */
function isFree(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return !("name" in parent && parent.name === node);
}

function walk(text: string, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(ts.createSourceFile("source.ts", text, ts.ScriptTarget.ES2022, true));
}
