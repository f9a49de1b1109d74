/** Intervals of the Frechet distance by leaving blocks out, and why not by drawing again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { principalComponents, Random } from "gpic-lab/core";
import { type FeatureRows, Moments, momentsOf, sampleDescriptors } from "gpic-lab/features";
import {
  bootstrapFrechet,
  frechetDistance,
  jackknifeFrechet,
  type MeanAndCovariance,
  momentsInBlocks,
  withoutBlock,
} from "gpic-lab/metrics";

/** Normal rows with the deviations of `deviation`, about `shift`. */
function normalRows(
  count: number,
  width: number,
  random: Random,
  { shift = 0, deviation = (column: number) => 1 / (1 + column / 4) } = {},
): FeatureRows {
  const data = Float64Array.from(
    { length: count * width },
    (_, at) => random.normal() * deviation(at % width) + shift,
  );
  return { data, count, width };
}

const wider = { shift: 0.1, deviation: (column: number) => 1.3 / (1 + column / 3) };

/** Some rows of a population, with replacement. */
function drawn({ data, count: all, width }: FeatureRows, count: number, random: Random): FeatureRows {
  const rows = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    const row = random.integer(all);
    rows.set(data.subarray(row * width, (row + 1) * width), i * width);
  }
  return { data: rows, count, width };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

test("the mean's distance in one column: the error is that of a squared mean, by hand", async () => {
  // blocks of one image: means -j of 0, 2, 4, 10 (mean 4) are 16/3, 14/3, 4, 2, less the real mean of 1
  const blocks = [0, 2, 4, 10].map((value) => {
    const moments = Moments.of(1);
    moments.add(Float64Array.of(value), 1);
    return moments;
  });
  const real = { mean: Float64Array.of(1), covariance: Float64Array.of(1) };
  const { fd_mu, blocks: counted } = await jackknifeFrechet({ real, generated: blocks });
  const left = [16 / 3, 14 / 3, 4, 2].map((mean) => (mean - 1) ** 2);
  const middle = average(left);
  const error = Math.sqrt(0.75 * left.reduce((sum, x) => sum + (x - middle) ** 2, 0));
  assert.equal(fd_mu.value, 9);
  assert.ok(Math.abs(fd_mu.standardError - error) < 1e-12);
  assert.ok(Math.abs(fd_mu.corrected - (4 * 9 - 3 * middle)) < 1e-12);
  // t of 0.975 with 3 degrees of freedom is 3.1824 in the tables, the expansion is right to 1 %
  const t = (fd_mu.interval.high - 9) / error;
  assert.ok(Math.abs(t - 3.1824) < 0.03, `${t}`);
  assert.deepEqual(counted, { real: 0, generated: 4 });
});

test("the corrected mean term is unbiased to the last digit: the squared distance less both Tr S / n", async () => {
  const random = new Random(1);
  const [real, generated] = [normalRows(60, 5, random), normalRows(40, 5, random, wider)];
  const { fd_mu } = await jackknifeFrechet({
    real: momentsInBlocks(real, { blocks: 60, seed: 0 }),
    generated: momentsInBlocks(generated, { blocks: 40, seed: 0 }),
  });
  const trace = (rows: FeatureRows) => {
    const { covariance } = momentsOf({ rows });
    return covariance.reduce((sum, value, at) => (at % 6 === 0 ? sum + value : sum), 0);
  };
  const expected = fd_mu.value - trace(real) / 60 - trace(generated) / 40;
  assert.ok(Math.abs(fd_mu.corrected - expected) < 1e-12);
});

test("blocks hold every row once, of equal sizes as far as that goes, and in the seed's order", () => {
  const rows = { data: Float64Array.from({ length: 23 }, (_, i) => 2 ** i), count: 23, width: 1 };
  const sums = (seed: number) =>
    momentsInBlocks(rows, { blocks: 5, seed }).map((block) => block.mean[0]! * block.count);
  // powers of two: their sum is right to the bit only with each row once
  assert.ok(Math.abs(sums(1).reduce((a, b) => a + b) - (2 ** 23 - 1)) < 1e-6);
  assert.deepEqual(sums(1), sums(1));
  assert.notDeepEqual(sums(1), sums(2));
  const counts = momentsInBlocks(rows, { blocks: 5, seed: 1 }).map((block) => block.count);
  assert.deepEqual([Math.min(...counts), Math.max(...counts)], [4, 5]);
});

test("terms add up, a fixed reference adds no error, and the sides may change places", async () => {
  const random = new Random(3);
  const real = momentsInBlocks(normalRows(120, 6, random), { blocks: 8, seed: 0 });
  const generated = momentsInBlocks(normalRows(90, 6, random, wider), { blocks: 6, seed: 0 });
  const both = await jackknifeFrechet({ real, generated });
  assert.ok(Math.abs(both.fd.corrected - both.fd_mu.corrected - both.fd_sigma.corrected) < 1e-12);
  const back = await jackknifeFrechet({ real: generated, generated: real });
  assert.ok(Math.abs(back.fd.standardError - both.fd.standardError) < 1e-9 * both.fd.standardError);
  const merged = Moments.of(6);
  for (const block of real) merged.merge(block);
  const fixed = { mean: merged.mean, covariance: merged.covariance() };
  const one = await jackknifeFrechet({ real: fixed, generated });
  const other = await jackknifeFrechet({
    real: await momentsOfAll(generated),
    generated: real,
  });
  const sum = one.fd.standardError ** 2 + other.fd.standardError ** 2;
  assert.ok(Math.abs(sum - both.fd.standardError ** 2) < 1e-9 * sum);
});

async function momentsOfAll(blocks: readonly Moments[]): Promise<MeanAndCovariance> {
  const merged = Moments.of(blocks[0]!.width);
  for (const block of blocks) merged.merge(block);
  return { mean: merged.mean, covariance: merged.covariance() };
}

test("what is left without a block is what merging the others gives, far from zero too", async () => {
  const random = new Random(4);
  for (const shift of [0, 1e4]) {
    const blocks = momentsInBlocks(normalRows(103, 7, random, { shift }), { blocks: 5, seed: 0 });
    // one block that lies apart
    blocks[2]!.add(normalRows(9, 7, random, { shift: shift + 3 }).data, 9);
    const all = { count: 112, ...(await momentsOfAll(blocks)) };
    for (const [i, block] of blocks.entries()) {
      const left = withoutBlock(all, block);
      const expected = await momentsOfAll(blocks.filter((_, j) => j !== i));
      assert.equal(left.count, 112 - block.count);
      // means are right to 1e4 times epsilon, and covariances of about 1 to the square of what that is to them
      left.mean.forEach((value, c) => {
        assert.ok(Math.abs(value - expected.mean[c]!) < 1e-11);
      });
      left.covariance.forEach((value, c) => {
        assert.ok(Math.abs(value - expected.covariance[c]!) < 1e-10);
      });
    }
  }
});

/** How often 95 % intervals hold: 0.95 less and more than 4 standard deviations of a binomial share of so many. */
function bounds(repeats: number): [number, number] {
  const four = 4 * Math.sqrt((0.95 * 0.05) / repeats);
  return [0.95 - four, Math.min(1, 0.95 + four)];
}

async function coverage(
  repeats: number,
  draw: (random: Random) => [FeatureRows, FeatureRows],
  truth: number,
) {
  const random = new Random(5);
  const results = [];
  for (let seed = 0; seed < repeats; seed++) {
    const [real, generated] = draw(random);
    const blocks = { blocks: 20, seed };
    results.push(
      (
        await jackknifeFrechet({
          real: momentsInBlocks(real, blocks),
          generated: momentsInBlocks(generated, blocks),
        })
      ).fd,
    );
  }
  const held = (intervals: { low: number; high: number }[], value: number) =>
    average(intervals.map(({ low, high }) => (low <= value && value <= high ? 1 : 0)));
  const mean = average(results.map(({ value }) => value));
  return {
    mean,
    ofSizes: held(
      results.map(({ interval }) => interval),
      mean,
    ),
    ofLaws: held(
      results.map(({ correctedInterval }) => correctedInterval),
      truth,
    ),
    uncorrected: held(
      results.map(({ interval }) => interval),
      truth,
    ),
  };
}

test("two normal laws: 95 % intervals hold the distance 95 times in 100, those without correction do not", async () => {
  const law = (shift: number, deviation: (column: number) => number): MeanAndCovariance => ({
    mean: new Float64Array(10).fill(shift),
    covariance: Float64Array.from({ length: 100 }, (_, at) => (at % 11 === 0 ? deviation(at % 10) ** 2 : 0)),
  });
  const real = law(0, (column) => 1 / (1 + column / 4));
  const { fd: truth } = await frechetDistance({ real, generated: law(wider.shift, wider.deviation) });
  const repeats = 120;
  const { ofLaws, ofSizes, uncorrected } = await coverage(
    repeats,
    (random) => [normalRows(300, 10, random), normalRows(200, 10, random, wider)],
    truth,
  );
  const [low, high] = bounds(repeats);
  assert.ok(ofLaws >= low && ofLaws <= high, `${ofLaws}`);
  assert.ok(ofSizes >= low && ofSizes <= high, `${ofSizes}`);
  assert.ok(uncorrected < low, `${uncorrected}`);
});

test("descriptors of photographs as a population: the intervals hold there as well", async () => {
  const { rows, keys } = await sampleDescriptors("crops");
  const width = 16;
  const { scores } = principalComponents(rows.data, rows.count, { components: width });
  // two laws: crops of one half of the photographs, and of the other
  const photographs = [...new Set(keys)];
  const first = new Set(photographs.slice(0, photographs.length / 2));
  const [one, other] = [true, false].map((isFirst): FeatureRows => {
    const data = scores.filter((_, at) => first.has(keys[Math.floor(at / width)]!) === isFirst);
    return { data, count: data.length / width, width };
  }) as [FeatureRows, FeatureRows];
  const law = (population: FeatureRows): MeanAndCovariance => {
    const { mean, covariance } = momentsOf({ rows: population });
    return { mean, covariance: covariance.map((value) => value * (1 - 1 / population.count)) };
  };
  const { fd: truth } = await frechetDistance({ real: law(one), generated: law(other) });
  const repeats = 80;
  const { mean, ofLaws, ofSizes, uncorrected } = await coverage(
    repeats,
    (random) => [drawn(one, 300, random), drawn(other, 300, random)],
    truth,
  );
  assert.ok(mean > truth);
  const [low, high] = bounds(repeats);
  assert.ok(ofLaws >= low && ofLaws <= high, `${ofLaws}`);
  assert.ok(ofSizes >= low && ofSizes <= high, `${ofSizes}`);
  assert.ok(uncorrected < ofLaws, `${uncorrected}`);
});

test("one law on both sides: the interval of the laws holds zero, drawing again lies above the distance", async () => {
  const random = new Random(6);
  const [real, generated] = [normalRows(400, 24, random), normalRows(300, 24, random)];
  const blocks = { blocks: 15, seed: 1 };
  const { fd } = await jackknifeFrechet({
    real: momentsInBlocks(real, blocks),
    generated: momentsInBlocks(generated, blocks),
  });
  assert.ok(fd.correctedInterval.low < 0 && fd.correctedInterval.high > 0);
  const again = await bootstrapFrechet({ real, generated }, { seed: 1, repeats: 40 });
  assert.ok(Math.abs(again.estimate - fd.value) < 1e-10);
  assert.ok(again.low > again.estimate, `${again.low} to ${again.high} of ${again.estimate}`);
  // b/n once more: of the whole, which is b/n + b/N, the share N/(n + N); 40 draws say so to a tenth
  const share = again.inflation / again.estimate;
  assert.ok(Math.abs(share - 400 / 700) < 0.1, `${share}`);
  assert.deepEqual(again, await bootstrapFrechet({ real, generated }, { seed: 1, repeats: 40 }));
});

test("too few blocks, empty ones, other widths are refused, and a signal stops", async () => {
  const rows = normalRows(20, 3, new Random(7));
  const generated = momentsInBlocks(rows, { blocks: 5, seed: 0 });
  const real = momentsOf({ rows });
  await assert.rejects(
    jackknifeFrechet({ real, generated: generated.slice(0, 3) }),
    /at least 4 blocks of generated images are needed, got 3/,
  );
  await assert.rejects(
    jackknifeFrechet({ real: [...generated, Moments.of(3)], generated }),
    /got none in real block 5/,
  );
  const narrow = momentsOf({ rows: normalRows(20, 2, new Random(8)) });
  await assert.rejects(jackknifeFrechet({ real: narrow, generated }), RangeError);
  await assert.rejects(jackknifeFrechet({ real, generated }, { confidence: 1 }), /between 0 and 1 .* got 1/);
  assert.throws(() => momentsInBlocks(rows, { blocks: 21, seed: 0 }), /2 to 20 of them .* got 21/);
  await assert.rejects(bootstrapFrechet({ real, generated: rows }, { seed: 1, repeats: 1 }), /at least 2/);
  const signal = AbortSignal.abort(new Error("enough"));
  await assert.rejects(jackknifeFrechet({ real, generated }, { signal }), /enough/);
  await assert.rejects(bootstrapFrechet({ real, generated: rows }, { seed: 1, signal }), /enough/);
  const done: number[] = [];
  await jackknifeFrechet({ real, generated }, { onProgress: ({ blocksDone }) => done.push(blocksDone) });
  assert.deepEqual(done, [1, 2, 3, 4, 5]);
});
