/**
 * The laws that scores of 0, 1 and 2 with a given mean can follow, and how two models' scores of the same images hang
 * together. The paper prints means alone, so what they can tell apart lies between the laws of least and most variance.
 */

/** Shares of the scores 0, 1 and 2. */
export type ScoreLaw = readonly [zeros: number, ones: number, twos: number];

/** Rounding that a share may be off by. */
const ROUNDING = 1e-12;

/**
 * The law with a mean and a share of zeros.
 * @param mean from 0 to 2
 * @param zeros from max(0, 1 - mean) to 1 - mean / 2: "least" is the law of least variance, "most" that of most
 * @throws RangeError where there is no such law
 * @example scoreLaw(1.68, "least") // [0, 0.32, 0.68]
 * @example scoreLaw(1.68, "most") // [0.16, 0, 0.84]
 */
export function scoreLaw(mean: number, zeros: number | "least" | "most"): ScoreLaw {
  if (!(mean >= 0 && mean <= 2))
    throw new RangeError(`Cannot make a law of scores: a mean from 0 to 2 is needed, got ${mean}`);
  const [least, most] = [Math.max(0, 1 - mean), 1 - mean / 2];
  const share = zeros === "least" ? least : zeros === "most" ? most : zeros;
  if (!(share >= least - ROUNDING && share <= most + ROUNDING))
    throw new RangeError(
      `Cannot make a law of scores: zeros from ${least} to ${most} are needed for a mean of ${mean}, got ${zeros}`,
    );
  return [share, Math.max(0, 2 - mean - 2 * share), Math.max(0, mean - 1 + share)];
}

/** The mean of a law. */
export function scoreMean([, ones, twos]: ScoreLaw): number {
  return ones + 2 * twos;
}

/** The variance of a law. */
export function scoreVariance(law: ScoreLaw): number {
  return law[1] + 4 * law[2] - scoreMean(law) ** 2;
}

/**
 * The joint shares of two models' scores on one image: with probability `together` both follow the same luck (the image is
 * easy or hard for both), otherwise each its own.
 * @param together from 0 (no relation) to 1 (the strongest that the two laws allow)
 * @returns 3 x 3, first model's score by rows
 * @throws RangeError where `together` is no share
 */
export function jointScores(first: ScoreLaw, second: ScoreLaw, together: number): number[][] {
  if (!(together >= 0 && together <= 1))
    throw new RangeError(`Cannot join two laws: a share from 0 to 1 is needed, got ${together}`);
  const ends = (law: ScoreLaw) => [0, law[0], law[0] + law[1], 1];
  const [a, b] = [ends(first), ends(second)];
  const overlap = (i: number, j: number) =>
    Math.max(0, Math.min(a[i + 1]!, b[j + 1]!) - Math.max(a[i]!, b[j]!));
  return [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => together * overlap(i, j) + (1 - together) * first[i]! * second[j]!),
  );
}

/** The correlation of two scores by their joint shares; NaN where one never varies. */
export function scoreCorrelation(joint: readonly (readonly number[])[]): number {
  const scores = [0, 1, 2] as const;
  const mean = (f: (i: number, j: number) => number) =>
    scores.reduce<number>(
      (sum, i) => sum + scores.reduce<number>((s, j) => s + joint[i]![j]! * f(i, j), 0),
      0,
    );
  const [x, y] = [mean((i) => i), mean((_, j) => j)];
  const variances = mean((i) => (i - x) ** 2) * mean((_, j) => (j - y) ** 2);
  return mean((i, j) => (i - x) * (j - y)) / Math.sqrt(variances);
}
