/**
 * GenEval's score: the share of right images in six tasks, and their plain mean.
 *
 * A detector looks at four pictures of each of 553 prompts ("a photo of two clocks") and says of each whether it shows
 * what was asked. Source: arXiv:2310.11513 and its scoring script, as facts; the detector itself is not here.
 */

/** A task of GenEval. */
export type GenevalTask =
  | "single_object"
  | "two_object"
  | "counting"
  | "colors"
  | "position"
  | "color_attribution";

/** The tasks in the order of the published table, with an example of a prompt and how many there are. */
export const genevalTasks: readonly {
  readonly task: GenevalTask;
  readonly prompts: number;
  readonly example: string;
}[] = [
  { task: "single_object", prompts: 80, example: "a photo of a bench" },
  { task: "two_object", prompts: 99, example: "a photo of a bench and a snowboard" },
  { task: "counting", prompts: 80, example: "a photo of two clocks" },
  { task: "colors", prompts: 94, example: "a photo of a blue fire hydrant" },
  { task: "position", prompts: 100, example: "a photo of a dog right of a teddy bear" },
  { task: "color_attribution", prompts: 100, example: "a photo of a purple wine glass and a black apple" },
];

/** Pictures that are made of each prompt. */
export const GENEVAL_IMAGES_PER_PROMPT = 4;

/** A share for each task. */
export type GenevalShares = Readonly<Record<GenevalTask, number>>;

/** What the detector said of one picture. */
export interface GenevalImage {
  readonly task: GenevalTask;
  /** Any name of the prompt that is the same for its pictures. */
  readonly prompt: string | number;
  readonly isRight: boolean;
}

/** What GenEval's script prints. */
export interface GenevalScore {
  /** Plain mean of the six tasks, whatever their numbers of prompts. */
  readonly overall: number;
  readonly tasks: GenevalShares;
  /** Share of all pictures that are right: not the overall score. */
  readonly rightImages: number;
  /** Share of prompts of which at least one picture is right. */
  readonly rightPrompts: number;
  readonly images: number;
  readonly prompts: number;
}

/**
 * The scores of judged pictures.
 * @param images in any order; of each task at least one
 * @throws RangeError where a task is unknown or has no picture
 * @example genevalScore(judged).overall // 0.55
 */
export function genevalScore(images: Iterable<GenevalImage>): GenevalScore {
  const counts = new Map(genevalTasks.map(({ task }) => [task, { images: 0, right: 0 }]));
  const prompts = new Map<string, boolean>();
  for (const { task, prompt, isRight } of images) {
    const count = counts.get(task);
    if (count === undefined)
      throw new RangeError(
        `Cannot score GenEval: a task out of ${[...counts.keys()].join(", ")} is needed, got ${JSON.stringify(task)}`,
      );
    count.images++;
    if (isRight) count.right++;
    const name = `${task} ${typeof prompt} ${prompt}`;
    prompts.set(name, isRight || prompts.get(name) === true);
  }
  const empty = [...counts].find(([, count]) => count.images === 0)?.[0];
  if (empty !== undefined)
    throw new RangeError(`Cannot score GenEval: pictures of every task are needed, got none of ${empty}`);
  const tasks = genevalShares((task) => {
    const { images, right } = counts.get(task) ?? { images: 0, right: 0 };
    return right / images;
  });
  const total = [...counts.values()].reduce((sum, count) => sum + count.images, 0);
  return {
    overall: genevalOverall(tasks),
    tasks,
    rightImages: [...counts.values()].reduce((sum, count) => sum + count.right, 0) / total,
    rightPrompts: [...prompts.values()].filter(Boolean).length / prompts.size,
    images: total,
    prompts: prompts.size,
  };
}

/**
 * The overall score of six task scores: their plain mean.
 * @throws RangeError where one is missing or no share
 */
export function genevalOverall(shares: GenevalShares): number {
  checkShares(shares, "average GenEval's tasks");
  return genevalTasks.reduce((sum, { task }) => sum + shares[task], 0) / genevalTasks.length;
}

/** One share for each task. */
export function genevalShares(share: (task: GenevalTask) => number): GenevalShares {
  return Object.fromEntries(genevalTasks.map(({ task }) => [task, share(task)])) as Record<
    GenevalTask,
    number
  >;
}

/** @throws RangeError where a task has no share from 0 to 1 */
export function checkShares(shares: GenevalShares, action: string): void {
  for (const { task } of genevalTasks)
    if (!(shares[task] >= 0 && shares[task] <= 1))
      throw new RangeError(
        `Cannot ${action}: a share from 0 to 1 is needed for ${task}, got ${shares[task]}`,
      );
}
