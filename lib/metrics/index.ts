/** Distances between sets of features. */
export {
  type FrechetConvention,
  type FrechetDistance,
  type FrechetHealth,
  type FrechetOptions,
  frechetDistance,
  frechetFrom,
} from "./frechet.js";
export type { MeanAndCovariance, SideRank } from "./frechet-side.js";
