/**
 * What simulated benchmarks share: right and wrong answers that are alike, and the spread of the scores.
 *
 * Answers whose chance is drawn from a beta law come out of Polya's urn (Eggenberger and Polya 1923): what has come out
 * once comes out more readily, and any two have the correlation that was asked for, from 0 to 1.
 */
import type { Random } from "../core/index.js";

/** What came out, run by run. */
export interface ScoreSimulation {
  readonly scores: Float64Array;
  readonly mean: number;
  /** Standard deviation of the scores, which is the standard error of one. */
  readonly standardError: number;
}

/**
 * The right and wrong pictures of one prompt, one after the other, out of Polya's urn.
 * @param share expected share of right ones
 * @param correlation of any two of them
 */
export function urn(share: number, correlation: number, count: number, random: Random): boolean[] {
  const drawn: boolean[] = [];
  let right = 0;
  for (let i = 0; i < count; i++) {
    // for a correlation of 1 and nothing drawn yet, the law below is 0 of 0
    const chance =
      i === 0
        ? share
        : (share * (1 - correlation) + correlation * right) / (1 - correlation + correlation * i);
    const isRight = random.next() < chance;
    if (isRight) right++;
    drawn.push(isRight);
  }
  return drawn;
}

/** Mean and standard deviation of simulated scores. */
export function summarise(scores: Float64Array): ScoreSimulation {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { scores, mean, standardError: Math.sqrt(squares / (scores.length - 1)) };
}

/** @throws RangeError where a spread cannot be computed */
export function checkRuns(runs: number): void {
  if (!Number.isSafeInteger(runs) || runs < 2)
    throw new RangeError(`Cannot simulate a benchmark: at least 2 runs are needed, got ${runs}`);
}
