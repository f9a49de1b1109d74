/** A measured ladder: known laws of a small width, the sample's crops, draws by the seed, and what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { disjointLadder, ladderAgainst, subsetLadder } from "gpic-lab/benchmark";
import { Random } from "gpic-lab/core";
import type { FeatureRows } from "gpic-lab/features";
import { biasOfLaw, fitBiasLaw, frechetDistance, sizeTerm } from "gpic-lab/metrics";

function drawn(count: number, width: number, seed: string, shift = 0): FeatureRows {
  const random = new Random(seed);
  return { data: Float32Array.from({ length: count * width }, () => random.normal() + shift), count, width };
}

const rows = drawn(4000, 4, "rows");

test("a part against its whole and parts apart lie on one law, that of the rows, without a shift", async () => {
  const { b } = await biasOfLaw(rows);
  const inside = await subsetLadder(rows, { sizes: [500, 1000, 2000], draws: 40, seed: 1 });
  const apart = await disjointLadder(rows, { sizes: [500, 1000, 2000], draws: 40, seed: 1 });
  const law = fitBiasLaw([...inside, ...apart]);
  // a score scatters by half of itself in 4 dimensions; six rungs of 40 draws leave some 4 % of b, taken three times
  assert.ok(Math.abs(law.b.value / b - 1) < 0.12, `${law.b.value} against ${b}`);
  assert.ok(Math.abs(law.shift!.value) < 4 * law.shift!.standardError + 1e-4);
  for (const rung of inside) {
    assert.equal(rung.referenceCount, 4000);
    assert.ok(Math.abs(rung.fd - rung.fd_mu - rung.fd_sigma) < 1e-12);
  }
  assert.deepEqual(
    apart.map(({ generatedCount, referenceCount }) => referenceCount === generatedCount),
    [true, true, true],
  );
});

test("another law shows as a shift of its size", async () => {
  // means that are 0.5 apart in 4 dimensions: 4 x 0.25
  const rungs = await ladderAgainst(
    { real: rows, generated: drawn(4000, 4, "other", 0.5) },
    { sizes: [400, 800, 1600, 3200], draws: 20, seed: 2 },
  );
  const { shift } = fitBiasLaw(rungs);
  // both means are known to a sixtieth in each dimension: 2 x 0.5 x sqrt(4 x 2 / 4000) = 0.045, taken three times
  assert.ok(Math.abs(shift!.value - 1) < 0.14, `${shift!.value}`);
});

test("a draw of all but one row is the distance itself, nearly; the mean's part follows the law to the letter", async () => {
  const small = drawn(40, 2, "small");
  const [rung] = await subsetLadder(small, { sizes: [39], draws: 40, seed: 3 });
  assert.ok(rung!.fd < (await frechetDistance({ real: small, generated: drawn(40, 2, "another") })).fd);
  const [half] = await subsetLadder(small, { sizes: [20], draws: 400, seed: 3 });
  const { b_mu } = await biasOfLaw(small);
  // drawing without replacement: E |m - M|^2 = Tr S (1/n - 1/N) exactly; 400 draws know it to 5 % in 2 dimensions
  assert.ok(Math.abs(half!.fd_mu / (b_mu * sizeTerm(half!)) - 1) < 0.2);
});

test("equal seeds draw alike, other seeds do not, and progress is told", async () => {
  const told: number[] = [];
  const one = await subsetLadder(rows, {
    sizes: [500, 600],
    draws: 2,
    seed: 1,
    onProgress: ({ drawsDone }) => told.push(drawsDone),
  });
  assert.deepEqual(told, [1, 2, 3, 4]);
  assert.deepEqual(await subsetLadder(rows, { sizes: [500, 600], draws: 2, seed: 1 }), one);
  assert.notDeepEqual(await subsetLadder(rows, { sizes: [500, 600], draws: 2, seed: 2 }), one);
});

test("sizes beyond the rows, one draw, and a signal that stops are named", async () => {
  await assert.rejects(subsetLadder(rows, { sizes: [4000], seed: 1 }), /sizes from 2 to 3999 .* got 4000/);
  await assert.rejects(disjointLadder(rows, { sizes: [2001], seed: 1 }), /sizes from 2 to 2000/);
  await assert.rejects(subsetLadder(rows, { sizes: [], seed: 1 }), /got none/);
  await assert.rejects(subsetLadder(rows, { sizes: [10], draws: 1, seed: 1 }), /2 draws or more/);
  const signal = AbortSignal.abort(new Error("stopped"));
  await assert.rejects(subsetLadder(rows, { sizes: [10], seed: 1, signal }), /stopped/);
});
