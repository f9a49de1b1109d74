/**
 * The law of sample size on a ladder: b from the rungs that are of the reference's own law, and what the others exceed it by.
 *
 * FD = b (1/n + 1/N), with a minus where the n are some of the N (metrics/bias-law.ts); what a rung has more is a shift,
 * a difference of laws that no number of images takes away. A single score scatters by a share of itself, so that
 * each rung says b as surely as any other: b is the mean of what they say. Two kinds of interval are kept apart.
 * `rounding` is what the printed digits leave open, for certain. `interval` is Student's t over what the rungs of the
 * reference's law disagree by; it needs two of them. Known limit: all rungs share one reference and tiers are nested,
 * so that their errors are not independent; a shift adds scatter of its own, of size one over the root of n, which is
 * not counted here.
 */
import type { Interval } from "../core/index.js";
import { type FittedNumber, fitBiasLaw, type SampleSizes, sizeTerm } from "../metrics/index.js";
import type { PrintedNumber } from "./oracle-ladder.js";

/** A distance at some size, with what its digits leave open. */
export interface Rung extends SampleSizes {
  readonly fd: PrintedNumber;
  /** Whether it is taken for a sample of the reference's law, so that b is read off it. */
  readonly givesBias: boolean;
}

/** What the law says of a rung. */
export interface LadderStep {
  /** b (1/n +- 1/N). */
  readonly predicted: number;
  /** Measured less predicted: the shift. */
  readonly excess: number;
  /** The least and the most that the printed digits allow the excess to be. */
  readonly rounding: Interval;
  /** By Student's t, the scatter of this rung taken in; null where one rung alone gives b, or this one is among those. */
  readonly interval: Interval | null;
}

/** The law of a ladder. */
export interface LadderLaw {
  /** Its error and interval are NaN where one rung alone gives it. */
  readonly b: FittedNumber;
  /** The least and the most that the printed digits allow b to be. */
  readonly rounding: Interval;
  /** Standard deviation of a score of the reference's law as a share of it; null where one rung alone gives b. */
  readonly scatter: number | null;
  /** One for each rung, in their order. */
  readonly steps: readonly LadderStep[];
  readonly confidence: number;
}

/**
 * The law of a ladder.
 * @param rungs one or more that give b; values and roundings in the distance's unit
 * @param options confidence: between 0 and 1, default 0.95
 * @throws RangeError where no rung gives b, a rung has no size (all of N), or a number is not finite
 * @example
 * ladderLaw([
 *   { fd: { value: 7.444, rounding: 0.001 }, generatedCount: 5e4, referenceCount: 1e6, isSubset: true, givesBias: true },
 *   { fd: { value: 2.365, rounding: 0.001 }, generatedCount: 2e5, referenceCount: 1e6, givesBias: false },
 * ]).steps[1]?.predicted; // 2.351
 */
export function ladderLaw(
  rungs: readonly Rung[],
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): LadderLaw {
  const giving = rungs.filter(({ givesBias }) => givesBias);
  if (giving.length === 0)
    throw new RangeError("Cannot apply the bias law: a rung that gives b is needed, got none");
  const unsound = rungs.find(
    (rung) => !(sizeTerm(rung) > 0 && rung.fd.rounding >= 0 && Number.isFinite(rung.fd.value)),
  );
  if (unsound !== undefined)
    throw new RangeError(
      `Cannot apply the bias law: finite distances of fewer images than their whole are needed, got ${unsound.fd.value} ± ${unsound.fd.rounding} of ${unsound.generatedCount}`,
    );
  const { b } = fitBiasLaw(
    giving.map((rung) => ({ ...rung, fd: rung.fd.value, standardError: sizeTerm(rung) })),
    { withShift: false, confidence },
  );
  const bRounding = giving.reduce((sum, rung) => sum + rung.fd.rounding / sizeTerm(rung), 0) / giving.length;
  const many = giving.length > 1;
  const t = many ? (b.interval.high - b.value) / b.standardError : 0;
  const ofOneRung = b.standardError * Math.sqrt(giving.length);
  return {
    b,
    rounding: around(b.value, bRounding),
    scatter: many ? ofOneRung / b.value : null,
    steps: rungs.map((rung) => {
      const size = sizeTerm(rung);
      const excess = rung.fd.value - b.value * size;
      // a rung that gives b moves the prediction along with itself
      const own = rung.givesBias ? 1 / giving.length : 0;
      const others = bRounding * size - own * rung.fd.rounding;
      return {
        predicted: b.value * size,
        excess,
        rounding: around(excess, (1 - own) * rung.fd.rounding + others),
        interval:
          many && !rung.givesBias
            ? around(excess, t * size * ofOneRung * Math.sqrt(1 + 1 / giving.length))
            : null,
      };
    }),
    confidence,
  };
}

function around(value: number, half: number): Interval {
  return { low: value - half, high: value + half };
}
