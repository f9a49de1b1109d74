/** Mathematics that knows nothing of images. */
export {
  chiSquareCdf,
  chiSquareCritical,
  chiSquareQuantile,
  chiSquareSurvival,
  noncentralChiSquareSurvival,
  noncentralityForPower,
} from "./chi-square.js";
export { logGamma, poissonTerm, regularizedGammaP, regularizedGammaQ } from "./gamma.js";
export { bonferroni, holm, type Interval, normalQuantile, wilsonInterval } from "./intervals.js";
export { gram } from "./matrix-gram.js";
export { Random } from "./random.js";
