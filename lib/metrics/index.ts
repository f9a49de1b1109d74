/** Distances between sets of features. */
export { type FrechetDistance, frechetDistance, frechetFrom, type MeanAndCovariance } from "./frechet.js";
