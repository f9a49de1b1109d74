/** Distances between sets of features. */
export {
  type BiasLaw,
  type BiasPoint,
  type FittedNumber,
  fitBiasLaw,
  type SampleSizes,
  sizeTerm,
} from "./bias-law.js";
export { biasOf, biasOfLaw, type FrechetBias, type SideBias } from "./bias-law-delta.js";
export { biasFromSplits, type MeasuredBias } from "./bias-law-splits.js";
export { drawRows } from "./draw.js";
export { type CoverageSizes, expectedCoverage } from "./expected-coverage.js";
export {
  type ExpectedScore,
  expectedScore,
  expectedScoreRange,
  type KnownBias,
  type RatioToReal,
  ratioToReal,
} from "./expected-score.js";
export {
  type FrechetConvention,
  type FrechetDistance,
  type FrechetHealth,
  type FrechetOptions,
  frechetDistance,
  frechetFrom,
} from "./frechet.js";
export type { MeanAndCovariance } from "./frechet-check.js";
export { type FrechetInfinity, type FrechetInfinityOptions, frechetInfinity } from "./frechet-infinity.js";
export type { FrechetAtSize } from "./frechet-infinity-fit.js";
export type { SideRank } from "./frechet-side.js";
export { type FrechetInfluence, frechetInfluence } from "./influence.js";
export type { RowWalkOptions } from "./influence-rows.js";
export {
  type JackknifeEstimate,
  type JackknifeFrechet,
  type JackknifeOptions,
  jackknifeFrechet,
} from "./jackknife.js";
export { drawBlocks, type MergedMoments, momentsInBlocks, withoutBlock } from "./jackknife-blocks.js";
export { type BootstrapFrechet, bootstrapFrechet } from "./jackknife-bootstrap.js";
export {
  type Memorisation,
  type MemorisationOptions,
  type MemorisationSets,
  memorisation,
} from "./memorisation.js";
export { type FrechetGap, type FrechetGapOptions, frechetGap } from "./memorisation-gap.js";
export { mmd } from "./mmd.js";
export { mmdAllPairs } from "./mmd-all-pairs.js";
export type { Mmd, MmdAllPairs, MmdControl, MmdEstimate, MmdOptions } from "./mmd-types.js";
export { momentTwin } from "./moment-twin.js";
export { momentsOfRows } from "./moments-of-rows.js";
export type { ProductType } from "./neighbours-product.js";
export type { PairControl, PairProgress } from "./neighbours-tiles.js";
export { joinRows, pickRows } from "./pick-rows.js";
export { PRDC_K, PRDC_ROWS, prdc } from "./prdc.js";
export {
  type PrdcIntervalOptions,
  type PrdcIntervals,
  type PrdcWithIntervals,
  prdcIntervals,
} from "./prdc-intervals.js";
export type { Prdc, PrdcHits, PrdcOptions, PrdcValues } from "./prdc-types.js";
