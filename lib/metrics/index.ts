/** Distances between sets of features. */
export { type FrechetDistance, frechetDistance, frechetFrom, type MeanAndCovariance } from "./frechet.js";
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
