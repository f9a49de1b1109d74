/** Distances between sets of features. */
export { type FrechetDistance, frechetDistance, frechetFrom, type MeanAndCovariance } from "./frechet.js";
export { type FrechetInfluence, frechetInfluence } from "./influence.js";
export type { RowWalkOptions } from "./influence-rows.js";
