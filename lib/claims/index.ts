/** The paper's numbers, and what came of each. */
export { allChecks, check } from "./checks.js";
export { Claim } from "./claim.js";
export { claim, loadClaims, silence, silences } from "./find.js";
export {
  collectVerdicts,
  type Ledger,
  type LedgerRow,
  ledger,
  type NotebookVerdicts,
  VERDICTS_MIME,
} from "./ledger.js";
export type { Silence } from "./load.js";
export { misprintVerdicts } from "./misprints.js";
export { notebookVerdicts } from "./notebooks.js";
export type { ClaimRecord, ClaimSubject, ClaimTest, ClaimValue, Tolerance } from "./record.js";
export {
  type ComparedOn,
  type CorpusIdentity,
  Verdict,
  type VerdictKind,
  type VerdictRow,
  type VerdictSubject,
  verdictKinds,
} from "./verdict.js";
