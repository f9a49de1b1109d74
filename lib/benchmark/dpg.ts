/**
 * DPG-Bench's score: yes/no questions on four pictures of each of 1,065 long prompts.
 *
 * A language model has split each prompt into questions, of which some depend on others: "is the car red" is worth
 * nothing where "is there a car" was answered with no. Source: ELLA (arXiv:2403.05135) and its scoring script, as
 * facts; the model that answers the questions is not here.
 */

/** Numbers of the benchmark. */
export const DPG_BENCH = { prompts: 1065, imagesPerPrompt: 4 } as const;

/** A question and the questions that it depends on, by their places in the list. */
export interface DpgQuestion {
  readonly parents: readonly number[];
}

/** A prompt's questions, and the answers of its pictures: one list of a yes or no for each question, per picture. */
export interface DpgPrompt {
  readonly questions: readonly DpgQuestion[];
  readonly answers: readonly (readonly boolean[])[];
}

/** What the benchmark makes of the answers. */
export interface DpgScore {
  /** Mean over prompts of the mean over pictures of the share of questions that count, times 100. */
  readonly overall: number;
  /** Share of questions answered with yes before any was set to no, times 100: what category scores are made of. */
  readonly answeredYes: number;
}

/**
 * The score of answered questions.
 * @param prompts at least one, each with a question and a picture at least
 * @throws RangeError where a list is empty, an answer is missing, or a parent does not exist
 * @example dpgScore([{ questions: [{ parents: [] }, { parents: [0] }], answers: [[false, true]] }]).overall // 0
 */
export function dpgScore(prompts: Iterable<DpgPrompt>): DpgScore {
  let sum = 0;
  let count = 0;
  let yes = 0;
  let asked = 0;
  for (const { questions, answers } of prompts) {
    if (questions.length === 0 || answers.length === 0)
      throw new RangeError(
        `Cannot score DPG-Bench: a question and a picture are needed for each prompt, got ${questions.length} and ${answers.length}`,
      );
    let promptSum = 0;
    for (const picture of answers) {
      promptSum += countingAnswers(questions, picture).filter(Boolean).length / questions.length;
      yes += picture.filter(Boolean).length;
      asked += picture.length;
    }
    sum += promptSum / answers.length;
    count++;
  }
  if (count === 0) throw new RangeError("Cannot score DPG-Bench: prompts are needed, got none");
  return { overall: (100 * sum) / count, answeredYes: (100 * yes) / asked };
}

/**
 * The answers of one picture after those are set to no that depend on a no, in the order of the list: a no passes on
 * to grandchildren where the child comes before them.
 * @throws RangeError where an answer is missing or a parent does not exist
 */
export function countingAnswers(questions: readonly DpgQuestion[], picture: readonly boolean[]): boolean[] {
  if (picture.length !== questions.length)
    throw new RangeError(
      `Cannot score DPG-Bench: an answer to each of ${questions.length} questions is needed, got ${picture.length}`,
    );
  const counting = [...picture];
  for (const [at, { parents }] of questions.entries())
    for (const parent of parents) {
      const answer = counting[parent];
      if (answer === undefined)
        throw new RangeError(
          `Cannot score DPG-Bench: a parent out of ${questions.length} questions is needed, got ${parent}`,
        );
      if (!answer) counting[at] = false;
    }
  return counting;
}
