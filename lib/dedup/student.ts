/**
 * Student's t for few degrees of freedom: its tail as a finite sum, its quantile by halving.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
 */

/**
 * The probability that |t| is at least as large.
 * @param t any number
 * @param degrees of freedom, a whole number from 1 on
 * @example studentTails(2.776, 4) // 0.05
 */
export function studentTails(t: number, degrees: number): number {
  if (!(Number.isSafeInteger(degrees) && degrees >= 1))
    throw new RangeError(
      `Cannot compute a tail of t: whole degrees of freedom above 0 are needed, got ${degrees}`,
    );
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  const within = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return Math.max(0, 1 - within);
}

/**
 * The value that |t| stays below with some probability.
 * @param confidence between 0 and 1
 * @example studentQuantile(0.95, 4) // 2.7764
 */
export function studentQuantile(confidence: number, degrees: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(
      `Cannot compute a quantile of t: a share between 0 and 1 is needed, got ${confidence}`,
    );
  let high = 1;
  while (studentTails(high, degrees) > 1 - confidence) high *= 2;
  let low = 0;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (studentTails(middle, degrees) > 1 - confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
