/**
 * What stays of a cell that failed: its imports, types and functions, and the variables that it had come to set.
 *
 * tslab keeps all declarations of a cell or none. None loses the imports of a cell whose last line threw; all would
 * let the next cell read a variable that was never set as if it were. As in IPython, what was reached is there, and a
 * variable of an earlier cell that was to be declared anew stays what it was.
 */
import type ts from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./typescript.js";

/**
 * The declarations without the variables that were not reached; those that earlier cells had declared come back.
 * @param before the declarations before the cell
 * @param after those with the cell, as the converter gives them
 * @param isReached whether a variable of that name was set by the cell, or belongs to an earlier one
 */
export function reachedDeclarations(
  typescript: TypeScript,
  before: string,
  after: string,
  isReached: (name: string) => boolean,
): string {
  const missed = new Set<string>();
  const kept = select(typescript, after, (name) => {
    if (!isReached(name)) missed.add(name);
    return !missed.has(name);
  });
  return kept + select(typescript, before, (name) => missed.has(name), true);
}

/** The text of the statements, of variables only those of the chosen names; `only` leaves all other statements out. */
function select(
  typescript: TypeScript,
  declarations: string,
  choose: (name: string) => boolean,
  only = false,
): string {
  const { factory } = typescript;
  const file = typescript.createSourceFile("cell.d.ts", declarations, typescript.ScriptTarget.Latest, true);
  const printer = typescript.createPrinter({ newLine: typescript.NewLineKind.LineFeed });
  const chosen = file.statements.flatMap((statement): readonly ts.Statement[] => {
    if (!typescript.isVariableStatement(statement)) return only ? [] : [statement];
    const { declarationList, modifiers } = statement;
    const variables = declarationList.declarations.filter(
      ({ name }) => typescript.isIdentifier(name) && choose(name.text),
    );
    if (variables.length === 0) return [];
    const list = factory.updateVariableDeclarationList(declarationList, variables);
    return [factory.updateVariableStatement(statement, modifiers, list)];
  });
  return chosen
    .map((statement) => `${printer.printNode(typescript.EmitHint.Unspecified, statement, file)}\n`)
    .join("");
}
