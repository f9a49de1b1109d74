/** The Frechet distance of two sets of features. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { type FeatureRows, Moments } from "gpic-lab/features";
import { packageFile } from "gpic-lab/io";
import { biasOf, frechetDistance, frechetFrom, type MeanAndCovariance } from "gpic-lab/metrics";
import { goldenRows } from "./golden-rows.js";

function momentsOf(rows: Float32Array | Float64Array, width: number): MeanAndCovariance {
  const moments = Moments.of(width);
  moments.add(rows, rows.length / width);
  return { mean: moments.mean, covariance: moments.covariance() };
}

function normalRows(count: number, width: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: count * width }, () => random.normal());
}

const trace = ({ mean, covariance }: MeanAndCovariance) =>
  mean.reduce((sum, _, i) => sum + covariance[i * mean.length + i]!, 0);

const diagonal = (values: readonly number[]) =>
  Float64Array.from({ length: values.length ** 2 }, (_, at) =>
    at % (values.length + 1) === 0 ? values[at / (values.length + 1)]! : 0,
  );

test("Gaussians whose covariances commute: squared distance of means, and of the roots of variances", async () => {
  const real = { mean: Float64Array.of(0, 0, 0), covariance: diagonal([1, 4, 9]) };
  const generated = { mean: Float64Array.of(3, 4, 0), covariance: diagonal([4, 4, 1]) };
  const { fd, fd_mu, fd_sigma } = await frechetDistance({ real, generated });
  assert.equal(fd_mu, 25);
  assert.ok(Math.abs(fd_sigma - (1 + 0 + 4)) < 1e-13);
  assert.equal(fd, fd_mu + fd_sigma);
});

test("a set has no distance to itself, whatever its rank", async () => {
  for (const count of [300, 20]) {
    const real = momentsOf(normalRows(count, 64, count), 64);
    const { fd } = await frechetDistance({ real, generated: real });
    assert.ok(Math.abs(fd) < 1e-9 * trace(real), `${fd}`);
  }
});

test("the distance is the same from both sides, and the root of one side serves many", async () => {
  const [real, generated] = [
    momentsOf(normalRows(200, 32, 1), 32),
    momentsOf(
      normalRows(40, 32, 2).map((x) => 2 * x),
      32,
    ),
  ];
  const there = await frechetDistance({ real, generated });
  const back = await frechetDistance({ real: generated, generated: real });
  assert.ok(Math.abs(there.fd - back.fd) < 1e-10 * there.fd);
  const distance = await frechetFrom(real);
  assert.deepEqual(await distance(generated), there);
  assert.ok((await distance(real)).fd < 1e-9 * trace(real));
});

/** Rows whose directions vary from 1 down to e^-decay, mixed so that no column is one of them. */
function gradedRows(count: number, width: number, decay: number, seed: number): FeatureRows {
  const data = normalRows(count, width, seed).map((x, at) => x * Math.exp((-decay * (at % width)) / width));
  const directions = [1, 2].map((which) => normalRows(1, width, 1000 * width + which));
  // reflections keep every variance
  for (const v of directions) {
    const squares = v.reduce((sum, x) => sum + x * x, 0);
    for (let row = 0; row < count; row++) {
      const x = data.subarray(row * width, (row + 1) * width);
      const along = (2 * x.reduce((sum, value, c) => sum + value * v[c]!, 0)) / squares;
      for (let c = 0; c < width; c++) x[c]! -= along * v[c]!;
    }
  }
  return { data, count, width };
}

test("from rows and from moments, regular or singular, graded or not, the distance is one", async () => {
  for (const [count, decay] of [
    [400, 0],
    [400, 8],
    [400, 40],
    [60, 0],
    [60, 10],
  ] as const) {
    const [real, generated] = [gradedRows(count, 150, decay, 1), gradedRows(count + 25, 150, decay, 2)];
    const [a, b] = [real, generated].map(({ data, width }) => momentsOf(data, width));
    const exact = await frechetDistance({ real, generated });
    for (const sets of [
      { real: a!, generated: b! },
      { real, generated: b! },
      { real: a!, generated },
      { real: generated, generated: real },
    ]) {
      const { fd, health } = await frechetDistance(sets);
      assert.ok(Math.abs(fd - exact.fd) <= 1e-10 * exact.fd, `${count} ${decay}: ${fd}, not ${exact.fd}`);
      assert.ok(Math.abs(fd - exact.fd) <= health.rounding + 1e-13 * trace(a!) + 1e-10 * exact.fd);
    }
  }
});

test("whatever the rank and the decay, rows or moments have no distance to themselves", async () => {
  for (const [count, decay] of [
    [2, 0],
    [50, 0],
    [50, 20],
    [300, 0],
    [300, 12],
    [300, 30],
    [300, 60],
  ] as const) {
    const rows = gradedRows(count, 140, decay, count);
    const moments = momentsOf(rows.data, rows.width);
    for (const set of [rows, moments]) {
      const { fd } = await frechetDistance({ real: set, generated: set });
      assert.ok(Math.abs(fd) < 1e-10 * trace(moments), `${count} ${decay}: ${fd}`);
    }
  }
});

test("numbers whose squares overflow, in rows or moments, are refused and make no NaN", async () => {
  const rows = { data: Float64Array.of(1e155, 0, 0, 1, 1, 0, 0, 1), count: 4, width: 2 };
  const real = momentsOf(normalRows(20, 2, 1), 2);
  await assert.rejects(
    frechetDistance({ real, generated: rows }),
    /variances with a sum that float64 holds are needed, got Infinity for the generated/,
  );
  const large = { mean: real.mean, covariance: Float64Array.of(1e308, 0, 0, 1e308) };
  await assert.rejects(frechetDistance({ real: large, generated: real }), /got Infinity for the real/);
  const far = { ...real, mean: Float64Array.of(1e200, 0) };
  await assert.rejects(frechetDistance({ real: far, generated: real }), /squared distance .* got Infinity/);
});

test("a covariance whose halves differ is refused from either side; one that float32 rounded is taken", async () => {
  const real = momentsOf(normalRows(20, 2, 1), 2);
  const twisted = { mean: new Float64Array(2), covariance: Float64Array.of(1, 0.9, 0, 1) };
  for (const which of ["real", "generated"] as const) {
    const sets = { real, generated: real, [which]: twisted };
    const message = new RegExp(`symmetric .* got 0 and 0.9 for features 1 and 0 of the ${which} ones`);
    await assert.rejects(frechetDistance(sets), message);
    await assert.rejects(biasOf(sets), message);
  }
  const rounded = { mean: new Float64Array(2), covariance: Float64Array.of(1, 0.9, 0.9 + 2 ** -22, 1) };
  assert.ok((await frechetDistance({ real: rounded, generated: real })).fd > 0);
});

test("one feature, no variance, and numbers whose squares would vanish or overflow", async () => {
  const one = { real: { mean: Float64Array.of(1), covariance: Float64Array.of(4) } };
  const other = { mean: Float64Array.of(3), covariance: Float64Array.of(25) };
  assert.ok(Math.abs((await frechetDistance({ ...one, generated: other })).fd - (4 + 9)) < 1e-14);
  const still = { mean: Float64Array.of(1, 2), covariance: new Float64Array(4) };
  const { fd, health } = await frechetDistance({ real: still, generated: still });
  assert.equal(fd, 0);
  assert.deepEqual([health.real.rank, health.generated.rank], [0, 0]);
  for (const scale of [1e-150, 1e-80, 1e150]) {
    const scaled = (set: MeanAndCovariance): MeanAndCovariance => ({
      mean: set.mean.map((value) => value * Math.sqrt(scale)),
      covariance: set.covariance.map((value) => value * scale),
    });
    const [real, generated] = [1, 2].map((seed) => momentsOf(normalRows(90, 12, seed), 12));
    const expected = (await frechetDistance({ real: real!, generated: generated! })).fd;
    const found = (await frechetDistance({ real: scaled(real!), generated: scaled(generated!) })).fd;
    assert.ok(Math.abs(found / scale - expected) < 1e-11 * expected, `${found}`);
  }
});

test("a direction that no image varies in is left out of both, and the health says so", async () => {
  const regular = momentsOf(normalRows(100, 30, 1), 30);
  const rows = { data: normalRows(11, 30, 2), count: 11, width: 30 };
  const singular = momentsOf(rows.data, 30);
  const both = await frechetDistance({ real: regular, generated: regular });
  assert.deepEqual(both.health.real, { rank: 30, clamped: 0 });
  assert.ok(both.health.smallestEigenvalue > 0);
  const { health } = await frechetDistance({ real: regular, generated: singular });
  assert.equal(health.real.rank, 30);
  assert.equal(health.generated.rank, 10);
  assert.ok(health.generated.clamped < 1e-12 * trace(singular));
  const fromRows = await frechetDistance({ real: regular, generated: rows });
  assert.deepEqual(fromRows.health.generated, { rank: 10, clamped: 0 });
});

test("the larger sizes take the same way as closed forms: independent features, 300 of them", async () => {
  const width = 300;
  const [a, b] = [1, 2].map((seed) => normalRows(1, width, seed).map((x) => 0.5 + x * x));
  const covariances = [diagonal([...a!]), diagonal([...b!])];
  const mean = new Float64Array(width);
  const { fd } = await frechetDistance({
    real: { mean, covariance: covariances[0]! },
    generated: { mean, covariance: covariances[1]! },
  });
  const expected = a!.reduce((sum, value, i) => sum + (Math.sqrt(value) - Math.sqrt(b![i]!)) ** 2, 0);
  assert.ok(Math.abs(fd - expected) < 1e-12 * expected);
});

const golden: {
  cases: Record<string, { fd: number; fd_mu: number; fd_sigma: number; fd_by_scipy_sqrtm: number }>;
} = JSON.parse(readFileSync(packageFile("test", "golden", "metrics", "expected.json"), "utf8"));

for (const [name, expected] of Object.entries(golden.cases))
  test(`${name}: the distance by singular values, in float64`, async () => {
    const [real, generated] = [await goldenRows(`${name}.real`), await goldenRows(`${name}.generated`)];
    const [a, b] = [real, generated].map(({ data, width }) => momentsOf(data, width));
    for (const [sets, tolerance] of [
      [{ real, generated }, 1e-10],
      // float32 makes ten directions into 64, of 1e-15 of the variance: moments do not hold them
      [{ real: a!, generated: b! }, name === "low-rank" ? 2e-9 : 1e-10],
    ] as const) {
      const { fd, fd_mu, fd_sigma } = await frechetDistance(sets);
      assert.ok(Math.abs(fd - expected.fd) < tolerance * expected.fd, `${fd} is not ${expected.fd}`);
      assert.ok(Math.abs(fd_mu - expected.fd_mu) < 1e-12 * expected.fd);
      assert.ok(Math.abs(fd_sigma - expected.fd_sigma) < tolerance * expected.fd);
    }
  });

test("gpic-eval's convention is scipy's where covariances are regular, and as far off where they are not", async () => {
  for (const [name, expected] of Object.entries(golden.cases)) {
    const sets = { real: await goldenRows(`${name}.real`), generated: await goldenRows(`${name}.generated`) };
    const exact = await frechetDistance(sets);
    assert.equal(exact.aboveExact, 0);
    const found = await frechetDistance(sets, { convention: "gpic-eval" });
    assert.equal(found.convention, "gpic-eval");
    assert.ok(Math.abs(found.fd - found.aboveExact - exact.fd) < 1e-12 * exact.fd);
    const off = expected.fd_by_scipy_sqrtm - expected.fd;
    if (name === "low-rank" || name === "fewer-rows-than-columns")
      // the rounding of another library: its size, not its digits
      assert.ok(
        found.aboveExact / off > 0.8 && found.aboveExact / off < 1.25,
        `${found.aboveExact} of ${off}`,
      );
    else assert.equal(found.aboveExact, 0);
    assert.ok(Math.abs(found.fd - expected.fd_by_scipy_sqrtm) < 1e-8 * expected.fd);
  }
  const real = momentsOf(normalRows(20, 3, 1), 3);
  await assert.rejects(
    frechetDistance({ real, generated: real }, { convention: "scipy" as "exact" }),
    /"exact" or "gpic-eval" is needed, got "scipy"/,
  );
});

test("other widths, numbers that are none and rows that are too few are refused by the side that has them", async () => {
  const real = momentsOf(normalRows(20, 3, 1), 3);
  const narrow = momentsOf(normalRows(20, 2, 1), 2);
  await assert.rejects(
    frechetDistance({ real, generated: narrow }),
    /generated features of 3 numbers, .* got 2/,
  );
  const broken = { ...real, covariance: real.covariance.map((value, i) => (i === 4 ? Number.NaN : value)) };
  await assert.rejects(frechetDistance({ real, generated: broken }), /NaN or infinity in the generated/);
  await assert.rejects(frechetDistance({ real: broken, generated: real }), /NaN or infinity in the real/);
  const rows = { data: new Float32Array(6), count: 2, width: 3 };
  await assert.rejects(
    frechetDistance({ real, generated: { ...rows, data: new Float32Array(3), count: 1 } }),
    /2 generated rows or more are needed, got 1/,
  );
  await assert.rejects(
    frechetDistance({ real: { ...rows, width: 4 }, generated: real }),
    /2 x 4 numbers are needed, got 6 of real/,
  );
  await assert.rejects(
    frechetDistance({ real, generated: { ...rows, data: rows.data.map(() => Number.NaN) } }),
    /NaN or infinity in the generated/,
  );
  const negative = { ...real, covariance: real.covariance.map((value, i) => (i === 4 ? -1 : value)) };
  await assert.rejects(
    frechetDistance({ real: negative, generated: real }),
    /at least 0 .* got -1 for feature 1/,
  );
  const none = { mean: new Float64Array(2), covariance: Float64Array.of(1, 2, 2, 1) };
  const two = momentsOf(normalRows(20, 2, 1), 2);
  await assert.rejects(
    frechetDistance({ real: none, generated: two }),
    /a matrix of real features that is none/,
  );
  await assert.rejects(
    frechetDistance({ real: two, generated: none }),
    /a matrix of generated features that is none/,
  );
});

test("moments that were kept in float32 are taken, singular or not, as near as they are", async () => {
  const [a, b] = [gradedRows(50, 140, 0, 1), gradedRows(60, 140, 0, 2)];
  const exact = (await frechetDistance({ real: a, generated: b })).fd;
  const narrow = ({ data, width }: FeatureRows): MeanAndCovariance => {
    const { mean, covariance } = momentsOf(data, width);
    return { mean, covariance: Float64Array.from(Float32Array.from(covariance)) };
  };
  // 90 directions without variance get 6e-8 of it, and count with the roots of that on both sides
  const { fd } = await frechetDistance({ real: narrow(a), generated: narrow(b) });
  assert.ok(Math.abs(fd - exact) < 1e-3 * exact, `${fd}, not ${exact}`);
});
