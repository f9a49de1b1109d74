/**
 * The paper's numbers as claims, and their verdicts.
 *
 * @example
 * const verdict = claim("corpus/mean-width-px").compare(meanWidth, { on: corpus });
 * verdict.kind; // "machinery only" on the sample, "reproduced" or "contradicted" on the whole release
 */
// tables of published numbers that the checks are computed of
export {
  distancesByEncoder,
  type EncoderRow,
  type EncoderTable,
  encoderNames,
  encoderTable,
  type SixEncoder,
  sixEncoders,
} from "../benchmark/index.js";
export { type Check, check, checkIds, derivedVerdicts, misprint } from "./check.js";
export type { CheckResults } from "./checks/value.js";
export { Claim } from "./claim.js";
export { type Collected, type CollectedVerdict, collectVerdicts, verdictMimeType } from "./collect.js";
export type { CompareOptions } from "./compare.js";
export { formatNumber, formatValue } from "./format.js";
export {
  cutmixThreshold,
  genevalCells,
  imagenetRecomputed,
  imagenetVerdicts,
  statedParameters,
} from "./imagenet-recomputed.js";
export {
  type ClaimedGain,
  type ImagenetBenchmark,
  type ImagenetClaims,
  type ImagenetVersion,
  imagenetBenchmarks,
  imagenetClaims,
  imagenetVersionNames,
} from "./imagenet-versions.js";
export { type Ledger, type LedgerRow, ledger } from "./ledger.js";
export { claim, loadClaims, partTitle } from "./load.js";
export { type NotebookLedger, notebookLedger } from "./notebooks.js";
export { type PrintedConcordance, type PrintedValue, printedConcordance } from "./printed-concordance.js";
export type {
  ClaimData,
  ClaimRecord,
  ClaimValue,
  CorpusHandle,
  CorpusIdentity,
  TestKind,
  Tolerance,
} from "./record.js";
export { loadSilences, type Silence, silence } from "./silences.js";
export { describeData, describeSource } from "./sources.js";
export {
  describeTolerance,
  type Verdict,
  type VerdictKind,
  type VerdictRow,
  verdictKinds,
} from "./verdict.js";
