/** The checks against the readings of the paper's numbers, typed here from the text and not from the claims. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { check, checkIds, derivedVerdicts, misprint } from "gpic-lab/claims";

/** Check, result, reading, and half a unit of the reading's last digit. */
const readings: readonly (readonly [string, string, number | boolean, number?])[] = [
  ["C1", "after-filters", 109.84e6, 5e3],
  ["C1", "small-or-duplicate", 8.54e6, 5e3],
  ["C1", "below-prediction", 0.11, 5e-3],
  ["C2", "left-of-pool", 100.95e6, 5e3],
  ["C2", "left-of-filtered", 100.22e6, 5e3],
  ["C2", "pool-rounds-as-printed", true],
  ["C2", "filtered-rounds-as-printed", false],
  ["C3", "largest-to-smallest", 31.5, 0.05],
  ["C3", "pool-over-1024", 107_978, 0.5],
  ["C3", "pool-over-32", 3.455e6, 500],
  ["C4", "sum-of-splits", 101.2e6, 0],
  ["C4", "unaccounted", 0.1e6, 0],
  ["C5", "full", 100e6, 0],
  ["C5", "lite", 10e6, 0],
  ["C5", "nano", 1e6, 0],
  ["C6", "mean-pixels", 276_383, 0.5],
  ["C6", "product-of-means", 281_173, 0],
  ["C6", "covariance", -4790, 0.5],
  ["C7", "per-shard", 1.61, 5e-3],
  ["C7", "per-image", 127, 0.5],
  ["C8", "sum", 1, 5e-5],
  ["C8", "measured-cc-by", 0.807, 5e-4],
  ["C8", "measured-public-domain", 0.137, 5e-4],
  ["C8", "measured-cc0", 0.044, 5e-4],
  ["C8", "measured-no-restrictions", 0.007, 5e-4],
  ["C8", "largest-difference", 0, 0.005],
  ["C9", "benchmark-images", 1520, 0],
  ["C9", "type-shares", 1, 1e-12],
  ["C10", "short-and-medium", 482, 0.5],
  ["C10", "left-for-the-rest", 1018, 0.5],
  ["C10", "rest-rate", 2.8, 0.05],
  ["C11", "largest-difference", 0, 0.006],
  ["C12", "b", 3.92e5, 500],
  ["C12", "val-predicted", 2.35, 5e-3],
  ["C12", "val-if-independent", 2.13, 5e-3],
  ["C12", "independent-50k", 8.2, 0.05],
  ["C12", "shift-nano", 0.82, 5e-3],
  ["C12", "shift-lite", 0.82, 5e-3],
  ["C12", "shift-full", 0.79, 6e-3],
  ["C13", "trace", 2105, 0.5],
  ["C13", "val-expected", 0.0126, 5e-5],
  ["C13", "mean-shift", 0.049, 5e-4],
  ["C13", "inception-shift", 0.034, 5e-4],
  ["C14", "coverage-k4", 0.938, 5e-4],
  ["C14", "coverage-k5", 0.969, 5e-4],
  ["C14", "coverage-k6", 0.984, 5e-4],
  ["C14", "mean-of-cells", 0.969, 5e-4],
  ["C14", "unequal-counts", 0.22, 5e-3],
  ["C16", "just-below", 0.794, 5e-4],
  ["C16", "just-above", 0.797, 5e-4],
  ["C16", "possible-for-five", false],
  ["C16", "possible-if-cut", false],
  ["C16", "possible-by-rounded-spearman", false],
  ["C16", "one-tie", 508.5 / 640, 0],
  ["C16", "one-tie-corrected", 505.5 / 636, 0],
  ["C16", "six-items", 890 / 1120, 0],
  ["C16", "nine-encoders", 644 / 810, 0],
  ["C16", "mean-spearman", 0.766, 5e-4],
  ["C17", "steps", 390_625, 0],
  ["C17", "warm-up", 391, 0.5],
  ["C17", "rate", 694, 0.5],
  ["C17", "rate-per-gpu", 87, 0.5],
  ["C17", "gpu-hours", 320, 0],
  ["C18", "first-change", -0.57, 5e-3],
  ["C18", "second-change", -0.13, 5e-3],
  ["C18", "best-over-test-50k", 10.2, 0.05],
  ["C18", "best-is-largest", true],
  ["C20", "published", 23, 0],
  ["C20", "below-in-fid", 13, 0],
  ["C20", "trained-below-in-fid", 8, 0],
  ["C20", "below-in-fd-dinov2", 0, 0],
  ["C20", "below-in-siglip", false],
  ["R1", "imagenet256-fd-dinov2", 0.825, 5e-4],
  ["R1", "imagenet256-fid-rank", -0.169, 5e-4],
  ["R1", "lsun-bedroom-fd-dinov2", 0.976, 5e-4],
  ["R1", "lsun-bedroom-fid-rank", -0.167, 5e-4],
  ["R1", "cifar10-fd-dinov2", 0.978, 5e-4],
  ["R1", "cifar10-fid-rank", 0.967, 5e-4],
  ["R1", "ffhq256-fd-dinov2", 0.383, 5e-4],
  ["R1", "ffhq256-fid-rank", 0.467, 5e-4],
  ["R1", "models", 41, 0],
  ["R2", "kendall-w", 0.734, 5e-4],
  ["R2", "kendall-w-corrected", 0.735, 5e-4],
  ["R2", "mean-pearson", 0.634, 5e-4],
  ["R3", "shard-images", 12_639, 0],
  ["R3", "shard-statistic", 2.59, 5e-3],
  ["R3", "shard-p", 0.459, 5e-4],
  ["R3", "shard-agrees", true],
  ["R3", "shard-long-share", 0.086, 5e-4],
  ["R3", "shard-long-residual", -1.57, 5e-3],
  ["R3", "shard-long-seen", 0.0096, 5e-5],
  ["R3", "six-images", 75_118, 0],
  ["R3", "six-p", 0.264, 5e-4],
  ["R3", "six-agree", true],
  ["R3", "shard-against-others-p", 0.346, 5e-4],
  ["R4", "systems", 4, 0],
  ["R4", "worst-rank-inception", 4, 0],
  ["R4", "mean-rank-inception", 2.5, 0],
  ["R4", "mean-rank-elsewhere", 17.2, 0.05],
  ["R4", "best-rank-elsewhere", 3, 0],
  ["R4", "worst-rank-elsewhere", 31, 0],
  ["R4", "least-times-validation-in-dinov2", 3.58, 5e-3],
  // normal law: standard errors 0.016518 and 0.025710, 2.80159 of them for four of five
  ["R5", "power-least-spread", 0.857, 5e-4],
  ["R5", "visible-least-spread", 0.0463, 5e-5],
  ["R5", "power-most-spread", 0.494, 5e-4],
  ["R5", "visible-most-spread", 0.072, 5e-5],
];

for (const [id, name, reading, room = 0] of readings)
  test(`check ${id} finds ${reading} for ${name}`, () => {
    const found = check(id).compute()?.[name];
    if (typeof reading === "boolean") assert.equal(found, reading);
    else assert.ok(Math.abs(Number(found) - reading) <= room + 1e-12 * Math.abs(reading), `got ${found}`);
  });

test("every check from C1 to C20 is there; two wait for what published numbers do not hold", () => {
  const expected = [...Array.from({ length: 20 }, (_, i) => `C${i + 1}`), "R1", "R2", "R3", "R4", "R5"];
  assert.deepEqual(checkIds(), expected);
  for (const id of expected) {
    const { kind, needs } = check(id).verdict();
    assert.equal(kind, id === "C15" || id === "C19" ? "not run" : "recomputed", id);
    if (kind === "not run") assert.ok((needs ?? "").length > 20);
  }
  assert.throws(() => check("C21"), { name: "RangeError", message: /C1, C2/ });
});

test("every computed result has its claim, and every claim of a computed check its result", () => {
  for (const id of checkIds()) {
    const computed = check(id).compute();
    if (computed === undefined) continue;
    assert.deepEqual(
      check(id)
        .results.map((one) => one.id.slice(`check/${id}/`.length))
        .sort(),
      Object.keys(computed).sort(),
    );
  }
});

test("the four misprints of the popular article are contradicted by the paper, and nothing else is", () => {
  for (const i of [1, 2, 3, 4]) assert.equal(misprint(i).kind, "contradicted");
  const contradicted = derivedVerdicts().filter(({ kind }) => kind === "contradicted");
  assert.deepEqual(
    contradicted.map(({ claim }) => claim.id),
    ["misprint/1", "misprint/2", "misprint/3", "misprint/4"],
  );
});
