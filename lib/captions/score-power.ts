/**
 * Which difference of two models' mean scores a benchmark of so many images can see: in closed form, and by simulation.
 *
 * Paired: both models caption the same images, and the test looks at the difference image by image. Unpaired: two means
 * and their own variances, as two printed figures allow. The closed form is the two-sided normal test, whose squared
 * statistic follows the non-central chi-square law of one degree.
 */
import {
  chiSquareCritical,
  noncentralChiSquareSurvival,
  noncentralityForPower,
  normalQuantile,
  Random,
} from "../core/index.js";
import { jointScores, type ScoreLaw, scoreCorrelation, scoreMean, scoreVariance } from "./score-law.js";

/** Two models on a benchmark. */
export interface ScoreComparison {
  readonly first: ScoreLaw;
  readonly second: ScoreLaw;
  /** Images that both caption, or that each captions of its own: at least 2. */
  readonly images: number;
  /** How far the same images are easy or hard for both: see `jointScores`. */
  readonly together: number;
  /** How often the test may find a difference where there is none; 0.05 if not given. */
  readonly alpha?: number | undefined;
}

/** What one way of testing can see. */
export interface TestPower {
  /** Of the difference of the means. */
  readonly standardError: number;
  /** How often the difference is found; alpha where there is none, or 1 where nothing varies. */
  readonly power: number;
  /** The smallest difference that is found four times of five, by the same standard error. */
  readonly visibleDifference: number;
}

/** Both ways. */
export interface ScorePower {
  /** Second less first. */
  readonly difference: number;
  readonly correlation: number;
  readonly paired: TestPower;
  readonly unpaired: TestPower;
}

const FOUR_OF_FIVE = 0.8;

/**
 * Power in closed form.
 * @throws RangeError where a number is out of range
 * @example scorePower({ first: scoreLaw(1.68, "least"), second: scoreLaw(1.73, "least"), images: 1520, together: 0 })
 *   .unpaired.power // 0.857
 */
export function scorePower(comparison: ScoreComparison): ScorePower {
  const { first, second, images, together, alpha } = checked(comparison);
  const difference = scoreMean(second) - scoreMean(first);
  const correlation = scoreCorrelation(jointScores(first, second, together));
  const [a, b] = [scoreVariance(first), scoreVariance(second)];
  const shared = Number.isNaN(correlation) ? 0 : 2 * correlation * Math.sqrt(a * b);
  const test = (variance: number): TestPower => {
    const standardError = Math.sqrt(Math.max(0, variance) / images);
    const critical = chiSquareCritical(alpha, 1);
    const power =
      difference === 0
        ? alpha
        : standardError === 0
          ? 1
          : noncentralChiSquareSurvival(critical, 1, (difference / standardError) ** 2);
    const visibleDifference = standardError * Math.sqrt(noncentralityForPower(FOUR_OF_FIVE, alpha, 1));
    return { standardError, power, visibleDifference };
  };
  return { difference, correlation, paired: test(a + b - shared), unpaired: test(a + b) };
}

/** How often each test found the difference. */
export interface SimulatedPower {
  readonly paired: number;
  readonly unpaired: number;
  readonly repeats: number;
  readonly seed: number | string;
}

/**
 * Power by simulation: draws both models' scores, tests as one would test them, and counts.
 *
 * The unpaired test gets images of its own for each model. Its variances are those of the drawn scores.
 * @param repeats benchmarks that are drawn; 2,000 if not given, whose power has a standard error of at most 0.011
 * @throws RangeError where a number is out of range
 */
export function simulateScorePower(
  comparison: ScoreComparison,
  { seed, repeats = 2000 }: { readonly seed: number | string; readonly repeats?: number },
): SimulatedPower {
  const { first, second, images, together, alpha } = checked(comparison);
  if (!Number.isSafeInteger(repeats) || repeats < 1)
    throw new RangeError(`Cannot simulate: repeats is a whole number from 1, got ${repeats}`);
  const critical = normalQuantile(1 - alpha / 2);
  const joint = jointScores(first, second, together).flat();
  const random = new Random(seed);
  let [paired, unpaired] = [0, 0];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const pairs = drawCounts(joint, images, random);
    const differences = new Map<number, number>();
    pairs.forEach((count, cell) => {
      const difference = (cell % 3) - Math.floor(cell / 3);
      differences.set(difference, (differences.get(difference) ?? 0) + count);
    });
    if (isFound([differences], images, critical)) paired++;
    const [a, b] = [drawCounts(first, images, random), drawCounts(second, images, random)];
    const negative = new Map(a.map((count, score) => [-score, count]));
    if (isFound([negative, new Map(b.entries())], images, critical)) unpaired++;
  }
  return { paired: paired / repeats, unpaired: unpaired / repeats, repeats, seed };
}

/** Whether the sum of the samples' means is further from 0 than chance allows. */
function isFound(samples: readonly ReadonlyMap<number, number>[], images: number, critical: number): boolean {
  let [sum, variance] = [0, 0];
  for (const counts of samples) {
    const mean = [...counts].reduce((total, [value, count]) => total + value * count, 0) / images;
    const squares = [...counts].reduce((total, [value, count]) => total + count * (value - mean) ** 2, 0);
    sum += mean;
    variance += squares / (images - 1) / images;
  }
  return Math.abs(sum) > critical * Math.sqrt(variance);
}

/** How often each of some outcomes comes in so many draws. */
function drawCounts(shares: readonly number[], draws: number, random: Random): number[] {
  const counts = new Array<number>(shares.length).fill(0);
  for (let i = 0; i < draws; i++) {
    let left = random.next();
    let outcome = 0;
    while (outcome < shares.length - 1 && left >= shares[outcome]!) left -= shares[outcome++]!;
    counts[outcome]!++;
  }
  return counts;
}

function checked(comparison: ScoreComparison): ScoreComparison & { readonly alpha: number } {
  const { images, alpha = 0.05 } = comparison;
  if (!Number.isSafeInteger(images) || images < 2)
    throw new RangeError(`Cannot compute power: at least two images are needed, got ${images}`);
  if (!(alpha > 0 && alpha <= 0.5))
    throw new RangeError(`Cannot compute power: alpha above 0 and up to 0.5 is needed, got ${alpha}`);
  return { ...comparison, alpha };
}
