/**
 * DPG-Bench played by chance, on question graphs of a given make, and standard errors that need no graph.
 *
 * The benchmark's own questions are not here, so a prompt is made of `roots` questions and of questions that each
 * depend on one of them in turn. An answer is the question's own with probability sqrt(betweenImages), and a fresh one
 * else, so that two pictures' answers to a question have that correlation. A question's own answers come out of a
 * prompt's urn, so that those of two questions are correlated by `betweenQuestions`: some prompts are hard all over.
 */
import { Random } from "../core/index.js";
import { DPG_BENCH, type DpgPrompt, type DpgQuestion } from "./dpg.js";
import { checkRuns, type ScoreSimulation, summarise, urn } from "./simulated-scores.js";

/** A model and a make of questions. */
export interface DpgModel {
  /** Chance of a yes before any question is set to no, 0..1. */
  readonly yes: number;
  readonly questions: number;
  /** Questions that depend on none; the others hang on them in turn. From 1 to `questions`. */
  readonly roots: number;
  /** Correlation of two pictures' answers to one question, 0..1. */
  readonly betweenImages: number;
  /** Correlation of a prompt's questions in what they have in common between pictures, 0..1. */
  readonly betweenQuestions: number;
}

/** How much is simulated. */
export interface DpgSimulationOptions {
  readonly runs: number;
  readonly seed: number | string;
  readonly prompts?: number;
}

/**
 * Runs the benchmark again and again on a model that does not change.
 * @returns scores from 0 to 100
 * @throws RangeError where a chance or a correlation is not from 0 to 1, or the roots are not from 1 to the questions
 * @example simulateDpg({ yes: 0.83, questions: 12, roots: 6, betweenImages: 0.4, betweenQuestions: 0 }, { runs: 50, seed: 1 })
 */
export function simulateDpg(model: DpgModel, options: DpgSimulationOptions): ScoreSimulation {
  checkModel(model);
  checkRuns(options.runs);
  const { runs, seed, prompts = DPG_BENCH.prompts } = options;
  const random = new Random(seed);
  const run = (): number => {
    let sum = 0;
    for (let i = 0; i < prompts; i++) sum += countingShare(model, answersOf(model, random));
    return (100 * sum) / prompts;
  };
  return summarise(Float64Array.from({ length: runs }, run));
}

/**
 * The answered prompts of one such run, as `dpgScore` takes them.
 * @example dpgScore(drawDpg(model, { seed: 1 })).answeredYes
 */
export function drawDpg(model: DpgModel, options: Omit<DpgSimulationOptions, "runs">): DpgPrompt[] {
  checkModel(model);
  const { seed, prompts = DPG_BENCH.prompts } = options;
  const random = new Random(seed);
  const questions = questionsOf(model);
  return Array.from({ length: prompts }, () => ({ questions, answers: answersOf(model, random) }));
}

/** The questions of a prompt: the roots first, then those that hang on them in turn. */
function questionsOf({ questions, roots }: DpgModel): DpgQuestion[] {
  return Array.from({ length: questions }, (_, at) => ({ parents: at < roots ? [] : [at % roots] }));
}

/**
 * The score that is expected where answers of one picture are independent: a dependent question counts with the
 * square of the chance.
 * @example expectedDpg({ yes: 0.8, questions: 10, roots: 5 }) // 72
 */
export function expectedDpg({
  yes,
  questions,
  roots,
}: Pick<DpgModel, "yes" | "questions" | "roots">): number {
  return (100 * (roots * yes + (questions - roots) * yes * yes)) / questions;
}

/**
 * The share of dependent questions at which a model's answers lead to its score, by the same law.
 * @param yes chance of a yes before the zeroing, 0..1
 * @param overall score from 0 to 100
 * @example dependentShare(0.8, 72) // 0.5
 */
export function dependentShare(yes: number, overall: number): number {
  return (yes - overall / 100) / (yes * (1 - yes));
}

/** Two standard errors in points of 100 that need no question graph. */
export interface DpgErrorLandmarks {
  /** As if all answers were independent tries. */
  readonly independent: number;
  /** As if each prompt were all right or all wrong: no benchmark of as many prompts can vary more. */
  readonly allOrNothing: number;
}

/**
 * Standard errors of a score whatever its questions depend on: an optimistic one, and the largest that there can be.
 * @param overall score from 0 to 100
 * @param questions of each prompt
 * @example dpgErrorLandmarks(74.65, 12) // { independent: 0.19, allOrNothing: 1.33 }
 */
export function dpgErrorLandmarks(overall: number, questions: number): DpgErrorLandmarks {
  const allOrNothing = Math.sqrt((overall * (100 - overall)) / DPG_BENCH.prompts);
  return { independent: allOrNothing / Math.sqrt(DPG_BENCH.imagesPerPrompt * questions), allOrNothing };
}

function answersOf(
  { yes, questions, betweenImages, betweenQuestions }: DpgModel,
  random: Random,
): boolean[][] {
  const own = urn(yes, betweenQuestions, questions, random);
  const keeping = Math.sqrt(betweenImages);
  const answers: boolean[][] = [];
  for (let image = 0; image < DPG_BENCH.imagesPerPrompt; image++)
    answers.push(own.map((answer) => (random.next() < keeping ? answer : random.next() < yes)));
  return answers;
}

/** What `dpgScore` makes of one prompt, without its checks: a dependent question counts with its root. */
function countingShare({ questions, roots }: DpgModel, answers: readonly (readonly boolean[])[]): number {
  let counting = 0;
  for (const picture of answers)
    for (let at = 0; at < questions; at++) if (picture[at] && picture[at % roots]) counting++;
  return counting / (questions * answers.length);
}

function checkModel({ yes, questions, roots, betweenImages, betweenQuestions }: DpgModel): void {
  for (const [name, share] of Object.entries({ yes, betweenImages, betweenQuestions }))
    if (!(share >= 0 && share <= 1))
      throw new RangeError(`Cannot simulate DPG-Bench: ${name} from 0 to 1 is needed, got ${share}`);
  if (!Number.isSafeInteger(questions) || !Number.isSafeInteger(roots) || roots < 1 || roots > questions)
    throw new RangeError(
      `Cannot simulate DPG-Bench: roots from 1 to the questions are needed, got ${roots} of ${questions}`,
    );
}
