/**
 * GenEval played by chance: pictures that are right or wrong with the shares of a model, scored as the benchmark does.
 *
 * Each prompt has its own difficulty, drawn from a beta law with the task's share as its mean; the pictures of a prompt
 * are then independent. Such right and wrong pictures come out of Polya's urn (Eggenberger and Polya 1923): what has
 * come out once comes out more readily, and two pictures have the correlation that was asked for, from 0 to 1.
 */
import { Random } from "../core/index.js";
import {
  checkShares,
  GENEVAL_IMAGES_PER_PROMPT,
  type GenevalImage,
  type GenevalShares,
  type GenevalTask,
  genevalOverall,
  genevalShares,
  genevalTasks,
} from "./geneval.js";
import { checkCorrelation } from "./geneval-error.js";

/** What is simulated. */
export interface GenevalSimulationOptions {
  readonly shares: GenevalShares;
  /** Correlation of two pictures of one prompt, 0 to 1. */
  readonly correlation: number;
  /** Whole benchmarks that are run, each with 553 prompts. */
  readonly runs: number;
  readonly seed: number | string;
  readonly imagesPerPrompt?: number;
}

/** What came out, run by run. */
export interface ScoreSimulation {
  readonly scores: Float64Array;
  readonly mean: number;
  /** Standard deviation of the scores, which is the standard error of one. */
  readonly standardError: number;
}

/**
 * Runs the benchmark again and again on a model that does not change.
 * @throws RangeError where a share or the correlation is not from 0 to 1, or fewer than two runs are asked for
 * @example simulateGeneval({ shares: sdxl, correlation: 0, runs: 1000, seed: 1 }).standardError // 0.0081
 */
export function simulateGeneval(options: GenevalSimulationOptions): ScoreSimulation {
  const { shares, correlation, runs, seed, imagesPerPrompt = GENEVAL_IMAGES_PER_PROMPT } = options;
  checkShares(shares, "simulate GenEval");
  checkCorrelation(correlation, imagesPerPrompt);
  checkRuns(runs);
  const random = new Random(seed);
  const run = (): number =>
    genevalOverall(
      genevalShares((task) => {
        const { prompts } = tasksByName[task];
        let right = 0;
        for (let i = 0; i < prompts; i++)
          for (const isRight of urn(shares[task], correlation, imagesPerPrompt, random)) right += +isRight;
        return right / (prompts * imagesPerPrompt);
      }),
    );
  return summarise(Float64Array.from({ length: runs }, run));
}

/**
 * The judged pictures of one such run, as `genevalScore` takes them.
 * @example genevalScore(drawGeneval({ shares: sdxl, correlation: 0.4, seed: 1 })).rightPrompts
 */
export function drawGeneval(options: Omit<GenevalSimulationOptions, "runs">): GenevalImage[] {
  const { shares, correlation, seed, imagesPerPrompt = GENEVAL_IMAGES_PER_PROMPT } = options;
  checkShares(shares, "simulate GenEval");
  checkCorrelation(correlation, imagesPerPrompt);
  const random = new Random(seed);
  return genevalTasks.flatMap(({ task, prompts }) =>
    Array.from({ length: prompts }, (_, prompt) =>
      urn(shares[task], correlation, imagesPerPrompt, random).map((isRight) => ({ task, prompt, isRight })),
    ).flat(),
  );
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

const tasksByName = Object.fromEntries(genevalTasks.map((one) => [one.task, one])) as Readonly<
  Record<GenevalTask, (typeof genevalTasks)[number]>
>;

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
