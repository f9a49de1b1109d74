/** GenEval: its score, its standard error against simulation, and what two printed shares say of its prompts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  drawGeneval,
  type GenevalImage,
  type GenevalShares,
  genevalCorrelation,
  genevalCorrelationInterval,
  genevalOverall,
  genevalRightPrompts,
  genevalScore,
  genevalShares,
  genevalStandardError,
  genevalTasks,
  promptsNeeded,
  significantDifference,
  simulateGeneval,
} from "gpic-lab/benchmark";
import { claim } from "gpic-lab/claims";

const sdxl: GenevalShares = genevalShares(
  (task) => claim(`imagenet-t2i/baselines-from-their-own-sources/geneval/SDXL/${task}`).number,
);
const all = (share: number) => genevalShares(() => share);
const RUNS = 600;

function judged(right: (task: string, prompt: number, image: number) => boolean): GenevalImage[] {
  return genevalTasks.flatMap(({ task, prompts }) =>
    Array.from({ length: prompts * 4 }, (_, i) => {
      const prompt = Math.floor(i / 4);
      return { task, prompt, isRight: right(task, prompt, i % 4) };
    }),
  );
}

test("there are 553 prompts and 2,212 pictures", () => {
  const { images, prompts, overall } = genevalScore(judged(() => true));
  assert.deepEqual([images, prompts, overall], [2212, 553, 1]);
});

test("the overall score is the plain mean of tasks, not the share of right pictures", () => {
  const score = genevalScore(judged((task) => task === "single_object"));
  assert.equal(score.overall, 1 / 6);
  assert.equal(score.rightImages, 320 / 2212);
  assert.equal(score.tasks.single_object, 1);
});

test("a prompt is right where one of its pictures is, and prompts of two tasks with one name are two", () => {
  const score = genevalScore(judged((_, prompt, image) => prompt < 40 && image === 3));
  assert.equal(score.rightPrompts, 240 / 553);
  assert.equal(score.rightImages, 240 / 2212);
  assert.equal(score.tasks.counting, 40 / 320);
});

test("the order of the pictures does not matter", () => {
  const images = judged((task, prompt, image) => (prompt * 7 + image + task.length) % 3 === 0);
  assert.deepEqual(genevalScore([...images].reverse()), genevalScore(images));
});

test("a task without pictures and an unknown task are refused", () => {
  const images = judged(() => true);
  assert.throws(
    () => genevalScore(images.filter(({ task }) => task !== "colors")),
    /pictures of every task are needed, got none of colors/,
  );
  const unknown = [{ task: "__proto__", prompt: 1, isRight: true }] as unknown as GenevalImage[];
  assert.throws(() => genevalScore(unknown), /a task out of single_object/);
  assert.throws(() => genevalOverall({ ...sdxl, position: 1.2 }), /0 to 1 is needed for position, got 1.2/);
});

test("of SDXL's cells the standard error is 0.008 with independent pictures, and twice that with four copies", () => {
  // one task by hand: sqrt(sum of p (1 - p) / n) / 6, n pictures or n prompts
  const byHand = (perPrompt: number) =>
    Math.sqrt(
      genevalTasks.reduce(
        (sum, { task, prompts }) => sum + (sdxl[task] * (1 - sdxl[task])) / (prompts * perPrompt),
        0,
      ),
    ) / 6;
  const independent = genevalStandardError({ shares: sdxl, correlation: 0 });
  const copies = genevalStandardError({ shares: sdxl, correlation: 1 });
  assert.ok(Math.abs(independent - byHand(4)) < 1e-15);
  assert.ok(Math.abs(copies - byHand(1)) < 1e-15);
  assert.equal(independent.toFixed(3), "0.008");
  assert.equal(copies.toFixed(3), "0.016");
});

test("with one share in all tasks the error is a binomial's of the harmonic mean of the tasks", () => {
  const harmonic = 6 / genevalTasks.reduce((sum, { prompts }) => sum + 1 / prompts, 0);
  const error = genevalStandardError({ shares: all(0.5), correlation: 0 });
  assert.ok(Math.abs(error - Math.sqrt(0.25 / (6 * 4 * harmonic))) < 1e-15);
});

for (const correlation of [0, 0.3, 0.7, 1])
  test(`simulated scores vary as the closed form says at a correlation of ${correlation}`, () => {
    const { mean, standardError } = simulateGeneval({ shares: sdxl, correlation, runs: RUNS, seed: "law" });
    const expected = genevalStandardError({ shares: sdxl, correlation });
    // a standard deviation of n normal numbers has a relative error of 1 / sqrt(2 n) = 2.9 %: four of it
    assert.ok(Math.abs(standardError / expected - 1) < 0.116, `${standardError} for ${expected}`);
    assert.ok(Math.abs(mean - genevalOverall(sdxl)) < (4 * expected) / Math.sqrt(RUNS), `${mean}`);
  });

test("prompts vary by what they differ in, pictures by the rest: the two errors add up to all prompts' variance", () => {
  for (const correlation of [0, 0.25, 0.6, 1]) {
    const variance = (over: "prompts" | "pictures") =>
      genevalStandardError({ shares: sdxl, correlation, over }) ** 2;
    const difficulty = correlation * genevalStandardError({ shares: sdxl, correlation: 1 }) ** 2;
    assert.ok(Math.abs(variance("pictures") + difficulty - variance("prompts")) < 1e-18);
  }
  assert.equal(genevalStandardError({ shares: sdxl, correlation: 1, over: "pictures" }), 0);
});

test("the same seed gives the same runs, another one others, and a perfect model never varies", () => {
  const run = (seed: number) => [
    ...simulateGeneval({ shares: sdxl, correlation: 0.4, runs: 5, seed }).scores,
  ];
  assert.deepEqual(run(1), run(1));
  assert.notDeepEqual(run(1), run(2));
  const perfect = simulateGeneval({ shares: all(1), correlation: 0.4, runs: 3, seed: 1 });
  assert.deepEqual([perfect.mean, perfect.standardError], [1, 0]);
});

test("with independent pictures 1 - (1 - p)^4 of the prompts have a right one, with copies p", () => {
  assert.ok(Math.abs(genevalRightPrompts(all(0.3), 0) - (1 - 0.7 ** 4)) < 1e-15);
  assert.ok(Math.abs(genevalRightPrompts(all(0.3), 1) - 0.3) < 1e-15);
});

test("the correlation that made a share of right prompts is found again", () => {
  for (const correlation of [0, 0.1, 0.5, 0.9]) {
    const found = genevalCorrelation(sdxl, genevalRightPrompts(sdxl, correlation));
    assert.ok(Math.abs(found - correlation) < 1e-9, `${found} for ${correlation}`);
  }
  assert.throws(() => genevalCorrelation(all(0.5), 0.95), /a share of prompts from 0.5 to 0.9375 is needed/);
});

test("simulated pictures, scored as the benchmark does, have as many right prompts as their correlation leads to", () => {
  for (const correlation of [0, 0.5, 1]) {
    const scores = Array.from({ length: 40 }, (_, seed) =>
      genevalScore(drawGeneval({ shares: sdxl, correlation, seed })),
    );
    const mean = scores.reduce((sum, { rightPrompts }) => sum + rightPrompts, 0) / scores.length;
    // a share of 40 x 553 prompts has a standard error of at most 0.5 / sqrt(22,120) = 0.0034: four of it
    const expected = genevalRightPrompts(sdxl, correlation);
    assert.ok(Math.abs(mean - expected) < 0.0135, `${mean} for ${expected}`);
  }
});

test("the interval of a correlation holds the true one in 19 of 20 printouts, and is one point where nothing varies", () => {
  const truth = 0.4;
  const held = Array.from({ length: 120 }, (_, seed) => {
    const { tasks, rightPrompts } = genevalScore(drawGeneval({ shares: sdxl, correlation: truth, seed }));
    const correlation = genevalCorrelation(tasks, rightPrompts);
    const { low, high } = genevalCorrelationInterval({ shares: tasks, correlation, seed, runs: 100 });
    assert.ok(low <= correlation && correlation <= high);
    return low <= truth && truth <= high;
  }).filter(Boolean).length;
  // 114 of 120 are expected; the 2.5 % ends of 100 runs and a binomial's four standard deviations leave this much room
  assert.ok(held >= 102, `${held} of 120`);
  const copies = { shares: all(0.5), correlation: 1, seed: 1, runs: 50 };
  assert.ok(genevalCorrelationInterval(copies).low > 0.999_999);
  assert.throws(() => genevalCorrelationInterval({ ...copies, runs: 1 }), /at least 2 runs/);
});

test("a drawn run is one of the simulated ones", () => {
  const options = { shares: sdxl, correlation: 0.4, seed: "same" };
  const { scores } = simulateGeneval({ ...options, runs: 2 });
  assert.ok(Math.abs(genevalScore(drawGeneval(options)).overall - scores[0]!) < 1e-15);
});

test("a difference of two scores is significant from 1.96 sqrt(2) standard errors on", () => {
  assert.ok(Math.abs(significantDifference([0.01, 0.01]) - 1.959963984540054 * Math.SQRT2 * 0.01) < 1e-12);
  assert.ok(Math.abs(significantDifference([3, 4], 0.9) - 1.6448536269514722 * 5) < 1e-9);
});

test("a benchmark with as many prompts as are needed finds the gain as often as was wanted", () => {
  const error = genevalStandardError({ shares: all(0.5), correlation: 0.2 });
  const gain = 0.03;
  const factor = promptsNeeded(gain, [error, error]);
  // (1.96 + 0.8416)^2 = 7.849 times the variance of the difference over the square of the gain
  assert.ok(Math.abs(factor - (7.8489 * 2 * error ** 2) / gain ** 2) < 1e-4 * factor);
  assert.ok(promptsNeeded(2 * gain, [error, error]) * 4 - factor < 1e-12);
});

test("what is no share, correlation or number of runs is refused", () => {
  const options = { shares: sdxl, correlation: 0, runs: 2, seed: 1 };
  assert.throws(() => simulateGeneval({ ...options, runs: 1 }), /at least 2 runs are needed, got 1/);
  for (const correlation of [-0.1, 1.1, Number.NaN])
    assert.throws(() => genevalStandardError({ shares: sdxl, correlation }), /a correlation from 0 to 1/);
  assert.throws(() => genevalStandardError({ shares: all(2), correlation: 0 }), /a share from 0 to 1/);
  assert.throws(() => simulateGeneval({ ...options, imagesPerPrompt: 0 }), /a whole number from 1/);
});
