/**
 * What makes a score one of the benchmark's: section 3 of the paper and the published toolkit.
 *
 * The reference's size follows from the oracle table (check C12), as the files do not state it.
 */

/** The benchmark's own way of scoring. */
export const BENCHMARK_RULES = {
  /** Images a model makes: one for each published caption of the test set. */
  generatedImages: 50_000,
  /** Test images that the published mean and covariance are of. */
  referenceImages: 1_000_000,
  /** Width and height of a generated image. */
  imagePixels: 256,
  /** How images reach the encoder. */
  protocol: "gpic",
  encoder: "dinov2-vitl14",
  /** Neighbours of precision, recall, density and coverage, and rows drawn for them of each side. */
  neighbours: 5,
  neighbourRows: 10_000,
  mmdSubsets: 100,
  mmdSubsetRows: 1_000,
} as const;
