/** Distances between sets of features. */
export { type FrechetDistance, type FrechetHealth, frechetDistance, frechetFrom } from "./frechet.js";
export type { MeanAndCovariance, SideRank } from "./frechet-side.js";
