/** How much of a Frechet distance is sample size, and what perfect images would score. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { principalComponents, Random } from "gpic-lab/core";
import { type FeatureRows, momentsOf, sampleDescriptors } from "gpic-lab/features";
import {
  type BiasPoint,
  biasFromSplits,
  biasOf,
  biasOfLaw,
  expectedScore,
  expectedScoreRange,
  fitBiasLaw,
  frechetDistance,
  type MeanAndCovariance,
  ratioToReal,
  sizeTerm,
} from "gpic-lab/metrics";

function normalRows(count: number, width: number, random: Random, shift = 0, scale = 1): FeatureRows {
  const data = Float64Array.from(
    { length: count * width },
    (_, at) => (scale * random.normal()) / (1 + (at % width) / 4) + shift,
  );
  return { data, count, width };
}

/** The law that normalRows draws from. */
function normalLaw(width: number): MeanAndCovariance {
  const covariance = new Float64Array(width * width);
  for (let i = 0; i < width; i++) covariance[i * (width + 1)] = 1 / (1 + i / 4) ** 2;
  return { mean: new Float64Array(width), covariance };
}

function drawn({ data, count: all, width }: FeatureRows, count: number, random: Random): FeatureRows {
  const rows = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    const row = random.integer(all);
    rows.set(data.subarray(row * width, (row + 1) * width), i * width);
  }
  return { data: rows, count, width };
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const deviation = (values: readonly number[]) =>
  Math.sqrt(average(values.map((value) => (value - average(values)) ** 2)));

async function distanceOf(real: FeatureRows, generated: FeatureRows): Promise<number> {
  const moments = { real: momentsOf({ rows: real }), generated: momentsOf({ rows: generated }) };
  return (await frechetDistance(moments)).fd;
}

test("a normal law in one column: Tr S for the mean, and half of it for the deviation", async () => {
  // a sample's deviation scatters by sigma^2 / 2n
  const { b, b_mu, b_sigma, fourthMoments } = await biasOfLaw({
    mean: Float64Array.of(3),
    covariance: Float64Array.of(4),
  });
  assert.deepEqual([b_mu, fourthMoments], [4, "normal"]);
  assert.ok(Math.abs(b_sigma - 2) < 1e-14 && Math.abs(b - 6) < 1e-14);
});

test("d columns of variance 1: d for the means, d (d + 1) / 4 for the covariances", async () => {
  for (const width of [2, 5, 30]) {
    const covariance = Float64Array.from({ length: width ** 2 }, (_, at) => (at % (width + 1) === 0 ? 1 : 0));
    const { b } = await biasOfLaw({ mean: new Float64Array(width), covariance });
    assert.ok(Math.abs(b - width - (width * (width + 1)) / 4) < 1e-11 * b);
  }
});

test("a coin of two values has no bias by its fourth moment: its square is always the same", async () => {
  const rows = {
    data: Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    count: 400,
    width: 1,
  };
  const { b, b_sigma, standardError } = await biasOfLaw(rows);
  // a deviation with divisor n - 1 leaves 1/n of each
  assert.ok(Math.abs(b_sigma) < 1 / 400 && Math.abs(b - 1) < 2 / 400);
  assert.ok(standardError! < 1e-6);
});

test("points on a line give it back, with and without shift, with a minus for parts of the reference", () => {
  const sizes = [
    { generatedCount: 1000, referenceCount: 1_000_000 },
    { generatedCount: 5000, referenceCount: 1_000_000 },
    { generatedCount: 50_000, referenceCount: 100_000, isSubset: true },
    { generatedCount: 50_000, referenceCount: Number.POSITIVE_INFINITY },
  ];
  assert.deepEqual(sizes.map(sizeTerm), [1 / 1000 + 1e-6, 1 / 5000 + 1e-6, 1 / 50_000 - 1e-5, 1 / 50_000]);
  const points = (shift: number): BiasPoint[] =>
    sizes.map((size) => ({ ...size, fd: 4e5 * sizeTerm(size) + shift }));
  const law = fitBiasLaw(points(0.8));
  assert.ok(Math.abs(law.b.value - 4e5) < 1e-6 && Math.abs(law.shift!.value - 0.8) < 1e-9);
  assert.ok(law.residuals.every((residual) => Math.abs(residual) < 1e-9) && law.degreesOfFreedom === 2);
  const held = fitBiasLaw(points(0), { withShift: false });
  assert.ok(Math.abs(held.b.value - 4e5) < 1e-6 && held.shift === null && held.degreesOfFreedom === 3);
});

test("the line's intervals are those of least squares by hand, and points of small error pull harder", () => {
  // 1/n + 1/N of 0.1 to 0.4; counts need not be whole
  const at = (x: number, fd: number): BiasPoint => ({
    fd,
    generatedCount: 1 / x,
    referenceCount: Number.POSITIVE_INFINITY,
  });
  const { b, shift, residuals } = fitBiasLaw([at(0.1, 1), at(0.2, 3), at(0.3, 4), at(0.4, 4)]);
  // slope 10, intercept 0.5: residuals -0.5, 0.5, 0.5, -0.5; variance 1/2; slope's error sqrt(0.5 / 0.05)
  assert.ok(Math.abs(b.value - 10) < 1e-12 && Math.abs(shift!.value - 0.5) < 1e-12);
  assert.ok(residuals.every((residual) => Math.abs(Math.abs(residual) - 0.5) < 1e-12));
  assert.ok(Math.abs(b.standardError - Math.sqrt(10)) < 1e-12);
  assert.ok(b.interval.low < 10 && b.interval.high - 10 > 4 * b.standardError);
  const points = [at(0.1, 1), at(0.2, 3), at(0.3, 4), at(0.4, 4)].map((point, i) => ({
    ...point,
    standardError: i < 2 ? 1e-4 : 1,
  }));
  assert.ok(Math.abs(fitBiasLaw(points).b.value - 20) < 1e-3);
});

test("a line through as many points as it has numbers leaves its errors unknown, not 0", () => {
  const points = [10, 20].map((n) => ({ fd: 1 + 3 / n, generatedCount: n, referenceCount: 1000 }));
  const { b, shift, degreesOfFreedom } = fitBiasLaw(points);
  assert.equal(degreesOfFreedom, 0);
  for (const { value, standardError, interval } of [b, shift!]) {
    assert.ok(Number.isFinite(value));
    assert.deepEqual([standardError, interval.low, interval.high], [Number.NaN, Number.NaN, Number.NaN]);
  }
});

test("both formulas are those of other sizes: unlike laws, sides that change places, scaling", async () => {
  const random = new Random(1);
  const [real, generated] = [normalRows(300, 6, random), normalRows(200, 6, random, 0.3, 2)];
  const there = await biasOf({ real, generated });
  const back = await biasOf({ real: generated, generated: real });
  assert.ok(Math.abs(there.real.b - back.generated.b) < 1e-9 * there.real.b);
  assert.ok(Math.abs(there.generated.b - back.real.b) < 1e-9 * there.generated.b);
  const same = await biasOf({ real, generated: real });
  const law = await biasOfLaw(real);
  assert.ok(
    Math.abs(same.real.b - law.b) < 1e-9 * law.b && Math.abs(same.generated.b - law.b) < 1e-9 * law.b,
  );
  const tripled = { ...real, data: real.data.map((x) => 3 * x + 1) };
  assert.ok(Math.abs((await biasOfLaw(tripled)).b - 9 * law.b) < 1e-9 * 9 * law.b);
});

test("samples of one normal law are apart by b (1/n + 1/N), and parts of a sample by b (1/n - 1/N)", async () => {
  const random = new Random(2);
  const { b } = await biasOfLaw(normalLaw(8));
  const [apart, within, measured]: [number[], number[], number[]] = [[], [], []];
  for (let repeat = 0; repeat < 120; repeat++) {
    const reference = normalRows(600, 8, random);
    apart.push(await distanceOf(reference, normalRows(200, 8, random)));
    const part = { ...reference, data: reference.data.subarray(0, 200 * 8), count: 200 };
    within.push(await distanceOf(reference, part));
    if (repeat < 20) measured.push((await biasOfLaw(reference)).b);
  }
  for (const [found, isSubset] of [
    [apart, false],
    [within, true],
  ] as const) {
    const expected = expectedScore({ bias: b, generatedCount: 200, referenceCount: 600, isSubset });
    // the next term is 1/8 of 8/200, the mean of 120 is known to its own standard error
    const allowed = 0.01 * expected + (4 * deviation(found)) / Math.sqrt(found.length);
    assert.ok(Math.abs(average(found) - expected) < allowed, `${average(found)} is not ${expected}`);
  }
  assert.ok(Math.abs(average(measured) - b) < 0.05 * b, `${average(measured)} is not ${b}`);
});

test("two unlike laws: the distance falls by real.b / N and generated.b / n to what the laws are apart", async () => {
  const random = new Random(3);
  const scaled = normalLaw(5);
  const law = { mean: new Float64Array(5).fill(0.3), covariance: scaled.covariance.map((x) => 4 * x) };
  const { fd: truth } = await frechetDistance({ real: normalLaw(5), generated: law });
  const { real, generated } = await biasOf({ real: normalLaw(5), generated: law });
  const found: number[] = [];
  for (let repeat = 0; repeat < 150; repeat++)
    found.push(await distanceOf(normalRows(120, 5, random), normalRows(80, 5, random, 0.3, 2)));
  const expected = truth + real.b / 120 + generated.b / 80;
  const error = deviation(found) / Math.sqrt(found.length);
  assert.ok(Math.abs(average(found) - expected) < 4 * error, `${average(found)} is not ${expected}`);
  // and the test could tell: without the law it is off by more
  assert.ok(Math.abs(average(found) - truth) > 4 * error);
});

test("descriptors of photographs: splits of a sample measure the b of the population, and how scores scatter", async () => {
  const { rows } = await sampleDescriptors("crops");
  const width = 16;
  const { scores } = principalComponents(rows.data, rows.count, { components: width });
  const population = { data: scores, count: rows.count, width };
  const { b } = await biasOfLaw(population);
  const { b: ofNormal } = await biasOfLaw(momentsOf({ rows: population }));
  // crops far out in many directions: normal laws would have less
  assert.ok(b > 1.03 * ofNormal);
  const random = new Random(4);
  const measured = await biasFromSplits(drawn(population, 800, random), { seed: 1, repeats: 12 });
  assert.ok(Math.abs(measured.b - b) < 4 * measured.standardError, `${measured.b} is not ${b}`);
  assert.ok(measured.standardError < 0.1 * b);
  const scores200: number[] = [];
  for (let repeat = 0; repeat < 60; repeat++)
    scores200.push(await distanceOf(drawn(population, 400, random), drawn(population, 200, random)));
  const { value, interval, standardDeviation } = expectedScoreRange({
    bias: measured,
    generatedCount: 200,
    referenceCount: 400,
  });
  assert.ok(Math.abs(average(scores200) - value) < 0.1 * value, `${average(scores200)} is not ${value}`);
  // 60 numbers and some fifty give standard deviations to 10 % each
  assert.ok(Math.abs(deviation(scores200) / standardDeviation - 1) < 0.4);
  const held = average(scores200.map((fd) => (fd >= interval.low && fd <= interval.high ? 1 : 0)));
  // 0.95 less 4 standard deviations of a share of 60
  assert.ok(held >= 0.95 - 4 * Math.sqrt((0.95 * 0.05) / 60), `${held}`);
});

test("the published b: 50,000 images against a million are expected at 8.2, and a model's score is a ratio", () => {
  const sizes = { generatedCount: 50_000, referenceCount: 1_000_000 };
  assert.ok(Math.abs(expectedScore({ bias: 3.92e5, ...sizes }) - 8.232) < 1e-9);
  assert.ok(Math.abs(expectedScore({ bias: 3.92e5, isSubset: true, ...sizes }) - 7.448) < 1e-9);
  const exact = expectedScoreRange({ bias: { b: 3.92e5 }, ...sizes });
  assert.deepEqual([exact.interval.low, exact.interval.high], [exact.value, exact.value]);
  const { ratio, interval } = ratioToReal({ fd: 82.32, bias: { b: 3.92e5, scatter: 0.01 }, ...sizes });
  assert.ok(Math.abs(ratio - 10) < 1e-9);
  // two per cent either way: 1.96 standard deviations
  assert.ok(Math.abs(interval.low - 9.81) < 0.01 && Math.abs(interval.high - 10.2) < 0.01);
});

test("the interval of perfect images is chi-square's: a scatter of 1 is 2 degrees of freedom", () => {
  const { interval, value } = expectedScoreRange({
    bias: { b: 200, scatter: 1 },
    generatedCount: 200,
    referenceCount: 200,
  });
  assert.equal(value, 2);
  // 2 degrees: an exponential number, whose quantiles are -log(1 - p)
  assert.ok(Math.abs(interval.low + 2 * Math.log(0.975)) < 1e-9);
  assert.ok(Math.abs(interval.high + 2 * Math.log(0.025)) < 1e-9);
  const narrow = expectedScoreRange({
    bias: { b: 200, scatter: 1e-4 },
    generatedCount: 200,
    referenceCount: 200,
  });
  assert.ok(Math.abs(narrow.interval.high - 2 * (1 + 1.96e-4)) < 1e-7);
});

test("a seed gives the same splits, another seed others; progress and signal are heard", async () => {
  const rows = normalRows(96, 4, new Random(5));
  const one = await biasFromSplits(rows, { seed: 1, repeats: 3 });
  assert.deepEqual(one, await biasFromSplits(rows, { seed: 1, repeats: 3 }));
  assert.notEqual(one.b, (await biasFromSplits(rows, { seed: 2, repeats: 3 })).b);
  assert.deepEqual(
    one.bySize.map(({ partCount }) => partCount),
    [48, 24, 12],
  );
  const done: number[] = [];
  await biasFromSplits(rows, {
    seed: 1,
    repeats: 2,
    onProgress: ({ repeatsDone }) => done.push(repeatsDone),
  });
  assert.deepEqual(done, [1, 2]);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(biasFromSplits(rows, { seed: 1, signal }), /enough/);
  await assert.rejects(biasOfLaw(rows, { signal }), /enough/);
});

test("counts, points, rows and numbers that cannot be are refused", async () => {
  const point = { fd: 1, generatedCount: 100, referenceCount: 200 };
  assert.throws(
    () => sizeTerm({ ...point, generatedCount: 1 }),
    /counts of at least 2 are needed, got 1 and 200/,
  );
  assert.throws(() => sizeTerm({ ...point, generatedCount: 201, isSubset: true }), /got 201 of 200/);
  assert.throws(() => fitBiasLaw([point]), /2 points or more are needed, got 1/);
  assert.throws(() => fitBiasLaw([point, point]), /points that differ/);
  assert.throws(() => fitBiasLaw([point, { ...point, fd: Number.NaN }]), /finite distances .* got NaN/);
  assert.throws(() => fitBiasLaw([point, { ...point, standardError: 0 }]), /positive errors .* 0/);
  assert.throws(() => expectedScore({ ...point, bias: -1 }), /b of 0 or more is needed, got -1/);
  assert.throws(() => expectedScoreRange({ ...point, bias: { b: 1, scatter: -1 } }), /got -1, 0, 0.95/);
  assert.throws(() => ratioToReal({ ...point, bias: { b: 0 } }), /above 0 are needed, got 1 and 0/);
  const rows = normalRows(15, 2, new Random(6));
  await assert.rejects(biasFromSplits(rows, { seed: 1 }), /16 rows or more are needed, got 15/);
  await assert.rejects(biasFromSplits(rows, { seed: 1, repeats: 1 }), /at least 2, got 1/);
});

test("an interval of one or two degrees of freedom is Student's own, not its expansion about the normal", () => {
  for (const [points, quantile] of [
    [3, 12.7062],
    [4, 4.30265],
  ] as const) {
    const { b } = fitBiasLaw(
      Array.from({ length: points }, (_, i) => ({
        fd: i % 2,
        generatedCount: 10 * (i + 1),
        referenceCount: Number.POSITIVE_INFINITY,
      })),
    );
    const t = (b.interval.high - b.value) / b.standardError;
    // printed tables of Student's t have so many digits
    assert.ok(Math.abs(t / quantile - 1) < 1e-5, `${t} is not ${quantile}`);
  }
});
