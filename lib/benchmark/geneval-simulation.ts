/**
 * GenEval played by chance: pictures that are right or wrong with the shares of a model, scored as the benchmark does.
 *
 * Each prompt has its own difficulty, drawn from a beta law with the task's share as its mean; the pictures of a prompt
 * are then independent.
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
import { checkRuns, type ScoreSimulation, summarise, urn } from "./simulated-scores.js";

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

const tasksByName = Object.fromEntries(genevalTasks.map((one) => [one.task, one])) as Readonly<
  Record<GenevalTask, (typeof genevalTasks)[number]>
>;
