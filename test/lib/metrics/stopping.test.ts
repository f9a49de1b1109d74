/** Long work can be stopped on its way, and leaves turns to others: a timer that fires in between stops it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { generalEigenvalues, Random } from "gpic-lab/core";
import type { FeatureRows } from "gpic-lab/features";
import {
  biasOf,
  drawBlocks,
  frechetDistance,
  frechetFrom,
  momentsInBlocks,
  momentsOfRows,
} from "gpic-lab/metrics";
import { singularValues, symmetricEigen } from "gpic-lab/models";

function normalRows(count: number, width: number, seed: number): FeatureRows {
  const random = new Random(seed);
  return { data: Float32Array.from({ length: count * width }, () => random.normal()), count, width };
}

/** Stops the work after some turns of the event loop: work that leaves none runs to its end. */
async function stoppedAfter(turns: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const outcome = work(controller.signal).then(
    () => "done",
    (error: unknown) => error,
  );
  for (let turn = 0; turn < turns; turn++) await setImmediate();
  const reason = new Error("enough");
  controller.abort(reason);
  assert.equal(await outcome, reason);
}

test("eigenvalues, eigenvectors and singular values are stopped between their pieces", async () => {
  const size = 320;
  const random = new Random(1);
  const square = Float64Array.from({ length: size * size }, () => random.normal());
  const symmetric = square.map((value, at) => value + square[(at % size) * size + Math.floor(at / size)]!);
  await stoppedAfter(2, (signal) => generalEigenvalues(square, size, { signal }));
  for (const turns of [2, 12])
    await stoppedAfter(turns, (signal) => symmetricEigen(symmetric, size, { signal }));
  await stoppedAfter(2, (signal) => singularValues({ rows: size, columns: size, data: square }, { signal }));
});

test("distances, influences and biases are stopped while they work, of moments and of rows", async () => {
  const [real, generated] = [normalRows(700, 256, 1), normalRows(600, 256, 2)];
  const few = normalRows(200, 256, 3);
  await stoppedAfter(3, (signal) => frechetDistance({ real, generated }, { signal }));
  await stoppedAfter(3, (signal) => frechetDistance({ real: few, generated: few }, { signal }));
  await stoppedAfter(3, (signal) =>
    frechetDistance({ real: few, generated }, { signal, convention: "gpic-eval" }),
  );
  await stoppedAfter(3, (signal) => biasOf({ real, generated }, { signal }));
  const controller = new AbortController();
  const distance = await frechetFrom(real, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(distance(generated), /enough/);
});

test("blocks and moments of rows are stopped while the engine takes their products", async () => {
  const rows = normalRows(5000, 128, 4);
  await stoppedAfter(1, (signal) => momentsOfRows(rows, { signal }));
  await stoppedAfter(1, (signal) => drawBlocks(rows, { blocks: 8, seed: 1, signal }));
});

test("blocks through the engine are those in loops, to its rounding, and to the bit where rows are narrow", async () => {
  for (const width of [5, 130]) {
    const rows = normalRows(3000, width, 5);
    const options = { blocks: 4, seed: "both" };
    const [loops, engine] = [momentsInBlocks(rows, options), await drawBlocks(rows, options)];
    for (const [i, block] of loops.entries()) {
      assert.equal(engine[i]!.count, block.count);
      assert.deepEqual(engine[i]!.mean, block.mean);
      const there = engine[i]!.covariance();
      // 750 terms of about 1: 750 x 1.1e-16 of their sum's size, which is 1 after division
      for (const [at, value] of block.covariance().entries())
        assert.ok(Math.abs(there[at]! - value) <= (width < 96 ? 0 : 750 * 1.2e-16 * 1.2), `${at}`);
    }
  }
  const rows = normalRows(10, 3, 6);
  const some = await momentsOfRows(rows, { numbers: [4, 4, 0] });
  assert.equal(some.count, 3);
  assert.ok(Math.abs(some.mean[1]! - (2 * rows.data[13]! + rows.data[1]!) / 3) < 1e-15);
  await assert.rejects(drawBlocks(rows, { blocks: 11, seed: 0 }), /2 to 10 of them .* got 11/);
});
