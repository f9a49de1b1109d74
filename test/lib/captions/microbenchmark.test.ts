import assert from "node:assert/strict";
import { test } from "node:test";
import {
  captioningHours,
  type JudgeScore,
  type JudgeScores,
  jointScores,
  judgeAxes,
  judgeQuestion,
  judgeScores,
  rateByLength,
  requiredRate,
  scoreCorrelation,
  scoreLaw,
  scoreMean,
  scoreMicrobenchmark,
  scorePower,
  scoreVariance,
  simulateScorePower,
} from "gpic-lab/captions";
import { claim } from "gpic-lab/claims";
import { Random } from "gpic-lab/core";
import { answerSchema, checkAnswer } from "gpic-lab/vlm";

const IMAGES = Number(claim("captions/microbenchmark/images").value);
const SMALL = Number(claim("captions/microbenchmark/qwen3-vl-4b/overall").value);
const LARGE = Number(claim("captions/microbenchmark/qwen3-vl-30b-a3b/overall").value);

function scores(overall: JudgeScore, others: JudgeScore = null): JudgeScores {
  return Object.fromEntries(judgeAxes.map((axis, i) => [axis, i === 0 ? overall : others])) as JudgeScores;
}

test("the judge's axes, scores and N/A are the paper's, and its answer is read to the letter", () => {
  const question = judgeQuestion({ human: 'A "boat".', written: "Ignore this.\nA boat." });
  const keys = claim("captions/microbenchmark/judge/keys").value as string[];
  assert.deepEqual(Object.keys(question.fields).sort(), [...keys].sort());
  const mayBeNone = claim("captions/microbenchmark/judge/not-applicable-allowed").value as string[];
  const none = Object.entries(question.fields).flatMap(([name, field]) =>
    "words" in field && field.words.includes("N/A") ? [name] : [],
  );
  assert.deepEqual(none.sort(), [...mayBeNone].sort());
  assert.deepEqual((answerSchema(question).required as string[]).length, 6);
  assert.ok(question.prompt.endsWith('REFERENCE: "A \\"boat\\"."\nCANDIDATE: "Ignore this.\\nA boat."'));
  const answer = {
    ...{ overall_summary: "2", counting_accuracy: "N/A", spatial_understanding: "0", attribute_binding: "1" },
    ...{ ocr_text_accuracy: "N/A", explanation: "x" },
  };
  const read = checkAnswer(question, JSON.stringify(answer));
  assert.ok("value" in read);
  assert.deepEqual(Object.values(judgeScores(read.value)), [2, null, 0, 1, null]);
  assert.ok("problem" in checkAnswer(question, JSON.stringify({ ...answer, overall_summary: "N/A" })));
  assert.ok("problem" in checkAnswer(question, JSON.stringify({ ...answer, counting_accuracy: 2 })));
  assert.throws(() => judgeScores({ ...answer, overall_summary: "N/A" }), /overall_summary, got N\/A/);
});

test("an axis averages over the captions on which it applies, by caption and by type", () => {
  const judged = [
    { captionType: "short", scores: scores(2, 1) },
    { captionType: "short", scores: scores(2) },
    { captionType: "short", scores: scores(1, 2) },
    { captionType: "long", scores: scores(0) },
  ] as const;
  const { overCaptions, byType, overTypes } = scoreMicrobenchmark(judged);
  const [overall, counting] = overCaptions;
  assert.deepEqual([overall!.captions, overall!.mean, overall!.counts], [4, 1.25, [1, 1, 2]]);
  assert.deepEqual([counting!.captions, counting!.notApplicable, counting!.mean], [2, 2, 1.5]);
  // variance (0.5625 + 0.5625 + 0.0625 + 1.5625) / 3, t of 3 degrees 3.18245: half 1.5234
  assert.ok(Math.abs(overall!.interval.low - 0) < 1e-12 && overall!.interval.high === 2);
  assert.deepEqual(
    byType.map(({ captionType, axes }) => [captionType, axes[0]!.mean, axes[1]!.captions]),
    [
      ["long", 0, 0],
      ["short", 5 / 3, 2],
    ],
  );
  assert.deepEqual([overTypes[0]!.mean, overTypes[1]!.mean, overTypes[1]!.types], [5 / 6, 1.5, 1]);
});

test("a caption without scores is in no mean, and is counted", () => {
  const judged = [
    { captionType: "short", scores: scores(2, 1) },
    { captionType: "medium", scores: undefined },
    { captionType: "short", scores: undefined },
  ] as const;
  const { captions, unjudged, overCaptions, byType } = scoreMicrobenchmark(judged);
  assert.deepEqual([captions, unjudged, overCaptions[0]!.mean, overCaptions[0]!.captions], [1, 2, 2, 1]);
  assert.deepEqual(
    byType.map(({ captionType }) => captionType),
    ["short"],
  );
  const none = scoreMicrobenchmark(judged.slice(1));
  assert.deepEqual([none.captions, none.unjudged, none.overCaptions[0]!.mean], [0, 2, Number.NaN]);
});

test("the interval of a mean holds the true mean as often as it says", () => {
  const law = scoreLaw(SMALL, 0.08);
  const random = new Random("interval");
  const repeats = 400;
  let held = 0;
  for (let i = 0; i < repeats; i++) {
    const judged = Array.from({ length: 300 }, () => {
      const u = random.next();
      const score = u < law[0] ? 0 : u < law[0] + law[1] ? 1 : 2;
      return { captionType: "short" as const, scores: scores(score) };
    });
    const { low, high } = scoreMicrobenchmark(judged).overCaptions[0]!.interval;
    if (low <= SMALL && SMALL <= high) held++;
  }
  // four standard errors of a share of 0.95 in 400
  assert.ok(Math.abs(held / repeats - 0.95) < 4 * Math.sqrt((0.95 * 0.05) / repeats), String(held));
});

test("laws of a mean lie between least and most variance, and joined ones keep their margins", () => {
  const [least, most] = [scoreLaw(SMALL, "least"), scoreLaw(SMALL, "most")];
  // scores of 1 and 2 alone: p (1 - p); of 0 and 2 alone: m (2 - m)
  assert.ok(Math.abs(scoreVariance(least) - 0.68 * 0.32) < 1e-12);
  assert.ok(Math.abs(scoreVariance(most) - 1.68 * 0.32) < 1e-12);
  for (const law of [least, most, scoreLaw(0.4, "least"), scoreLaw(1.68, 0.1)]) {
    assert.ok(Math.abs(law[0] + law[1] + law[2] - 1) < 1e-12);
    const joint = jointScores(law, scoreLaw(1.2, "least"), 0.3);
    joint.forEach((row, i) => {
      assert.ok(Math.abs(row.reduce((a, b) => a + b) - law[i]!) < 1e-12);
    });
  }
  assert.ok(Math.abs(scoreMean(scoreLaw(1.68, 0.1)) - 1.68) < 1e-12);
  assert.ok(Math.abs(scoreCorrelation(jointScores(least, least, 1)) - 1) < 1e-12);
  assert.ok(Math.abs(scoreCorrelation(jointScores(least, most, 0))) < 1e-12);
  assert.throws(() => scoreLaw(1.68, 0.2), /zeros from 0 to 0.16/);
  assert.throws(() => scoreLaw(2.1, "least"), RangeError);
  assert.throws(() => jointScores(least, most, 1.1), RangeError);
});

test("1.68 and 1.73 on 1,520 images: the closed form is the simulation, paired and unpaired, at both ends", () => {
  for (const end of ["least", "most"] as const) {
    const comparison = {
      ...{ first: scoreLaw(SMALL, end), second: scoreLaw(LARGE, end) },
      ...{ images: IMAGES, together: 0.5 },
    };
    const power = scorePower(comparison);
    const simulated = simulateScorePower(comparison, { seed: 2, repeats: 2000 });
    for (const way of ["paired", "unpaired"] as const) {
      const share = power[way].power;
      // four standard errors of the share, and 0.005 for the normal law of a mean
      const most = 4 * Math.sqrt((share * (1 - share)) / 2000) + 0.005;
      assert.ok(Math.abs(simulated[way] - share) < most, `${end} ${way}: ${share} ${simulated[way]}`);
    }
  }
});

test("whether a difference of 0.05 is seen hangs on what the paper does not print", () => {
  const power = (end: "least" | "most", images: number, together: number) =>
    scorePower({ first: scoreLaw(SMALL, end), second: scoreLaw(LARGE, end), images, together });
  // least: variances 0.2176 and 0.1971, standard error sqrt(0.4147 / 1520) = 0.016518; z = 3.027
  const best = power("least", IMAGES, 0);
  assert.ok(Math.abs(best.unpaired.standardError - Math.sqrt(0.4147 / 1520)) < 1e-12);
  assert.ok(Math.abs(best.unpaired.power - 0.857) < 0.001);
  // 2.80159 standard errors for four of five
  assert.ok(Math.abs(best.unpaired.visibleDifference / best.unpaired.standardError - 2.80159) < 1e-4);
  const worst = power("most", IMAGES, 0);
  assert.ok(worst.unpaired.power > 0.49 && worst.unpaired.power < 0.5);
  assert.ok(worst.unpaired.visibleDifference > 0.07);
  // without relation pairing gains nothing, with one it does
  assert.equal(worst.paired.power, worst.unpaired.power);
  assert.ok(power("most", IMAGES, 1).paired.power > 0.999);
  const short = Number(claim("captions/microbenchmark/short").value);
  assert.ok(power("least", short, 0).unpaired.power < 0.6);
});

test("where there is no difference a test finds one as often as alpha says", () => {
  const law = scoreLaw(SMALL, 0.05);
  const comparison = { first: law, second: law, images: 400, together: 0.5, alpha: 0.1 };
  assert.equal(scorePower(comparison).paired.power, 0.1);
  const simulated = simulateScorePower(comparison, { seed: 5, repeats: 2000 });
  for (const way of ["paired", "unpaired"] as const)
    assert.ok(Math.abs(simulated[way] - 0.1) < 4 * Math.sqrt(0.09 / 2000) + 0.005, String(simulated[way]));
  assert.deepEqual(
    simulateScorePower(comparison, { seed: 5, repeats: 50 }),
    simulateScorePower(comparison, { seed: 5, repeats: 50 }),
  );
  assert.throws(() => scorePower({ ...comparison, images: 1 }), RangeError);
  assert.throws(() => simulateScorePower(comparison, { seed: 1, repeats: 0 }), RangeError);
});

test("hours add up, and a rate by length lies on the line through two", () => {
  assert.ok(
    Math.abs(
      captioningHours([
        { images: 3600, imagesPerSecond: 1 },
        { images: 7200, imagesPerSecond: 4 },
      ]) - 1.5,
    ) < 1e-12,
  );
  assert.ok(Math.abs(requiredRate(1e8, 1500) - 18.5185) < 1e-4);
  const [a, b] = [
    { words: 20, imagesPerSecond: 50 },
    { words: 40, imagesPerSecond: 40 },
  ];
  for (const { words, imagesPerSecond } of [a, b])
    assert.ok(Math.abs(rateByLength(a, b, words) - imagesPerSecond) < 1e-9);
  assert.ok(Math.abs(rateByLength(a, b, 100) - 25) < 1e-9);
  assert.throws(() => rateByLength(a, a, 30), RangeError);
  assert.throws(() => captioningHours([{ images: 1, imagesPerSecond: 0 }]), /a rate above 0/);
  assert.throws(() => requiredRate(1, 0), RangeError);
});
