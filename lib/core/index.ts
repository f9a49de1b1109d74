/** Mathematics that knows nothing of images. */
export { regularizedBeta } from "./beta.js";
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
export { areFinite } from "./finite.js";
export { logGamma, poissonTerm, regularizedGammaP, regularizedGammaQ } from "./gamma.js";
export { type ComplexValues, generalEigenvalues } from "./general-eigenvalues.js";
export { type InOrderOptions, inOrder } from "./in-order.js";
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
export { type LeastSquares, leastSquares } from "./least-squares.js";
export { gram } from "./matrix-gram.js";
export { type MatrixLoops, type MatrixMemory, matrixMemory } from "./matrix-memory.js";
export { mean, variance } from "./mean.js";
export { type Pauses, pausesFor, type Stoppable } from "./pauses.js";
export {
  type PrincipalComponents,
  type PrincipalOptions,
  principalComponents,
} from "./principal-components.js";
export { keptNeighbours } from "./principal-neighbours.js";
export { Random } from "./random.js";
export { ranks, tieSizes } from "./ranks.js";
export { type Share, shareOf } from "./share.js";
export { mirrorUpper, trace } from "./square-matrix.js";
export { studentQuantile, studentTails } from "./student.js";
export { type Tridiagonal, tridiagonalEigenvalues } from "./tridiagonal.js";
export { type Turns, turnToDiagonal } from "./tridiagonal-turns.js";
export * as wasm from "./wasm-assembler.js";
