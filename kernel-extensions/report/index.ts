/** The HTML report: `buildReport` writes it, `reportHtml` is its text. */
export type { LedgerRow, LedgerView, VerdictKind } from "./ledger.js";
export type { NamedNotebook, Notebook, NotebookCell, NotebookOutput } from "./notebook.js";
export { buildReport, type ReportInput, reportHtml } from "./report.js";
