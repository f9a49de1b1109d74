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
export {
  type ExpectedScore,
  expectedScore,
  expectedScoreRange,
  type KnownBias,
  type RatioToReal,
  ratioToReal,
} from "./expected-score.js";
export { type FrechetDistance, type FrechetHealth, frechetDistance, frechetFrom } from "./frechet.js";
export { type FrechetInfinity, type FrechetInfinityOptions, frechetInfinity } from "./frechet-infinity.js";
export type { FrechetAtSize } from "./frechet-infinity-fit.js";
export type { MeanAndCovariance, SideRank } from "./frechet-side.js";
export { type FrechetInfluence, frechetInfluence } from "./influence.js";
export type { RowWalkOptions } from "./influence-rows.js";
export {
  type JackknifeEstimate,
  type JackknifeFrechet,
  type JackknifeOptions,
  jackknifeFrechet,
} from "./jackknife.js";
export { type MergedMoments, momentsInBlocks, withoutBlock } from "./jackknife-blocks.js";
export { type BootstrapFrechet, bootstrapFrechet } from "./jackknife-bootstrap.js";
