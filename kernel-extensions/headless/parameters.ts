/**
 * Parameters by papermill's convention: the cell tagged `parameters` declares them with their defaults, and a cell
 * tagged `injected-parameters` after it declares them again with the values of this run.
 *
 * A later cell may declare a name again in this kernel, so the defaults stay a plain `const`. The injected statement is
 * `let name: Type = value` with the type of the default's own annotation (a value of another type is then a type error
 * in that cell); without an annotation `let` widens the value's type, where `const` would make it a literal type that
 * no comparison with another value compiles against.
 */
import { createRequire } from "node:module";
import type { TypeScript } from "../session/typescript.js";
import { type Cell, type CodeCell, hasTag, type Notebook } from "./notebook.js";

/** Values by parameter name; each can be written as JSON. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A parameter that the notebook does not declare, or one that is not written `name=value`. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
}

/**
 * Reads `name=value` words; a value that parses as JSON is that, any other is text.
 * @throws ParameterError where a word has no name
 * @example parseParameters(["rows=5", "tier=nano"]) // { rows: 5, tier: "nano" }
 */
export function parseParameters(words: readonly string[]): Parameters {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, text] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)=(.*)$/su.exec(word) ?? [];
      if (name === undefined || text === undefined)
        throw new ParameterError(`Cannot read a parameter: name=value is needed, got "${word}"`);
      return [name, jsonOrText(text)];
    }),
  );
}

/**
 * Puts the values into a notebook; a cell injected by an earlier run is replaced.
 * @returns the notebook, and a notice where it has no parameters cell (the values then come first)
 * @throws ParameterError where a name is not declared in the parameters cell
 */
export function injectParameters(
  notebook: Notebook,
  parameters: Parameters,
): { readonly notebook: Notebook; readonly notice?: string } {
  const names = Object.keys(parameters);
  if (names.length === 0) return { notebook };
  const cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  const place = cells.findIndex((cell) => cell.type === "code" && hasTag(cell, "parameters"));
  const known = place < 0 ? undefined : declaredNames(cells[place]!.source);
  const unknown = known && names.filter((name) => !known.has(name));
  if (known && unknown && unknown.length > 0)
    throw new ParameterError(
      `Cannot set the parameter ${unknown.join(", ")}: the parameters cell declares ${[...known.keys()].join(", ") || "none"}`,
    );
  cells.splice(place + 1, 0, injectedCell(parameters, known, cells));
  const injected = { metadata: notebook.metadata, cells };
  return known
    ? { notebook: injected }
    : { notebook: injected, notice: "no cell is tagged parameters; values come first" };
}

/** Each variable that a cell declares at its top, with the text of its type annotation. */
export function declaredNames(source: string): Map<string, string | undefined> {
  const require = createRequire(import.meta.url);
  const ts: TypeScript = createRequire(require.resolve("tslab/package.json"))("@tslab/typescript-for-tslab");
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
  const names = new Map<string, string | undefined>();
  for (const statement of file.statements)
    if (ts.isVariableStatement(statement))
      for (const { name, type } of statement.declarationList.declarations)
        if (ts.isIdentifier(name)) names.set(name.text, type?.getText(file));
  return names;
}

function injectedCell(
  parameters: Parameters,
  known: ReadonlyMap<string, string | undefined> | undefined,
  cells: readonly Cell[],
): CodeCell {
  const statements = Object.entries(parameters).map(([name, value]) => {
    const type = known?.get(name);
    return `let ${name}${type ? `: ${type}` : ""} = ${JSON.stringify(value)};`;
  });
  let id = "injected-parameters";
  while (cells.some((cell) => cell.id === id)) id += "-";
  return {
    type: "code",
    id,
    metadata: { tags: ["injected-parameters"] },
    source: ["// Parameters of this run", ...statements].join("\n"),
    executionCount: null,
    outputs: [],
  };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
