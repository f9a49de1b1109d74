/** The ledger as a cell shows it: the counts, and every claim that has a verdict. */
import { notebookLedger, verdictKinds } from "../lib/claims/index.js";
import { type Table, table } from "./show/index.js";

/** More than any notebook has asked for so far; the command line lists the rest. */
const MOST_ROWS = 60;

/** The ledger of the package's notebooks; claims that were not run are counted, not listed. */
export function claimsView(): Table {
  const { rows, counts } = notebookLedger();
  const listed = rows
    .filter(({ kind, notebooks }) => kind !== "not run" || notebooks.length > 0)
    .map(({ kind, id, claimed, measured, notebooks }) => ({
      verdict: kind,
      claim: id,
      paper: claimed,
      here: measured ?? "",
      notebooks: notebooks.join(", "),
    }));
  const caption = verdictKinds.map((kind) => `${counts[kind]} ${kind}`).join(", ");
  return table(listed, { caption, rows: MOST_ROWS });
}
