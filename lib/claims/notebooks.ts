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
    const found = collectVerdicts(parse(join(folder, name)), name);
    verdicts.push(...found.verdicts);
    problems.push(...found.problems);
  }
  return { ...ledger({ verdicts: [...derivedVerdicts(), ...verdicts] }), problems };
}

/** A file that is no JSON holds no verdicts; the runner is who complains about it. */
function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
