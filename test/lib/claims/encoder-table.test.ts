/** The table of six encoders as rows, and the values that W can have near the printed one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claim, distancesByEncoder, encoderTable, printedConcordance, sixEncoders } from "gpic-lab/claims";
import { kendallW } from "gpic-lab/core";

test("real images and generators are apart, and every distance is the claim's", () => {
  const { validationImages, generators } = encoderTable();
  assert.equal(validationImages.system, "(50k validation images)");
  assert.equal(generators.length, 31);
  assert.equal(new Set(generators.map(({ system }) => system)).size, 31);
  for (const { id, kind, distances } of [validationImages, ...generators]) {
    assert.equal(kind, claim(`${id}/kind`).value);
    for (const encoder of sixEncoders) assert.equal(distances[encoder], claim(`${id}/fd_${encoder}`).number);
  }
});

test("a system that was trained on a distance names its loss, and its row before that where there is one", () => {
  const trained = encoderTable().generators.filter(({ loss }) => loss !== undefined);
  assert.deepEqual(
    trained.map(({ system, kind, loss, before }) => [system, kind, loss, before]),
    ["iMF-XL", "JiT-H", "pMF-L", "pMF-H"].flatMap((base) =>
      ["FD-Inception", "FD-SIM"].map((loss) => [
        `${base} + ${loss}`,
        "trained on a Frechet loss",
        loss,
        // two rows are of iMF-XL, with one step and with two
        base === "iMF-XL" ? undefined : base,
      ]),
    ),
  );
});

test("distances come as one list an encoder, of the rows and encoders that are asked for", () => {
  const rows = encoderTable().generators.slice(3, 5);
  assert.deepEqual(distancesByEncoder(rows, ["clip", "mae"]), [
    rows.map(({ distances }) => distances.clip),
    rows.map(({ distances }) => distances.mae),
  ]);
  assert.equal(distancesByEncoder(rows).length, sixEncoders.length);
});

test("the printed W lies in a gap of the design that the paper names, and in none of four others", () => {
  const { untied, tied, correctedTied, oneItemMore, oneEncoderMore } = printedConcordance();
  // S of 64 x 120 / 12 = 640 at the most, every even one near 508.8, which rounds to the printed value from 508.48 on
  assert.deepEqual(
    untied.map(({ s }) => s),
    [498, 500, 502, 504, 506, 508, 510, 512, 514, 516, 518, 520],
  );
  const printing = [untied, tied, correctedTied, oneItemMore, oneEncoderMore].map((values) =>
    values.filter(({ prints }) => prints).map(({ s }) => s),
  );
  assert.deepEqual(printing, [[], [508.5], [505.5], [890], [644]]);
});

test("rankings written down here show that one tie is enough, with the correction and without it", () => {
  const digits = (text: string): number[][] => text.split(" ").map((ranking) => [...ranking].map(Number));
  const without = kendallW(digits("12354 21354 21534 21354 21345 21354 12453 12234"));
  const corrected = kendallW(digits("12435 21345 13425 12354 14235 12345 12345 12234"));
  assert.equal(without.wUncorrected.toFixed(3), String(claim("backbones/kendall-w").number));
  assert.equal(corrected.w.toFixed(3), String(claim("backbones/kendall-w").number));
});
