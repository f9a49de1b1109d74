/** The ledger with what the notebooks of a folder found, read from their outputs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../io/index.js";
import { derivedVerdicts } from "./check.js";
import { type CollectedVerdict, collectVerdicts } from "./collect.js";
import { type Ledger, ledger } from "./ledger.js";

/** A ledger, and what of the notebooks' outputs was refused. */
export interface NotebookLedger extends Ledger {
  /** One sentence for each row or file that was refused. */
  readonly problems: readonly string[];
}

/**
 * The ledger: what follows from published numbers, and what the notebooks of a folder show.
 * @param folder with .ipynb files; default the package's own notebooks
 * @example notebookLedger().counts.contradicted // 4
 */
export function notebookLedger(folder: string = packageFile("notebooks")): NotebookLedger {
  const verdicts: CollectedVerdict[] = [];
  const problems: string[] = [];
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ipynb")) : [];
  for (const name of names.sort()) {
    const { notebook, problem } = read(join(folder, name));
    const found = collectVerdicts(notebook, name);
    verdicts.push(...found.verdicts);
    problems.push(...(problem === undefined ? [] : [`${name}: ${problem}`]), ...found.problems);
  }
  return { ...ledger({ verdicts: [...derivedVerdicts(), ...verdicts] }), problems };
}

function read(file: string): { readonly notebook?: unknown; readonly problem?: string } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return { problem: `the file cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
  try {
    const notebook: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    const cells = (notebook as { readonly cells?: unknown } | null)?.cells;
    return Array.isArray(cells)
      ? { notebook }
      : { problem: "the file is no notebook: it has no list of cells" };
  } catch {
    return { problem: "the file is no notebook: it is not JSON" };
  }
}
