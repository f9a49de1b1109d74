/** The filters of the paper's section 2.2: size and aspect, measures of quality, the judge. */
export { type AuditSize, auditSize, type StratifiedAuditSize, stratifiedAuditSize } from "./audit-size.js";
export { type BrightnessMeasures, brightnessOf, NOMINAL_BLACK, NOMINAL_WHITE } from "./brightness.js";
export { decideImage, decideImages, type FilterOptions } from "./decide.js";
export { type DecisionOutcome, type FilterDecision, type FilterStage, filterStages } from "./decision.js";
export { createDecisionFile } from "./decision-file.js";
export {
  type Detector,
  type DetectorResult,
  detectors,
  type LabelledPicture,
  scoredFor,
  testDetectors,
} from "./detectors.js";
export { type RepeatedDetector, repeatDetectors } from "./detectors-repeated.js";
export { Funnel, type FunnelRow } from "./funnel.js";
export {
  type JudgedAspect,
  type JudgeOptions,
  type JudgeVerdict,
  judge,
  verdictText,
} from "./judge.js";
export { judgedFaults, QUALITY_QUESTION, SAFETY_QUESTION, safetyCategories } from "./judge-questions.js";
export { type LabelledPoolImage, type LabelPoolOptions, labelPool } from "./label-pool.js";
export { type Luma, lumaOf } from "./luma.js";
export { type MeasureName, measureQuality, type QualityMeasures } from "./measures.js";
export {
  chooseThreshold,
  type DropSide,
  fBeta,
  isDropped,
  resultAt,
  type ScoredItem,
  type ThresholdResult,
  thresholdSweep,
} from "./operating-point.js";
export {
  faultOf,
  type Halves,
  measuredFaults,
  type QualityFault,
  type SplitItem,
  splitHalves,
} from "./pool-truth.js";
export {
  QUALITY_RULES,
  type QualityRule,
  qualityFaults,
  type RulesResult,
  testRules,
} from "./quality-rules.js";
export {
  creteBlur,
  laplacianVariance,
  SHARPNESS_SIDE_PIXELS,
  type SharpnessMeasures,
} from "./sharpness.js";
export {
  aspectSweep,
  type PictureSize,
  SIZE_RULES,
  type SizeReason,
  type SizeRules,
  sizeReason,
} from "./size-rules.js";
export { type Agreement, agreementOf, FilterTally } from "./tally.js";
