/** The verdicts that the notebooks of a folder carry in their outputs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../io/index.js";
import { collectVerdicts, type NotebookVerdicts } from "./ledger.js";

/**
 * Reads what the notebooks found; a file that is no notebook is passed over.
 * @param folder default the package's own notebooks
 * @example ledger(notebookVerdicts()).counts // counts by verdict
 */
export function notebookVerdicts(folder: string = packageFile("notebooks")): NotebookVerdicts[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .sort()
    .map((notebook) => ({ notebook, rows: collectVerdicts(parse(join(folder, notebook))) }));
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
