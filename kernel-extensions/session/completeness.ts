/** Whether a cell can be run as it stands, for front ends that decide what the Enter key does. */
import type ts from "@tslab/typescript-for-tslab";
import type { Completeness } from "./messages.js";
import type { TypeScript } from "./typescript.js";

const UNTERMINATED_TEMPLATE = 1160;
const UNTERMINATED_COMMENT = 1010;
const INDENT = "  ";

/**
 * @param code the cell without its magic line
 * @returns incomplete where only the end is missing (a bracket, a template, a comment), invalid where it cannot
 *   become right by going on
 */
export function isComplete(typescript: TypeScript, code: string): Completeness {
  const file = typescript.createSourceFile(
    "cell.ts",
    code,
    typescript.ScriptTarget.Latest,
    false,
  ) as ts.SourceFile & {
    readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  };
  const faults = file.parseDiagnostics;
  if (faults.length === 0) return { status: "complete" };
  const onlyTheEndIsMissing = faults.every(
    ({ code: kind, start }) =>
      kind === UNTERMINATED_TEMPLATE || kind === UNTERMINATED_COMMENT || start >= code.trimEnd().length,
  );
  const unterminatedString = faults.some(({ code: kind }) => kind === 1002);
  if (!onlyTheEndIsMissing || unterminatedString) return { status: "invalid" };
  const lastLine = code.split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(lastLine)?.[0] ?? "";
  return { status: "incomplete", indent: /[([{]\s*$/.test(lastLine) ? indent + INDENT : indent };
}
