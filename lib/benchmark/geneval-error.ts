/**
 * How far a GenEval score lies from itself: its standard error in closed form, and what that makes of a difference.
 *
 * Four pictures of one prompt are not four independent tries: a prompt is easy or hard for a model. With correlation r
 * between two pictures of a prompt, the mean of k of them varies as p (1 - p) (1 + (k - 1) r) / k from prompt to
 * prompt, of which p (1 - p) (1 - r) / k remains where the prompts stay and only the seed is another.
 */
import { normalQuantile } from "../core/index.js";
import { checkShares, GENEVAL_IMAGES_PER_PROMPT, type GenevalShares, genevalTasks } from "./geneval.js";

/** What is drawn again: prompts of the same six kinds with their pictures, or the pictures of the same prompts. */
export type DrawnAgain = "prompts" | "pictures";

/** What a standard error depends on. */
export interface GenevalErrorOptions {
  /** Share of right pictures by task, 0..1. */
  readonly shares: GenevalShares;
  /** Correlation of two pictures of one prompt, 0 (independent) to 1 (four copies). */
  readonly correlation: number;
  /** "prompts" if not given. */
  readonly over?: DrawnAgain;
  readonly imagesPerPrompt?: number;
}

/**
 * The standard error of the overall score.
 * @returns in units of the score, 0..1
 * @throws RangeError where a share or the correlation is not from 0 to 1, or the pictures are no whole number from 1
 * @example genevalStandardError({ shares: sdxl, correlation: 0 }) // 0.0081; with correlation 1: 0.0163
 */
export function genevalStandardError(options: GenevalErrorOptions): number {
  const { shares, correlation, over = "prompts", imagesPerPrompt = GENEVAL_IMAGES_PER_PROMPT } = options;
  checkShares(shares, "compute GenEval's standard error");
  checkCorrelation(correlation, imagesPerPrompt);
  const inflation = over === "prompts" ? 1 + (imagesPerPrompt - 1) * correlation : 1 - correlation;
  const variance = genevalTasks.reduce((sum, { task, prompts }) => {
    const share = shares[task];
    return sum + (share * (1 - share) * inflation) / (prompts * imagesPerPrompt);
  }, 0);
  return Math.sqrt(variance) / genevalTasks.length;
}

/**
 * The smallest difference of two scores that chance would not often make: a two-sided test at the given confidence.
 * @param standardErrors of the two scores, taken as independent; on shared prompts the truth is smaller
 * @example significantDifference([0.0081, 0.0081]) // 0.0225
 */
export function significantDifference(
  standardErrors: readonly [number, number],
  confidence: number = 0.95,
): number {
  return normalQuantile((1 + confidence) / 2) * Math.hypot(...standardErrors);
}

/**
 * How many times as many prompts a benchmark would need to find a gain of this size with the wanted power.
 * @param gain true difference of the two scores, in the unit of the standard errors
 * @param power how often the gain is to be found significant, 0.8 if not given
 * @returns above 1 where the benchmark is too small
 * @example promptsNeeded(0.02, [0.0081, 0.0081]) // 2.6 times as many
 */
export function promptsNeeded(
  gain: number,
  standardErrors: readonly [number, number],
  { confidence = 0.95, power = 0.8 }: { readonly confidence?: number; readonly power?: number } = {},
): number {
  const wanted = normalQuantile((1 + confidence) / 2) + normalQuantile(power);
  return ((wanted * Math.hypot(...standardErrors)) / gain) ** 2;
}

/** @throws RangeError where the correlation is not from 0 to 1, or the pictures of a prompt are no whole number */
export function checkCorrelation(correlation: number, imagesPerPrompt: number): void {
  if (!(correlation >= 0 && correlation <= 1))
    throw new RangeError(
      `Cannot compute with pictures of one prompt: a correlation from 0 to 1 is needed, got ${correlation}`,
    );
  if (!Number.isSafeInteger(imagesPerPrompt) || imagesPerPrompt < 1)
    throw new RangeError(
      `Cannot compute with pictures of one prompt: a whole number from 1 is needed, got ${imagesPerPrompt}`,
    );
}
