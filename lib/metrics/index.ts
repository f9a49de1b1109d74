/** Distances between sets of features. */

export { drawRows } from "./draw.js";
export { type FrechetDistance, frechetDistance, frechetFrom, type MeanAndCovariance } from "./frechet.js";
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
export type { ProductType } from "./neighbours-product.js";
export type { PairControl, PairProgress } from "./neighbours-tiles.js";
export { PRDC_K, PRDC_ROWS, prdc } from "./prdc.js";
export {
  type PrdcIntervalOptions,
  type PrdcIntervals,
  type PrdcWithIntervals,
  prdcIntervals,
} from "./prdc-intervals.js";
export type { Prdc, PrdcHits, PrdcOptions, PrdcValues } from "./prdc-types.js";
