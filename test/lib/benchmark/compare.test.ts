/** A score of features against features: golden values, what must hold of any score, and what is refused. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compareFeatures, openSide, SCORE_NAMES, type ScoreSide, trainingText } from "gpic-lab/benchmark";
import { type FeatureRows, momentsOf } from "gpic-lab/features";
import { packageFile } from "gpic-lab/io";
import { frechetDistance, memorisation } from "gpic-lab/metrics";
import { flaggedByChance } from "../../../lib/benchmark/chance-flags.js";
import { sampleSizeFinding } from "../../../lib/benchmark/score-sample-size.js";
import { gaussianRows, madeProvenance, madeSide, momentsSide } from "./made-sides.js";

interface Golden {
  readonly cases: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const golden = (file: string) => packageFile("test", "golden", "metrics", file);
const { cases } = JSON.parse(readFileSync(golden("expected.json"), "utf8")) as Golden;

for (const [name, expected] of Object.entries(cases))
  test(`golden values of the reference implementations: ${name}`, async () => {
    const score = await compareFeatures({
      real: await openSide(golden(`${name}.real.npy`)),
      generated: await openSide(golden(`${name}.generated.npy`)),
    });
    // eigenvalues' rounding, 1e-16 of the largest, some hundred times
    for (const term of ["fd", "fd_mu", "fd_sigma"] as const) {
      const difference = Math.abs(score.values[term]! - expected[term]!);
      assert.ok(difference < 1e-11 * expected.fd!, `${term} differs by ${difference}`);
    }
    // counts over counts
    for (const share of ["precision", "recall", "density", "coverage"] as const)
      assert.ok(Math.abs(score.values[share]! - expected[share]!) < 1e-12, share);
    const { mmd } = score.intervals;
    assert.ok(mmd!.low <= expected.mmd2_all_pairs! && expected.mmd2_all_pairs! <= mmd!.high, "MMD");
  });

test("every number lies in its interval, the seed decides all draws, and another seed moves only what is drawn", async () => {
  const sides = {
    real: madeSide("real.npy", gaussianRows(300, 8, "real")),
    generated: madeSide("generated.npy", gaussianRows(200, 8, "generated", { mean: 0.3 })),
  };
  const score = await compareFeatures(sides, { seed: 3 });
  for (const name of SCORE_NAMES) {
    const [value, interval] = [score.values[name]!, score.intervals[name]!];
    assert.ok(interval.low <= value && value <= interval.high, `${name}: ${value}`);
  }
  assert.deepEqual(await compareFeatures(sides, { seed: 3 }), score);
  const other = await compareFeatures(sides, { seed: 4 });
  assert.equal(other.values.fd, score.values.fd);
  assert.equal(other.values.precision, score.values.precision);
  assert.notDeepEqual(other.intervals.fd, score.intervals.fd);
});

test("images of the real law score as perfect images do, blurred ones worse, and copies better than they could", async () => {
  const real = madeSide("real.npy", gaussianRows(2000, 8, "law"));
  const of = async (rows: FeatureRows) =>
    (await compareFeatures({ real, generated: madeSide("g.npy", rows) })).sampleSize!;
  const same = await of(gaussianRows(500, 8, "another draw"));
  // b of a normal law: 5/4 Tr S + 1/2 sum of r_i r_j / (r_i + r_j), here with variances 1, 1/2, ... 1/8
  const variances = Array.from({ length: 8 }, (_, i) => 1 / (1 + i));
  let b = 0;
  for (const r of variances) {
    b += 1.25 * r;
    for (const other of variances) b += (0.5 * r * other) / (r + other);
  }
  // 16 shuffles of one sample: some per cent
  assert.ok(Math.abs(same.bias!.b / b - 1) < 0.2, `b = ${same.bias!.b}, not ${b}`);
  assert.equal(same.method, "law");
  const [low, high] = [same.perfectInterval.low, same.perfectInterval.high].map((end) => end / same.perfect);
  assert.ok(low! > 0.3 && high! < 2.2, `${low} to ${high}`);
  assert.ok(low! <= same.ratio && same.ratio <= high!, `ratio ${same.ratio}`);
  assert.ok((await of(gaussianRows(500, 8, "narrow", { scale: 0.7 }))).ratio > 5);
  const copies = { ...real.rows!, count: 1000, data: real.rows!.data.slice(0, 8000) };
  const found = await compareFeatures({ real, generated: madeSide("copies.npy", copies) });
  assert.ok(found.sampleSize!.ratio < 1);
  assert.match(found.missing.join(" "), /below what images of the real law have in 97\.5 % of draws/);
});

// n below the features, between them and the law's beginning, and rows too few for the law
for (const [width, realCount, count] of [
  [64, 1200, 12],
  [32, 600, 40],
  [64, 320, 10],
  [64, 320, 160],
] as const)
  test(`${count} perfect images of ${width} features, against ${realCount}: what they would score is what they do score`, async () => {
    const real = madeSide("real.npy", gaussianRows(realCount, width, "law"));
    const { moments } = momentsSide("real.npy", real.rows!);
    let [below, total, expected] = [0, 0, 0];
    for (let draw = 0; draw < 8; draw++) {
      const generated = madeSide("g.npy", gaussianRows(count, width, `perfect ${draw}`));
      const { fd } = await frechetDistance({ real: moments!, generated: generated.rows! });
      const { effect, missing } = await sampleSizeFinding({ real, generated }, fd, {
        ...{ bias: undefined, explained: undefined, seed: draw },
      });
      assert.equal(effect!.method, "draws");
      below += missing.length;
      total += fd;
      expected += effect!.perfect;
    }
    // the mean of eight scores whose scatter is a tenth, against draws out of one set of rows
    assert.ok(Math.abs(expected / total - 1) < 0.12, `${expected / total}`);
    // 2.5 % of perfect images lie below: two of eight would be an accident of one in sixty
    assert.ok(below <= 1, `${below} of 8 below`);
  });

test("what perfect images score is not known where rows are too few for law and draws, and the reason says so", async () => {
  const { sampleSize, missing } = await compareFeatures({
    real: madeSide("real.npy", gaussianRows(100, 32, "real")),
    generated: madeSide("g.npy", gaussianRows(60, 32, "g")),
  });
  assert.equal(sampleSize, undefined);
  assert.match(
    missing.join(" "),
    /perfect images .* is not known: at least 120 real rows are needed, got 100/,
  );
});

test("moments alone give a Frechet distance alone, and the rest is null with the reason", async () => {
  const rows = gaussianRows(300, 6, "real");
  const generated = madeSide("g.npy", gaussianRows(120, 6, "g"));
  const whole = await compareFeatures({ real: madeSide("r.npy", rows), generated });
  const { values, missing, counts, sampleSize } = await compareFeatures({
    real: momentsSide("r.npz", rows),
    generated,
  });
  // the same sums in another order
  assert.ok(Math.abs(values.fd! - whole.values.fd!) < 1e-12 * whole.values.fd! + 1e-12);
  for (const name of ["precision", "recall", "density", "coverage", "mmd"] as const)
    assert.equal(values[name], null);
  assert.equal(counts.real, null);
  assert.equal(sampleSize, undefined);
  assert.match(missing.join(" "), /need rows of both sides: the real side has a mean and a covariance alone/);
  assert.match(missing.join(" "), /the reference has no rows to measure it on/);
});

test("intervals and images are of the distance beside them: rows that the moments are not of say nothing", async () => {
  const all = gaussianRows(3000, 8, "all");
  const rows = { data: all.data.slice(0, 480), count: 60, width: 8 };
  const real = madeSide("r.npy", gaussianRows(1000, 8, "real"));
  for (const count of [3000, undefined, 60]) {
    const generated = madeSide("g.npz", rows, { moments: { ...momentsOf({ rows: all }), count } });
    const { values, intervals, images, missing } = await compareFeatures({ real, generated });
    assert.ok(values.fd !== null && values.precision !== null);
    assert.deepEqual(
      [intervals.fd, intervals.fd_mu, intervals.fd_sigma, images],
      [null, null, null, undefined],
    );
    assert.match(
      missing.join(" "),
      /No interval of the Frechet distance: the generated mean .* not those of the rows/,
    );
    assert.match(missing.join(" "), /Which images made the distance is not known/);
  }
  const { mean, covariance } = momentsOf({ rows });
  const rounded = { mean: mean.map(Math.fround), covariance: covariance.map(Math.fround), count: undefined };
  const own = await compareFeatures({ real, generated: madeSide("g.npz", rows, { moments: rounded }) });
  assert.ok(own.intervals.fd !== null && own.images !== undefined);
});

test("the image that stands far out is the least helpful one, by its name", async () => {
  const rows = gaussianRows(60, 4, "g");
  rows.data.set([30, 30, 30, 30], 17 * 4);
  const keys = Array.from({ length: 60 }, (_, row) => `image ${row}`);
  const { images } = await compareFeatures({
    real: madeSide("r.npy", gaussianRows(200, 4, "r")),
    generated: madeSide("g.npy", rows, { keys }),
  });
  assert.equal(images!.leastHelpful[0]!.key, "image 17");
  assert.ok(images!.leastHelpful[0]!.influence > 0);
  assert.equal(images!.mostHelpful.length, 20);
});

test("planted copies of training images are the nearest ones, and flagged", async () => {
  const training = gaussianRows(400, 8, "training");
  const generated = gaussianRows(200, 8, "generated");
  for (const row of [5, 50]) generated.data.set(training.data.subarray(row * 8, row * 8 + 8), row * 8);
  const { training: found } = await compareFeatures(
    { real: madeSide("r.npy", gaussianRows(300, 8, "held out")), generated: madeSide("g.npy", generated) },
    { training: madeSide("t.npy", training) },
  );
  const nearest = found!.nearest.slice(0, 2).map(({ row, trainingRow, distance, isFlagged }) => ({
    ...{ row, trainingRow, distance, isFlagged },
  }));
  assert.deepEqual(
    nearest.sort((a, b) => a.row - b.row),
    [
      { row: 5, trainingRow: 5, distance: 0, isFlagged: true },
      { row: 50, trainingRow: 50, distance: 0, isFlagged: true },
    ],
  );
  // two copies of 200 move no distance: chance makes such a gap
  assert.deepEqual([found!.gap.rows, found!.gap.pValue > 0.05], [300, true]);
  // 2 copies, and 1 % of 198 by chance: 9 would be an accident of one in ten thousand
  assert.ok(found!.flagged >= 2 && found!.flagged < 9, `${found!.flagged}`);
});

test("samples that are drawn from the training images have a gap that chance does not make", async () => {
  const training = gaussianRows(150, 8, "training");
  const generated = madeSide("g.npy", { ...training, count: 100, data: training.data.slice(0, 800) });
  const real = madeSide("r.npy", gaussianRows(150, 8, "held out"));
  const { training: found } = await compareFeatures(
    { real, generated },
    { training: madeSide("t.npy", training) },
  );
  assert.ok(found!.gap.training < found!.gap.heldOut);
  assert.equal(found!.gap.pValue, 1 / 20);
  assert.equal(found!.flagged, 100);
  assert.match(trainingText(found!, 100), /chance makes such a gap with p = 0\.05\.$/);
});

test("what chance flags is a bound that it keeps in 95 % of draws, not the number that it makes on average", async () => {
  // of 1,000 images of the held-out law 10 are expected with 99 held-out ones; passed in some four draws of ten
  const most = flaggedByChance({ samples: 1000, heldOut: 99, falseAlarmRate: 0.01 });
  assert.equal(most, 31);
  let [aboveMean, aboveBound] = [0, 0];
  for (let draw = 0; draw < 60; draw++) {
    const { flagged } = await memorisation({
      training: gaussianRows(60, 3, `training ${draw}`),
      heldOut: gaussianRows(99, 3, `held out ${draw}`),
      generated: gaussianRows(1000, 3, `generated ${draw}`),
    });
    if (flagged.length > 10) aboveMean++;
    if (flagged.length > most) aboveBound++;
  }
  // 3 of 60 are expected; 8 would be an accident of one in a hundred
  assert.ok(aboveMean > 10 && aboveBound <= 7, `${aboveMean} and ${aboveBound} of 60`);
  // the law's sum, by closed form: with one sample the chance is that of the threshold itself, 0.01
  assert.equal(flaggedByChance({ samples: 1, heldOut: 99, falseAlarmRate: 0.01 }), 0);
  assert.equal(flaggedByChance({ samples: 1, heldOut: 99, falseAlarmRate: 0.5 }), 1);
});

test("a training side that does not fit is refused under its own name, before a number is made", async () => {
  const real = madeSide("r.npy", gaussianRows(40, 8, "held out"));
  await assert.rejects(
    compareFeatures(
      { real, generated: madeSide("g.npy", gaussianRows(40, 8, "g")) },
      { training: madeSide("t.npy", gaussianRows(40, 7, "t")) },
    ),
    /8 for each real image \(r\.npy\) and 7 for each training one \(t\.npy\)/,
  );
});

const rows = gaussianRows(40, 8, "rows");
const plain = madeSide("a.npz", rows);
const named = (type: string) =>
  Array.from({ length: 40 }, (_, i) => `${type}${i.toString(16).padStart(64, "0")}`);
const refused: readonly [name: string, real: ScoreSide, generated: ScoreSide, message: RegExp][] = [
  [
    "one image",
    plain,
    madeSide("b.npy", gaussianRows(1, 8, "one")),
    /at least 2 images on each side .*got 1 generated image in b\.npy/,
  ],
  [
    "equal features",
    plain,
    madeSide("b.npy", { ...rows, data: new Float32Array(320).fill(2) }),
    /differ from image to image .*40 times the same 8 numbers/,
  ],
  [
    "a covariance of zeros",
    momentsSide("b.npz", { ...rows, data: new Float32Array(320) }),
    plain,
    /the same 8 numbers for every real image of b\.npz/,
  ],
  [
    "one file as both sides",
    { ...plain, sha256: "12".repeat(32) },
    { ...plain, sha256: "12".repeat(32) },
    /got the reference itself \(a\.npz\)/,
  ],
  [
    "other widths",
    plain,
    madeSide("b.npy", gaussianRows(40, 7, "narrow")),
    /8 for each real image \(a\.npz\) and 7 for each generated one/,
  ],
  [
    "rows on their side",
    plain,
    madeSide("b.npy", gaussianRows(8, 64, "wide")),
    /the generated rows lie on their side \(8 x 64\): transpose them/,
  ],
  [
    "other encoders by prefix",
    { ...plain, prefix: "dino" },
    { ...plain, prefix: "inception" },
    /dino \(real\) and inception \(generated\)/,
  ],
  [
    "other encoders by id",
    { ...plain, provenance: madeProvenance(40) },
    {
      ...plain,
      provenance: madeProvenance(40, { encoder: { ...madeProvenance(1).encoder, id: "dinov2-vitl14-reg" } }),
    },
    /dinov2-vitl14 with weights abab.* and dinov2-vitl14-reg/,
  ],
  [
    "other weights under one id",
    { ...plain, provenance: madeProvenance(40) },
    {
      ...plain,
      provenance: madeProvenance(40, {
        encoder: { ...madeProvenance(1).encoder, weightsSha256: "cd".repeat(32) },
      }),
    },
    /weights abab.* and .*weights cdcd/,
  ],
  [
    "other protocols",
    { ...plain, provenance: madeProvenance(40) },
    { ...plain, provenance: madeProvenance(40, { protocol: "edm2" }) },
    /one protocol .*gpic \(real\) and edm2 \(generated\)/,
  ],
  [
    "sides that are swapped",
    { ...plain, keys: named("long_") },
    { ...plain, keys: named(""), shards: Array.from({ length: 40 }, () => 0) },
    /swap them/,
  ],
];
for (const [name, real, generated, message] of refused)
  test(`refused, and named: ${name}`, async () => {
    await assert.rejects(compareFeatures({ real, generated }), (error: Error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, /^Cannot score: /);
      assert.match(error.message, message);
      return true;
    });
  });

test("hostile names come out harmless in a refusal", async () => {
  const generated = madeSide("\u001b[2J\u202e.npy", gaussianRows(1, 8, "one"));
  await assert.rejects(
    compareFeatures({ real: plain, generated }),
    /got 1 generated image in \?\[2J\?\.npy$/,
  );
});
