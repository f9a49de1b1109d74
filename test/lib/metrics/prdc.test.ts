/** Precision, recall, density and coverage. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import type { FeatureRows } from "gpic-lab/features";
import { packageFile } from "gpic-lab/io";
import { type PrdcValues, prdc } from "gpic-lab/metrics";
import { goldenRows } from "./golden-rows.js";

type Sets = { readonly real: FeatureRows; readonly generated: FeatureRows };

function rowsOf(
  rows: readonly (readonly number[])[],
  Kind: typeof Float32Array | typeof Float64Array,
): FeatureRows {
  return { data: new Kind(rows.flat()), count: rows.length, width: rows[0]!.length };
}

function normalRows(count: number, width: number, random: Random): FeatureRows {
  return { data: Float32Array.from({ length: count * width }, () => random.normal()), count, width };
}

/** The definitions, word by word, in float64; distances of float32 rows rounded as the prdc package has them. */
function bruteForce({ real, generated }: Sets, k: number): PrdcValues {
  const distances = (a: FeatureRows, b: FeatureRows): number[][] =>
    Array.from({ length: a.count }, (_, i) =>
      Array.from({ length: b.count }, (_, j) => {
        let sum = 0;
        for (let c = 0; c < a.width; c++) sum += (a.data[i * a.width + c]! - b.data[j * b.width + c]!) ** 2;
        return a.data instanceof Float32Array ? Math.fround(Math.sqrt(Math.fround(sum))) : Math.sqrt(sum);
      }),
    );
  const radii = (set: FeatureRows): number[] =>
    distances(set, set).map((row, i) => row.filter((_, j) => j !== i).sort((a, b) => a - b)[k - 1]!);
  const [ofReal, ofGenerated, between] = [radii(real), radii(generated), distances(real, generated)];
  const share = (count: number, is: (at: number) => boolean): number =>
    Array.from({ length: count }, (_, at) => at).filter(is).length / count;
  const balls = Array.from(
    { length: generated.count },
    (_, j) => ofReal.filter((r, i) => between[i]![j]! < r).length,
  );
  return {
    k,
    precision: share(generated.count, (j) => balls[j]! > 0),
    recall: share(real.count, (i) => ofGenerated.some((r, j) => between[i]![j]! < r)),
    density: balls.reduce((a, b) => a + b, 0) / generated.count / k,
    coverage: share(real.count, (i) => Math.min(...between[i]!) < ofReal[i]!),
  };
}

test("rows of one line, by hand", async () => {
  const real = rowsOf([[0], [1], [3], [7]], Float32Array);
  const generated = rowsOf([[0.5], [2], [20], [21]], Float32Array);
  const { k, hits } = await prdc({ real, generated }, { k: [1, 2] });
  // k = 1: real radii 1, 1, 2, 4; 0.5 in two balls, 2 in the third's (its distance to 1 is its radius, so not inside)
  assert.deepEqual([...hits[0]!.real.radius], [1, 1, 2, 4]);
  assert.deepEqual([...hits[0]!.generated.balls], [2, 1, 0, 0]);
  assert.deepEqual([...hits[0]!.real.isCovered], [1, 1, 1, 0]);
  // generated radii 1.5, 1.5, 1, 1: 0 and 1 are near 0.5, 1 and 3 near 2
  assert.deepEqual([...hits[0]!.real.isRecalled], [1, 1, 1, 0]);
  assert.deepEqual(k[0], { k: 1, precision: 0.5, recall: 0.75, density: 0.75, coverage: 0.75 });
  assert.deepEqual([...hits[1]!.real.radius], [3, 2, 3, 6]);
});

test("coverage of one law by itself is 1 - prod (N - 1 - i) / (N + M - 1 - i), and density is 1", async () => {
  const [N, M, repeats, k] = [300, 200, 12, 5];
  let expected = 1;
  for (let i = 0; i < k; i++) expected *= (N - 1 - i) / (N + M - 1 - i);
  const values: PrdcValues[] = [];
  for (let seed = 0; seed < repeats; seed++) {
    const random = new Random(seed);
    const sets = { real: normalRows(N, 3, random), generated: normalRows(M, 3, random) };
    values.push((await prdc(sets)).k[0]!);
  }
  for (const [name, mean] of [["coverage", 1 - expected] as const, ["density", 1] as const]) {
    const all = values.map((value) => value[name]);
    const found = all.reduce((a, b) => a + b) / repeats;
    const deviation = Math.sqrt(all.reduce((sum, one) => sum + (one - found) ** 2, 0) / (repeats - 1));
    // four standard errors, of seeds that are fixed
    assert.ok(Math.abs(found - mean) < (4 * deviation) / Math.sqrt(repeats), `${name} ${found}, not ${mean}`);
  }
});

test("moving, mirroring and doubling all rows changes nothing; the order of rows neither", async () => {
  const random = new Random(5);
  const sets = { real: normalRows(90, 8, random), generated: normalRows(70, 8, random) };
  const { k } = await prdc(sets, { k: [1, 3, 5] });
  // float64, in which moving by 1000 rounds by 1e-13: no two distances of the 90 rows are that near
  const moved = (set: FeatureRows): FeatureRows => ({
    ...set,
    data: Float64Array.from(set.data, (value) => 1000 - 2 * value),
  });
  const both = { real: moved(sets.real), generated: moved(sets.generated) };
  assert.deepEqual((await prdc(both, { k: [1, 3, 5] })).k, k);
  const turned = (set: FeatureRows): FeatureRows => ({
    ...set,
    data: set.data.map((_, at) => set.data[(set.count - 1 - Math.floor(at / 8)) * 8 + (at % 8)]!),
  });
  assert.deepEqual(
    (await prdc({ real: turned(sets.real), generated: turned(sets.generated) }, { k: [1, 3, 5] })).k,
    k,
  );
});

test("real images as their own copies: in every ball, but for rows that are there k times", async () => {
  const real = normalRows(50, 4, new Random(3));
  const { k } = await prdc({ real, generated: real });
  assert.deepEqual(
    { precision: k[0]!.precision, recall: k[0]!.recall, coverage: k[0]!.coverage },
    { precision: 1, recall: 1, coverage: 1 },
  );
  // strictly inside: its own copy and the four nearest, not the fifth
  const one = normalRows(1, 4, new Random(4));
  const same = { data: new Float32Array(24).map((_, at) => one.data[at % 4]!), count: 6, width: 4 };
  const collapsed = await prdc({ real: same, generated: same });
  assert.deepEqual(collapsed.k[0], { k: 5, precision: 0, recall: 0, density: 0, coverage: 0 });
});

for (const Kind of [Float32Array, Float64Array])
  test(`${Kind.name}: small sets with ties, copies and offsets, against the definitions in float64`, async () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(`${Kind.name} ${seed}`);
      const width = 1 + random.integer(6);
      const offset = seed % 3 === 0 ? 4096 : 0;
      const steps = [2, 5, 1000][seed % 3]!;
      const draw = (count: number): number[][] =>
        Array.from({ length: count }, () =>
          Array.from({ length: width }, () => offset + random.integer(steps) / 8),
        );
      const first = draw(8 + random.integer(40));
      const second = draw(8 + random.integer(40));
      for (let copies = random.integer(8); copies > 0; copies--) second[copies] = first[copies % 3]!;
      if (seed % 5 === 0) first[0] = first[0]!.map(() => 1e6);
      const sets = { real: rowsOf(first, Kind), generated: rowsOf(second, Kind) };
      const k = [1, 3, 7];
      const found = await prdc(sets, { k });
      assert.deepEqual(
        found.k,
        k.map((one) => bruteForce(sets, one)),
        `seed ${seed}`,
      );
    }
  });

test("more rows than a tile holds, and ties beyond the candidates, against the definitions", async () => {
  const random = new Random("tiles");
  const wide = (count: number): FeatureRows => normalRows(count, 40, random);
  const sets = { real: wide(1100), generated: wide(1030) };
  assert.deepEqual((await prdc(sets)).k, [bruteForce(sets, 5)]);
  // corners of a cube: every row has very many neighbours at the same distance
  const corners = (count: number): FeatureRows => ({
    ...wide(count),
    data: Float32Array.from({ length: count * 40 }, (_, at) => (random.integer(10) === at % 10 ? 1 : 0)),
  });
  const tied = { real: corners(150), generated: corners(120) };
  assert.deepEqual((await prdc(tied)).k, [bruteForce(tied, 5)]);
});

test("clumps far apart, each narrower than float32 tells from afar, and one outlier, against the definitions", async () => {
  const random = new Random("clumps");
  const clumped = (count: number): FeatureRows => ({
    data: Float64Array.from({ length: count * 16 }, (_, at) =>
      at < 16 ? 1e6 : (Math.floor(at / 16) % 3) * 50 + 1e-6 * random.normal(),
    ),
    count,
    width: 16,
  });
  const sets = { real: clumped(150), generated: clumped(130) };
  const found = await prdc(sets);
  assert.deepEqual(found.k, [bruteForce(sets, 5)]);
  assert.ok(found.decidedExactly > 1000, "float32 alone cannot tell");
});

test("one number of 1e22 leaves the other rows' distances to products, against the definitions", async () => {
  const random = new Random("far");
  const normal = (count: number): FeatureRows => ({
    data: Float32Array.from({ length: count * 16 }, () => random.normal()),
    count,
    width: 16,
  });
  const sets = { real: normal(150), generated: normal(130) };
  sets.real.data[5] = 1e22;
  const found = await prdc(sets);
  assert.deepEqual(found.k, [bruteForce(sets, 5)]);
  // float32 alone would leave each of the 19,500 pairs in doubt
  assert.ok(found.decidedExactly < 1000, `${found.decidedExactly}`);
});

const golden: { cases: Record<string, PrdcValues> } = JSON.parse(
  readFileSync(packageFile("test", "golden", "metrics", "expected.json"), "utf8"),
);

for (const [name, expected] of Object.entries(golden.cases))
  test(`${name}: the four values of the prdc package`, async () => {
    const { k } = await prdc({
      real: await goldenRows(`${name}.real`),
      generated: await goldenRows(`${name}.generated`),
    });
    for (const value of ["precision", "recall", "density", "coverage"] as const)
      assert.ok(
        Math.abs(k[0]![value] - expected[value]) < 1e-12,
        `${value} ${k[0]![value]}, not ${expected[value]}`,
      );
  });

test("rows are drawn by the seed, and the answer names them", async () => {
  const random = new Random(8);
  const sets = { real: normalRows(80, 5, random), generated: normalRows(60, 5, random) };
  const drawn = await prdc(sets, { maxRows: 30, seed: 1 });
  assert.deepEqual([drawn.rows.real.length, drawn.rows.generated.length, drawn.seed], [30, 30, 1]);
  assert.deepEqual(await prdc(sets, { maxRows: 30, seed: 1 }), drawn);
  assert.notDeepEqual((await prdc(sets, { maxRows: 30, seed: 2 })).rows, drawn.rows);
  const chosen = (set: FeatureRows, rows: Uint32Array): FeatureRows => ({
    data: Float32Array.from([...rows].flatMap((row) => [...set.data.subarray(row * 5, row * 5 + 5)])),
    count: rows.length,
    width: 5,
  });
  const alone = {
    real: chosen(sets.real, drawn.rows.real),
    generated: chosen(sets.generated, drawn.rows.generated),
  };
  assert.deepEqual((await prdc(alone)).k, drawn.k);
  const all = await prdc(sets, { maxRows: Number.POSITIVE_INFINITY });
  assert.deepEqual([all.rows.real.length, all.rows.generated.length], [80, 60]);
});

test("progress reaches all pairs, and a signal stops the work", async () => {
  const random = new Random(9);
  const sets = { real: normalRows(1500, 4, random), generated: normalRows(100, 4, random) };
  const seen: number[] = [];
  await prdc(sets, { onProgress: ({ done, total }) => seen.push(done / total) });
  assert.equal(seen.at(-1), 1);
  assert.ok(seen.length > 4 && seen.every((share, at) => at === 0 || share > seen[at - 1]!));
  const stop = new AbortController();
  await assert.rejects(
    prdc(sets, { signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) }),
    /enough/,
  );
});

test("what cannot be compared is refused in words", async () => {
  const random = new Random(10);
  const [five, six, wide] = [normalRows(5, 3, random), normalRows(6, 3, random), normalRows(9, 4, random)];
  await assert.rejects(
    prdc({ real: six, generated: five }),
    /at least 6 generated rows are needed for k = 5, got 5/,
  );
  await assert.rejects(
    prdc({ real: six, generated: wide }),
    /one width are needed, got 3 \(real\), 4 \(generated\)/,
  );
  await assert.rejects(
    prdc({ real: six, generated: six }, { k: [0] }),
    /k is an integer of at least 1, got 0/,
  );
  await assert.rejects(prdc({ real: six, generated: six }, { k: [] }), /k is .* got none/);
  await assert.rejects(prdc({ real: six, generated: six }, { maxRows: 0 }), /most is an integer .* got 0/);
  const broken = { ...six, data: six.data.map((value, at) => (at === 7 ? Number.NaN : value)) };
  await assert.rejects(prdc({ real: six, generated: broken }), /got NaN in row 2 of the generated features/);
  await assert.rejects(
    prdc({ real: { ...six, count: 7 }, generated: six }),
    /got 7 x 3 with 18 numbers of real/,
  );
});
