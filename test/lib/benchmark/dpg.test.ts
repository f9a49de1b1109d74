/** DPG-Bench: its score with dependent questions, and simulated errors against closed forms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countingAnswers,
  DPG_BENCH,
  type DpgModel,
  dependentShare,
  dpgErrorLandmarks,
  dpgScore,
  drawDpg,
  expectedDpg,
  simulateDpg,
} from "gpic-lab/benchmark";

const question = (...parents: readonly number[]) => ({ parents });
const RUNS = 200;
/** Relative error of a standard deviation of 200 normal numbers is 5 %: four of it. */
const ROOM = 0.2;

test("a yes counts only where all that it depends on is a yes, and a no passes on down the list", () => {
  const chain = [question(), question(0), question(1), question()];
  assert.deepEqual(countingAnswers(chain, [false, true, true, true]), [false, false, false, true]);
  assert.deepEqual(countingAnswers(chain, [true, false, true, false]), [true, false, false, false]);
  assert.deepEqual(countingAnswers([question(), question(), question(0, 1)], [true, false, true]), [
    true,
    false,
    false,
  ]);
});

test("the zeroing runs in the order of the list: a grandchild before its parent keeps its yes", () => {
  // question 0 hangs on 1, which hangs on 2
  const backwards = [question(1), question(2), question()];
  assert.deepEqual(countingAnswers(backwards, [true, true, false]), [true, false, false]);
});

test("pictures are averaged within a prompt, prompts among each other, whatever their numbers of questions", () => {
  const score = dpgScore([
    {
      questions: [question(), question(0)],
      answers: [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ],
    },
    { questions: [question()], answers: [[true]] },
  ]);
  assert.equal(score.overall, 100 * ((1 + 0.5 + 0 + 0) / 4 / 2 + 1 / 2));
  // before the zeroing four of eight answers are yes, and the one of the other prompt
  assert.equal(score.answeredYes, (100 * 5) / 9);
});

test("no prompts, no questions, missing answers and strange parents are refused", () => {
  assert.throws(() => dpgScore([]), /prompts are needed, got none/);
  assert.throws(() => dpgScore([{ questions: [], answers: [[]] }]), /a question and a picture are needed/);
  assert.throws(() => dpgScore([{ questions: [question()], answers: [] }]), /got 1 and 0/);
  assert.throws(() => countingAnswers([question()], []), /an answer to each of 1 questions is needed, got 0/);
  assert.throws(() => countingAnswers([question(3)], [true]), /a parent out of 1 questions is needed, got 3/);
});

function simulated(model: DpgModel) {
  return simulateDpg(model, { runs: RUNS, seed: "law" });
}

function assertNear(actual: number, expected: number, room: number): void {
  assert.ok(Math.abs(actual - expected) <= room, `${actual} for ${expected} within ${room}`);
}

test("questions that depend on nothing: the mean is the chance, the error has a closed form", () => {
  for (const [betweenImages, betweenQuestions] of [
    [0, 0],
    [0.5, 0],
    [0.5, 0.3],
    [1, 1],
  ] as const) {
    const [yes, questions] = [0.8, 6];
    const model = { yes, questions, roots: questions, betweenImages, betweenQuestions };
    // pairs of a prompt's 4 x 6 answers: of one question, and of two questions
    const perPrompt =
      ((yes * (1 - yes)) / (4 * questions)) *
      (1 + 3 * betweenImages + 4 * (questions - 1) * betweenImages * betweenQuestions);
    const expected = 100 * Math.sqrt(perPrompt / DPG_BENCH.prompts);
    const { mean, standardError } = simulated(model);
    assertNear(standardError, expected, ROOM * expected);
    assertNear(mean, 100 * yes, (4 * expected) / Math.sqrt(RUNS));
  }
});

test("independent answers and all-or-nothing prompts are the two landmarks, at any number of questions", () => {
  const shared = { yes: 0.75, questions: 8, roots: 8 };
  const { independent, allOrNothing } = dpgErrorLandmarks(75, 8);
  const least = simulated({ ...shared, betweenImages: 0, betweenQuestions: 0 }).standardError;
  const most = simulated({ ...shared, betweenImages: 1, betweenQuestions: 1 }).standardError;
  assertNear(least, independent, ROOM * independent);
  assertNear(most, allOrNothing, ROOM * allOrNothing);
});

test("one root with all others on it: mean and error follow from the first two moments of root times children", () => {
  const [q, n] = [0.7, 5];
  const model = { yes: q, questions: n, roots: 1, betweenImages: 0, betweenQuestions: 0 };
  const { mean, standardError } = simulated(model);
  const children = (n - 1) * q;
  const first = (q * (1 + children)) / n;
  // E (1 + C)^2 of a binomial C of n - 1
  const second = (q * (1 + 2 * children + children * (1 - q) + children * children)) / n ** 2;
  const expected = 100 * Math.sqrt((second - first * first) / 4 / DPG_BENCH.prompts);
  assertNear(first * 100, expectedDpg(model), 1e-12);
  assertNear(mean, 100 * first, (4 * expected) / Math.sqrt(RUNS));
  assertNear(standardError, expected, ROOM * expected);
});

test("a drawn run, scored as the benchmark does, is one of the simulated ones", () => {
  for (const roots of [1, 5, 7]) {
    const model = { yes: 0.8, questions: 7, roots, betweenImages: 0.4, betweenQuestions: 0.2 };
    const { scores } = simulateDpg(model, { runs: 2, seed: "same" });
    const { overall, answeredYes } = dpgScore(drawDpg(model, { seed: "same" }));
    assertNear(scores[0]!, overall, 1e-10);
    // 29,820 answers of which those of a prompt are alike: at most all 28, so a standard error of 1.23: four of it
    assertNear(answeredYes, 80, 5);
  }
});

test("the share of dependent questions is found again from the score that it leads to", () => {
  const overall = expectedDpg({ yes: 0.83, questions: 12, roots: 5 });
  assertNear(dependentShare(0.83, overall), 7 / 12, 1e-12);
  assert.equal(dependentShare(0.8, 80), 0);
});

test("the same seed gives the same runs, and what is no model is refused", () => {
  const model = { yes: 0.8, questions: 6, roots: 3, betweenImages: 0.4, betweenQuestions: 0.1 };
  const few = { runs: 2, seed: 5, prompts: 30 };
  assert.deepEqual(simulateDpg(model, few), simulateDpg(model, few));
  assert.throws(
    () => simulateDpg({ ...model, roots: 7 }, few),
    /roots from 1 to the questions are needed, got 7 of 6/,
  );
  assert.throws(() => simulateDpg({ ...model, yes: 1.5 }, few), /yes from 0 to 1 is needed, got 1.5/);
  assert.throws(() => simulateDpg(model, { ...few, runs: 1 }), /at least 2 runs/);
});
