/** Distances between sets of features. */
export { type FeatureMoments, type FrechetDistance, frechetDistance, frechetFrom } from "./frechet.js";
