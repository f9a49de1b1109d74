/** Saturation: by hand, under a change of scale, on the published table, and what cannot be measured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { encoderTable, saturation, sixEncoders } from "gpic-lab/benchmark";
import { check } from "gpic-lab/claims";

test("four systems about real images, by hand: one below, one level", () => {
  assert.deepEqual(saturation({ real: 2, generated: [6, 2, 1, 4] }), {
    systems: 4,
    below: 1,
    share: 0.25,
    real: 2,
    best: 1,
    bestOverReal: 0.5,
    medianOverReal: 1.5,
  });
});

test("another scale of an encoder changes no ratio, and the order of systems nothing", () => {
  const generated = [3, 0.5, 7, 2.5, 4];
  const { share, bestOverReal, medianOverReal } = saturation({ real: 2, generated });
  const scaled = saturation({ real: 8, generated: generated.map((distance) => 4 * distance).reverse() });
  assert.deepEqual(
    [share, bestOverReal, medianOverReal],
    [scaled.share, scaled.bestOverReal, scaled.medianOverReal],
  );
});

test("of six encoders three prefer a generator to photographs, as check C20 counts", () => {
  const { generators, validationImages } = encoderTable();
  const below = sixEncoders.map(
    (encoder) =>
      saturation({
        real: validationImages.distances[encoder],
        generated: generators.map(({ distances }) => distances[encoder]),
      }).below,
  );
  const { "below-in-fid": published, "trained-below-in-fid": trained } = check("C20").compute() ?? {};
  assert.equal(below[0], Number(published) + Number(trained));
  assert.deepEqual(
    below.map((count) => count > 0),
    [true, true, false, true, false, false],
  );
});

test("no system, real images at no distance, and what is no number are named", () => {
  assert.throws(() => saturation({ real: 2, generated: [] }), /at least one system are needed, got 2 and 0/);
  assert.throws(() => saturation({ real: 0, generated: [1] }), /a distance above 0 of real images/);
  assert.throws(
    () => saturation({ real: 1, generated: [Number.NaN] }),
    /finite distances are needed, got NaN/,
  );
});
