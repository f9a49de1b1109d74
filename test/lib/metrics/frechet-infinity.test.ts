/** The Frechet distance followed to infinitely many images. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { principalComponents, Random } from "gpic-lab/core";
import { type FeatureRows, momentsOf, sampleDescriptors } from "gpic-lab/features";
import {
  biasOf,
  frechetDistance,
  frechetInfinity,
  frechetInfluence,
  jackknifeFrechet,
  type MeanAndCovariance,
  momentsInBlocks,
} from "gpic-lab/metrics";

function normalRows(
  count: number,
  width: number,
  random: Random,
  { shift = 0, scale = 1 } = {},
): FeatureRows {
  const data = Float64Array.from(
    { length: count * width },
    (_, at) => (scale * random.normal()) / (1 + (at % width) / 4) + shift,
  );
  return { data, count, width };
}

function normalLaw(width: number, { shift = 0, scale = 1 } = {}): MeanAndCovariance {
  const covariance = new Float64Array(width * width);
  for (let i = 0; i < width; i++) covariance[i * (width + 1)] = (scale / (1 + i / 4)) ** 2;
  return { mean: new Float64Array(width).fill(shift), covariance };
}

const other = { shift: 0.1, scale: 1.3 };

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("the points are the whole, and halves and quarters of one side, the other, and both", async () => {
  const random = new Random(1);
  const [real, generated] = [normalRows(120, 4, random), normalRows(96, 4, random, other)];
  const { points, residuals, plugIn } = await frechetInfinity({ real, generated }, { seed: 1, repeats: 3 });
  assert.deepEqual(
    points.map(({ generatedCount, realCount, distances }) => [generatedCount, realCount, distances]),
    [
      [96, 120, 1],
      [48, 120, 6],
      [96, 60, 6],
      [48, 60, 6],
      [24, 120, 12],
      [96, 30, 12],
      [24, 30, 12],
    ],
  );
  const { fd } = await frechetDistance({
    real: momentsOf({ rows: real }),
    generated: momentsOf({ rows: generated }),
  });
  assert.equal(points[0]!.fd, plugIn);
  assert.ok(Math.abs(plugIn - fd) < 1e-10 * fd);
  assert.equal(residuals!.length, points.length);
});

test("the result, its slopes and residuals are those of the points by the surface that it names", async () => {
  const random = new Random(2);
  const [real, generated] = [normalRows(240, 6, random), normalRows(120, 6, random, other)];
  const result = await frechetInfinity({ real, generated }, { seed: 1 });
  for (const [i, point] of result.points.entries()) {
    const { generatedCount: n, realCount: all, fd } = point;
    const fitted =
      result.fd + result.b_generated / n + result.b_real! / all + result.bend * (1 / n - 1 / all) ** 2;
    assert.ok(Math.abs(fd - fitted - result.residuals![i]!) < 1e-10);
  }
  // least squares: weighted residuals are at right angles to every column
  const weights = [1, 1 / 2, 1 / 2, 1 / 2, 1 / 4, 1 / 4, 1 / 4];
  for (const column of [() => 1, (i: number) => 1 / result.points[i]!.generatedCount])
    assert.ok(
      Math.abs(result.residuals!.reduce((sum, value, i) => sum + weights[i]! * column(i) * value, 0)) < 1e-12,
    );
});

test("a reference of which only moments are there is taken as it is: the whole, halves and quarters of one side", async () => {
  const generated = normalRows(200, 5, new Random(3), other);
  const result = await frechetInfinity({ real: normalLaw(5), generated }, { seed: 1 });
  assert.equal(result.b_real, null);
  // three points, three numbers: what they leave says nothing
  assert.deepEqual([result.points.length, result.residuals], [3, null]);
  assert.ok(result.points.every(({ realCount }) => realCount === Number.POSITIVE_INFINITY));
  const { b } = (await biasOf({ real: normalLaw(5), generated })).generated;
  // by how much the whole is larger: what the second-order formula says, to the scatter of a few shuffles
  assert.ok(Math.abs((result.plugIn - result.fd) / (b / 200) - 1) < 0.4);
});

test("the error is the jackknife's of all images one at a time, with that of the shuffles", async () => {
  const random = new Random(4);
  const [real, generated] = [normalRows(300, 6, random), normalRows(200, 6, random, other)];
  const { standardError } = await frechetInfinity({ real, generated }, { seed: 1, repeats: 8 });
  const { fd } = await jackknifeFrechet({
    real: momentsInBlocks(real, { blocks: 300, seed: 1 }),
    generated: momentsInBlocks(generated, { blocks: 200, seed: 1 }),
  });
  assert.ok(standardError > fd.standardError && standardError < 1.2 * fd.standardError);
  const { influence } = await frechetInfluence({ real, generated });
  const middle = average([...influence]);
  const variance = (199 / 200) * influence.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  assert.ok(variance < fd.standardError ** 2);
});

/** The mean of results, the error of that mean, and how often their intervals hold the truth. */
async function repeated(
  repeats: number,
  truth: number,
  draw: (random: Random) => { real: FeatureRows; generated: FeatureRows },
) {
  const random = new Random(5);
  const found: number[] = [];
  const plugIn: number[] = [];
  let held = 0;
  for (let seed = 0; seed < repeats; seed++) {
    const result = await frechetInfinity(draw(random), { seed, repeats: 2 });
    found.push(result.fd);
    plugIn.push(result.plugIn);
    if (result.interval.low <= truth && truth <= result.interval.high) held++;
  }
  const mean = average(found);
  const error = Math.sqrt(average(found.map((fd) => (fd - mean) ** 2)) / repeats);
  return { mean, error, plugIn: average(plugIn), coverage: held / repeats };
}

/** 0.95 less 4 standard deviations of a binomial share of so many. */
const least = (repeats: number) => 0.95 - 4 * Math.sqrt((0.95 * 0.05) / repeats);

test("two normal laws: the mean of many extrapolations is the laws' distance, and intervals hold it", async () => {
  const { fd: truth } = await frechetDistance({ real: normalLaw(8), generated: normalLaw(8, other) });
  const repeats = 40;
  const { mean, error, plugIn, coverage } = await repeated(repeats, truth, (random) => ({
    real: normalRows(240, 8, random),
    generated: normalRows(180, 8, random, other),
  }));
  assert.ok(Math.abs(mean - truth) < 4 * error, `${mean} is not ${truth} +- ${error}`);
  assert.ok(plugIn - truth > 4 * error);
  assert.ok(coverage >= least(repeats), `${coverage}`);
});

test("descriptors of photographs as a population: the same", async () => {
  const { rows, keys } = await sampleDescriptors("crops");
  const width = 12;
  const { scores } = principalComponents(rows.data, rows.count, { components: width });
  const photographs = [...new Set(keys)];
  const first = new Set(photographs.slice(0, photographs.length / 2));
  const [one, second] = [true, false].map((isFirst): FeatureRows => {
    const data = scores.filter((_, at) => first.has(keys[Math.floor(at / width)]!) === isFirst);
    return { data, count: data.length / width, width };
  }) as [FeatureRows, FeatureRows];
  const law = (population: FeatureRows): MeanAndCovariance => {
    const { mean, covariance } = momentsOf({ rows: population });
    return { mean, covariance: covariance.map((value) => value * (1 - 1 / population.count)) };
  };
  const drawn = ({ data, count: all }: FeatureRows, random: Random): FeatureRows => {
    const some = new Float64Array(300 * width);
    for (let i = 0; i < 300; i++) {
      const row = random.integer(all);
      some.set(data.subarray(row * width, (row + 1) * width), i * width);
    }
    return { data: some, count: 300, width };
  };
  const { fd: truth } = await frechetDistance({ real: law(one), generated: law(second) });
  const repeats = 24;
  const { mean, error, plugIn, coverage } = await repeated(repeats, truth, (random) => ({
    real: drawn(one, random),
    generated: drawn(second, random),
  }));
  assert.ok(Math.abs(mean - truth) < 4 * error, `${mean} is not ${truth} +- ${error}`);
  assert.ok(Math.abs(plugIn - truth) > Math.abs(mean - truth));
  assert.ok(coverage >= least(repeats), `${coverage}`);
});

test("a seed gives the same shuffles, another seed others; progress and signal are heard", async () => {
  const random = new Random(6);
  const sets = { real: normalRows(60, 3, random), generated: normalRows(48, 3, random) };
  const one = await frechetInfinity(sets, { seed: 1, repeats: 2 });
  assert.deepEqual(one, await frechetInfinity(sets, { seed: 1, repeats: 2 }));
  assert.notEqual(one.fd, (await frechetInfinity(sets, { seed: 2, repeats: 2 })).fd);
  const done: number[] = [];
  await frechetInfinity(sets, {
    seed: 1,
    repeats: 2,
    onProgress: ({ distancesDone, distancesTotal }) => done.push(distancesDone / distancesTotal),
  });
  assert.deepEqual([done.length, done.at(-1)], [36, 1]);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(frechetInfinity(sets, { seed: 1, signal }), /enough/);
});

test("too few rows and options out of range are refused", async () => {
  const random = new Random(7);
  const sets = { real: normalRows(60, 3, random), generated: normalRows(15, 3, random) };
  await assert.rejects(frechetInfinity(sets, { seed: 1 }), /16 rows or more of each side are needed, got 15/);
  const enough = { real: normalRows(60, 3, random), generated: normalRows(60, 3, random) };
  await assert.rejects(
    frechetInfinity(enough, { seed: 1, repeats: 1 }),
    /2 repeats or more .* got 1 and 0.95/,
  );
  await assert.rejects(frechetInfinity(enough, { seed: 1, confidence: 95 }), /got 4 and 95/);
});
