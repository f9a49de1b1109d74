/** Mathematics that knows nothing of images. */
export { type Bootstrap, type BootstrapOptions, bootstrap } from "./bootstrap.js";
export {
  chiSquareCdf,
  chiSquareCritical,
  chiSquareQuantile,
  chiSquareSurvival,
  noncentralChiSquareSurvival,
  noncentralityForPower,
} from "./chi-square.js";
export { meanPairwise, pearson, spearman } from "./correlation.js";
export { reflect, symmetricEigenvalues } from "./eigenvalues.js";
export { logGamma, poissonTerm, regularizedGammaP, regularizedGammaQ } from "./gamma.js";
export { bonferroni, holm, type Interval, normalQuantile, wilsonInterval } from "./intervals.js";
export { cohenKappa, type Kappa } from "./kappa.js";
export { type Concordance, concordanceOf, kendallW } from "./kendall.js";
export {
  concordanceLaw,
  concordanceTest,
  type PermutationTest,
  type PossibleConcordance,
} from "./kendall-chance.js";
export { rankingsWithS } from "./kendall-example.js";
export { gram } from "./matrix-gram.js";
export { type MatrixLoops, type MatrixMemory, matrixMemory } from "./matrix-loops.js";
export {
  type PrincipalComponents,
  type PrincipalOptions,
  principalComponents,
} from "./principal-components.js";
export { keptNeighbours } from "./principal-neighbours.js";
export { Random } from "./random.js";
export { ranks, tieSizes } from "./ranks.js";
export { type Tridiagonal, tridiagonalEigenvalues } from "./tridiagonal.js";
