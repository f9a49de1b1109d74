/**
 * How much the four pictures of a GenEval prompt have in common, out of what its script prints.
 *
 * The script prints the task scores and the share of prompts with at least one right picture. Were the pictures
 * independent, nearly every prompt would have one; the fewer have, the more the prompts differ. With difficulties of a
 * beta law, P(no right one of k) = prod (b + i) / (a + b + i), where the correlation is 1 / (a + b + 1).
 */
import { type Interval, Random } from "../core/index.js";
import { checkShares, GENEVAL_IMAGES_PER_PROMPT, type GenevalShares, genevalTasks } from "./geneval.js";
import { checkCorrelation } from "./geneval-error.js";
import { checkRuns, urn } from "./simulated-scores.js";

/**
 * The share of prompts with at least one right picture that a correlation leads to.
 * @example genevalRightPrompts(shares, 0) // as if all pictures were independent
 */
export function genevalRightPrompts(
  shares: GenevalShares,
  correlation: number,
  imagesPerPrompt: number = GENEVAL_IMAGES_PER_PROMPT,
): number {
  checkShares(shares, "count GenEval's prompts");
  checkCorrelation(correlation, imagesPerPrompt);
  let right = 0;
  let all = 0;
  for (const { task, prompts } of genevalTasks) {
    let none = 1 - shares[task];
    for (let drawn = 1; drawn < imagesPerPrompt; drawn++)
      none *=
        ((1 - shares[task]) * (1 - correlation) + correlation * drawn) /
        (1 - correlation + correlation * drawn);
    right += prompts * (1 - none);
    all += prompts;
  }
  return right / all;
}

/**
 * The correlation, one for all tasks, at which as many prompts have a right picture as were printed.
 * @param rightPrompts share of prompts with at least one right picture
 * @throws RangeError where no correlation leads there: more than with independent pictures, or fewer than with copies
 * @example genevalCorrelation(shares, 0.9042) // 0.33
 */
export function genevalCorrelation(shares: GenevalShares, rightPrompts: number): number {
  const most = genevalRightPrompts(shares, 0);
  const least = genevalRightPrompts(shares, 1);
  if (!(rightPrompts >= least && rightPrompts <= most))
    throw new RangeError(
      `Cannot find the correlation of pictures of one prompt: a share of prompts from ${least} to ${most} is needed, got ${rightPrompts}`,
    );
  let [low, high] = [0, 1];
  // the share falls as the correlation grows; 50 halvings are beyond the digits of a float64
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (genevalRightPrompts(shares, middle) > rightPrompts) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * How sure a correlation is that was found in one printout: the benchmark is run again and again with it, and the
 * correlation found anew (parametric bootstrap, percentiles).
 * @param found what `genevalCorrelation` gave
 * @returns the interval that holds all but 1 - `confidence` of the runs
 * @throws RangeError where a share or the correlation is not from 0 to 1, or fewer than two runs are asked for
 * @example genevalCorrelationInterval({ shares, correlation: 0.33, seed: 1 }) // { low: 0.26, high: 0.42 }
 */
export function genevalCorrelationInterval(found: {
  readonly shares: GenevalShares;
  readonly correlation: number;
  readonly seed: number | string;
  readonly runs?: number;
  readonly confidence?: number;
}): Interval {
  const { shares, correlation, seed, runs = 400, confidence = 0.95 } = found;
  checkShares(shares, "find the correlation of pictures of one prompt");
  checkCorrelation(correlation, GENEVAL_IMAGES_PER_PROMPT);
  checkRuns(runs);
  const random = new Random(seed);
  const again = Float64Array.from({ length: runs }, () => foundAgain(shares, correlation, random)).sort();
  const at = (share: number): number => again[Math.round(share * (runs - 1))] ?? Number.NaN;
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** The correlation of one simulated printout; 0 where chance gave more right prompts than independent pictures would. */
function foundAgain(shares: GenevalShares, correlation: number, random: Random): number {
  const right: Record<string, number> = {};
  let rightPrompts = 0;
  let all = 0;
  for (const { task, prompts } of genevalTasks) {
    let sum = 0;
    for (let i = 0; i < prompts; i++) {
      const pictures = urn(shares[task], correlation, GENEVAL_IMAGES_PER_PROMPT, random).filter(
        Boolean,
      ).length;
      sum += pictures;
      if (pictures > 0) rightPrompts++;
    }
    right[task] = sum / (prompts * GENEVAL_IMAGES_PER_PROMPT);
    all += prompts;
  }
  const drawn = right as GenevalShares;
  const share = rightPrompts / all;
  return share >= genevalRightPrompts(drawn, 0) ? 0 : genevalCorrelation(drawn, share);
}
