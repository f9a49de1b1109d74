/**
 * The chi-square law and the non-central one: shares below and above a value, quantiles, and the power of a test.
 *
 * Method: chi-square is a gamma law of shape df/2; the non-central law is a mixture of chi-square laws with df + 2j
 * degrees of freedom and Poisson weights of mean lambda/2, summed upwards from where the weights begin to count, so
 * that every step adds something positive.
 */
import { poissonTerm, regularizedGammaP, regularizedGammaQ } from "./gamma.js";

/** What is left out of a sum, relative to it. */
const NEGLIGIBLE = 1e-17;

/**
 * The share of the chi-square law at or below a value.
 * @param x at least 0
 * @param df degrees of freedom, greater than 0
 * @throws RangeError where x is negative or df is not positive
 * @example chiSquareCdf(3.841458820694124, 1) // 0.95
 */
export function chiSquareCdf(x: number, df: number): number {
  checkDegrees(df);
  return regularizedGammaP(df / 2, x / 2);
}

/**
 * The share above a value: the p-value of a chi-square statistic, accurate down to 1e-300.
 * @param x at least 0
 * @param df degrees of freedom, greater than 0
 * @throws RangeError where x is negative or df is not positive
 * @example chiSquareSurvival(2 * Math.log(20), 2) // 0.05
 */
export function chiSquareSurvival(x: number, df: number): number {
  checkDegrees(df);
  return regularizedGammaQ(df / 2, x / 2);
}

/**
 * The value that has a share p of the law below it.
 * @param p from 0 to 1; for a small share above use `chiSquareCritical`
 * @throws RangeError where p or df is out of range
 * @example chiSquareQuantile(0.5, 2) // 2 * Math.LN2
 */
export function chiSquareQuantile(p: number, df: number): number {
  checkShare(p);
  checkDegrees(df);
  if (p === 0) return 0;
  if (p > 0.5) return chiSquareCritical(1 - p, df);
  const target = Math.log(p);
  return solve((x) => Math.log(chiSquareCdf(x, df)) - target, df);
}

/**
 * The value that has a share alpha of the law above it: where a test at level alpha begins to reject.
 * @param alpha from 0 to 1
 * @throws RangeError where alpha or df is out of range
 * @example chiSquareCritical(0.05, 2) // 2 * Math.log(20)
 */
export function chiSquareCritical(alpha: number, df: number): number {
  checkShare(alpha);
  checkDegrees(df);
  if (alpha === 0) return Number.POSITIVE_INFINITY;
  if (alpha > 0.5) return chiSquareQuantile(1 - alpha, df);
  const target = Math.log(alpha);
  return solve((x) => target - Math.log(chiSquareSurvival(x, df)), df);
}

/**
 * The share of the non-central chi-square law above a value: the power of a chi-square test.
 * @param x at least 0
 * @param df degrees of freedom, greater than 0
 * @param lambda non-centrality, at least 0: sum of (p1 - p0)^2 / p0, times the sample size
 * @throws RangeError where an argument is out of range
 * @example noncentralChiSquareSurvival(chiSquareCritical(0.05, 1), 1, 7.849) // 0.8
 */
export function noncentralChiSquareSurvival(x: number, df: number, lambda: number): number {
  checkDegrees(df);
  if (!(lambda >= 0) || lambda === Number.POSITIVE_INFINITY)
    throw new RangeError(
      `Cannot compute a non-central chi-square share: lambda is at least 0 and finite, got ${lambda}`,
    );
  const mean = lambda / 2;
  let sum = 0;
  let weights = 0;
  for (let j = Math.max(0, Math.floor(mean - 9 * Math.sqrt(mean) - 9)); ; j++) {
    const weight = poissonTerm(j, mean);
    const share = regularizedGammaQ(df / 2 + j, x / 2);
    sum += weight * share;
    weights += weight;
    // beyond the mean the weights fall by the factor mean / (j + 1), so what is left is less than a geometric series
    const left = j + 1 > mean ? (weight * mean) / (j + 1 - mean) : 1;
    if (left <= NEGLIGIBLE * sum || (left === 0 && j > mean)) return Math.min(1, sum / Math.max(weights, 1));
  }
}

/**
 * The non-centrality at which a chi-square test at level alpha rejects with a given probability.
 * @param power between alpha and 1
 * @throws RangeError where an argument is out of range
 * @example noncentralityForPower(0.8, 0.05, 1) // 7.849 (1.96 + 0.842 squared)
 */
export function noncentralityForPower(power: number, alpha: number, df: number): number {
  if (!(alpha > 0 && power > alpha && power < 1))
    throw new RangeError(
      `Cannot find a non-centrality: 0 < alpha < power < 1 is needed, got alpha ${alpha} and power ${power}`,
    );
  const critical = chiSquareCritical(alpha, df);
  return solve((lambda) => noncentralChiSquareSurvival(critical, df, lambda) - power, critical);
}

/** The zero of a rising function of a positive number: brackets by doubling, then Illinois' regula falsi. */
function solve(rising: (x: number) => number, start: number): number {
  let low = start;
  let high = start;
  while (rising(low) > 0) low /= 2;
  while (rising(high) < 0) high *= 2;
  let atLow = rising(low);
  let atHigh = rising(high);
  for (let i = 0; i < 200 && high - low > 4 * Number.EPSILON * high; i++) {
    const secant = low - (atLow * (high - low)) / (atHigh - atLow);
    // every third step halves, so that a flat side cannot stall it
    const x = i % 3 === 2 || !(secant > low && secant < high) ? (low + high) / 2 : secant;
    if (x === low || x === high) break;
    const value = rising(x);
    if (value === 0) return x;
    if (value < 0) [low, atLow, atHigh] = [x, value, atHigh / 2];
    else [high, atHigh, atLow] = [x, value, atLow / 2];
  }
  return (low + high) / 2;
}

function checkDegrees(df: number): void {
  if (!(df > 0) || df === Number.POSITIVE_INFINITY)
    throw new RangeError(
      `Cannot compute a chi-square share: degrees of freedom are positive and finite, got ${df}`,
    );
}

function checkShare(share: number): void {
  if (!(share >= 0 && share <= 1))
    throw new RangeError(`Cannot compute a chi-square quantile: a share from 0 to 1 is needed, got ${share}`);
}
