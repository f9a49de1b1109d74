/** Distances between sets of features. */

export { drawRows } from "./draw.js";
export { type FrechetDistance, frechetDistance, frechetFrom, type MeanAndCovariance } from "./frechet.js";
export type { PairControl, PairProgress } from "./neighbours-tiles.js";
export { PRDC_K, PRDC_ROWS, prdc } from "./prdc.js";
export type { Prdc, PrdcHits, PrdcOptions, PrdcValues } from "./prdc-types.js";
export { type FrechetInfluence, frechetInfluence } from "./influence.js";
export type { RowWalkOptions } from "./influence-rows.js";
export {
  type JackknifeEstimate,
  type JackknifeFrechet,
  type JackknifeOptions,
  jackknifeFrechet,
} from "./jackknife.js";
export { momentsInBlocks, withoutBlock } from "./jackknife-blocks.js";
export { type BootstrapFrechet, bootstrapFrechet } from "./jackknife-bootstrap.js";
export { type FrechetDistance, type FrechetHealth, frechetDistance, frechetFrom } from "./frechet.js";
export type { MeanAndCovariance, SideRank } from "./frechet-side.js";
