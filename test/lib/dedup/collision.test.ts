import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  type ClusteredPool,
  type ClusterLaw,
  clusteredPool,
  collisionCurve,
  componentsOf,
  drawParts,
  expectedRemovals,
  extrapolationStudy,
  fitCollisions,
  localBeta,
  PAPER_PARTS,
  pairsOf,
  pairsWhere,
  similarityJoin,
} from "gpic-lab/dedup";
import { sampleDescriptors } from "gpic-lab/features";

/** The paper's pool: 110,569,761 images. */
const POOL = 110_569_761;

function near(actual: number, expected: number, relative: number, what = ""): void {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${what} ${actual}, not ${expected}`,
  );
}

test("points of a power law give it back, without curvature, at any size", () => {
  const points = [1e5, 2e5, 4e5, 8e5, 1.6e6, 3.2e6].map((images) => ({
    images,
    removed: 3e-6 * images ** 1.6,
  }));
  for (const weights of ["equal", "counts"] as const) {
    const fit = fitCollisions(points, { weights });
    near(fit.beta.value, 1.6, 1e-12);
    near(fit.a.value, 3e-6, 1e-9);
    near(fit.extrapolate(1e8).value, 3e-6 * 1e8 ** 1.6, 1e-9);
    for (const slope of fit.slopes) near(slope, 1.6, 1e-12);
    assert.ok(Math.abs(fit.curvature!.c.value) < 1e-10);
  }
});

test("intervals hold the truth as often as they say, for beta and for a new observation", () => {
  const random = new Random(11);
  let [beta, next] = [0, 0];
  const rounds = 2000;
  for (let round = 0; round < rounds; round++) {
    const noisy = (images: number) => 2e-5 * images ** 1.4 * Math.exp(0.1 * random.normal());
    const fit = fitCollisions(
      [1e5, 2e5, 4e5, 8e5, 1.6e6, 3.2e6].map((images) => ({ images, removed: noisy(images) })),
    );
    beta += Number(fit.beta.low <= 1.4 && 1.4 <= fit.beta.high);
    const { low, high } = fit.extrapolate(1e8);
    const drawn = noisy(1e8);
    next += Number(low <= drawn && drawn <= high);
  }
  // 0.95 within three standard errors of 2,000 rounds
  for (const covered of [beta, next]) assert.ok(Math.abs(covered / rounds - 0.95) < 0.015, `${covered}`);
});

test("a bend is seen where there is one, and as rarely as it should where there is none", () => {
  const random = new Random(5);
  let [straight, bent] = [0, 0];
  for (let round = 0; round < 1000; round++)
    for (const c of [0, 0.15]) {
      const points = [1e5, 2e5, 4e5, 8e5, 1.6e6, 3.2e6].map((images) => ({
        images,
        removed: 1e-4 * images ** 1.5 * Math.exp(-c * Math.log(images / 6e5) ** 2 + 0.05 * random.normal()),
      }));
      const isBent = fitCollisions(points).curvature!.p < 0.05;
      if (c === 0) straight += Number(isBent);
      else bent += Number(isBent);
    }
  assert.ok(straight > 29 && straight < 71, `${straight}`);
  assert.ok(bent > 900, `${bent}`);
});

test("parts of a pool remove what a count of every image removes", () => {
  const pool: ClusteredPool = {
    ...{ images: 60_000, shape: "clique" },
    sizes: [
      { size: 2, clusters: 3000 },
      { size: 7, clusters: 500 },
      { size: 300, clusters: 5 },
    ],
  };
  for (const shape of ["clique", "chain"] as const) {
    const sums = new Map<number, number>();
    const rounds = 60;
    for (let seed = 0; seed < rounds; seed++)
      for (const { images, removed } of drawParts({ ...pool, shape }, [0.1, 0.5, 0.25], seed))
        sums.set(images, (sums.get(images) ?? 0) + removed / rounds);
    assert.deepEqual([...sums.keys()], [6000, 15_000, 30_000]);
    // the brute force: a coin for every image, then components of the pairs whose ends are both there
    const random = new Random(99);
    for (const [images, mean] of sums) {
      const part = images / pool.images;
      let brute = 0;
      for (let round = 0; round < rounds; round++)
        for (const { size, clusters } of pool.sizes)
          for (let cluster = 0; cluster < clusters; cluster++) {
            let [before, drawn] = [false, 0];
            for (let place = 0; place < size; place++) {
              const isDrawn = random.next() < part;
              if (shape === "chain" ? isDrawn && before : isDrawn && drawn > 0) brute++;
              before = isDrawn;
              drawn += Number(isDrawn);
            }
          }
      const expected = expectedRemovals({ ...pool, shape }, part);
      // thousands of removals are counted, in clusters: four standard errors are at most 0.06 of them
      near(mean, expected, 0.06, `${shape} ${part}`);
      near(brute / rounds, expected, 0.06, `${shape} ${part} by count`);
    }
  }
  const all = 3000 + 500 * 6 + 5 * 299;
  assert.equal(expectedRemovals(pool, 1), all);
  assert.deepEqual(drawParts(pool, [1], 3), [{ images: 60_000, removed: all }]);
});

test("pools have the shares and means that their laws say", () => {
  const pool = clusteredPool(1_000_000, [
    { kind: "fixed", share: 0.1, size: 5 },
    { kind: "bursts", share: 0.2, mean: 12 },
  ]);
  const inClusters = pool.sizes.reduce((sum, { size, clusters }) => sum + size * clusters, 0);
  near(inClusters, 300_000, 1e-3);
  const bursts = clusteredPool(1_000_000, [{ kind: "bursts", share: 0.2, mean: 12 }]);
  const clusters = bursts.sizes.reduce((sum, { clusters: count }) => sum + count, 0);
  near(200_000 / clusters, 12, 1e-3);
});

test("by the power law's sizes every part removes A N^beta, and its own slope is beta everywhere", () => {
  for (const beta of [1.5, 1.6, 1.8]) {
    const pool = clusteredPool(POOL, [{ kind: "power", share: 0.12, beta }]);
    const a = (0.12 * POOL) / beta;
    const largest = pool.sizes.at(-1)!.size;
    assert.ok(largest > 1000, `${largest}`);
    for (const part of [1, 1 / 2, 1 / 32]) {
      // a whole number of clusters ends at a largest one of M images: of the sum of (m q) m^-(1+beta) from there on,
      // (M q)^(1-beta) of A q^beta is missing, times 1/(beta-1) and constants of the series, at most 1
      const missing = (largest * part) ** (1 - beta) / (beta - 1) + 1e-3;
      near(expectedRemovals(pool, part), a * part ** beta, missing, `beta ${beta}, ${part}`);
      near(localBeta(pool, part), beta, missing);
    }
  }
});

test("the paper's six subsets foretell a pool that is a power law, though less surely than their interval says", () => {
  const pool = clusteredPool(POOL, [{ kind: "power", share: 0.15, beta: 1.6 }]);
  const study = extrapolationStudy(pool, { seed: 2, repeats: 12 });
  near(study.beta, 1.6, 0.05);
  assert.ok(study.ratio > 0.8 && study.ratio < 1.35, `${study.ratio}`);
  // a large cluster is in all subsets or in none: points of nested subsets err together
  assert.ok(study.coverage > 0.2 && study.coverage < 0.95, `${study.coverage}`);
  assert.deepEqual(
    study.points.map(({ images }) => images),
    PAPER_PARTS.map((part) => Math.round(POOL * part)),
  );
});

test("bursts of twenty look like pairs in the paper's subsets, and the extrapolation is far too high", () => {
  const law: ClusterLaw = { kind: "bursts", share: 0.1, mean: 20 };
  const study = extrapolationStudy(clusteredPool(POOL, [law]), { seed: 1, repeats: 8 });
  near(study.truth, 0.095 * POOL, 1e-3);
  assert.ok(study.ratio > 5, `${study.ratio}`);
  assert.equal(study.coverage, 0);
  // as chains, of which a part has few links, the same sizes remove N^2 and are foretold
  const chains = extrapolationStudy(clusteredPool(POOL, [law], "chain"), { seed: 1, repeats: 8 });
  assert.ok(chains.ratio > 0.8 && chains.ratio < 1.25 && chains.betaAtPool === 2, `${chains.ratio}`);
  assert.equal(chains.truth, study.truth);
});

test("a few very large clusters are seen whole in small parts, and the extrapolation is too low", () => {
  const pool = clusteredPool(POOL, [
    { kind: "bursts", share: 0.1, mean: 4 },
    { kind: "fixed", share: 0.01, size: 20_000 },
  ]);
  const study = extrapolationStudy(pool, { seed: 1, repeats: 8 });
  assert.ok(study.ratio < 0.5 && study.curved === 1, `${study.ratio}, ${study.curved}`);
});

test("on real descriptors the whole removes what its components say, and fewer edges never remove more", async () => {
  const { rows } = await sampleDescriptors("crops");
  const { pairs } = await similarityJoin(rows, { threshold: 0.75 });
  const thresholds = [0.75, 0.85, 0.95];
  const sizes = [375, 750, 1500, 3000];
  const options = { pairs, images: 3000, thresholds, sizes, seed: 1 };
  const all = collisionCurve(options);
  const nearest = collisionCurve({ ...options, edges: "nearest" });
  assert.equal(all.length, 12);
  for (const [i, { threshold, images, removed }] of all.entries()) {
    assert.ok(nearest[i]!.removed <= removed && 2 * nearest[i]!.removed >= removed);
    if (images === 3000)
      assert.equal(
        removed,
        3000 -
          componentsOf(
            3000,
            pairsWhere(pairs, (similarity) => similarity >= threshold),
          ).count,
      );
  }
  assert.deepEqual(collisionCurve(options), all);
  assert.notDeepEqual(collisionCurve({ ...options, seed: 2 }), all);
});

test("what cannot be fitted or drawn is refused with what is needed", () => {
  const point = { images: 10, removed: 1 };
  assert.throws(
    () => fitCollisions([point, point]),
    /three points of two sizes or more are needed, got 2 of 1/,
  );
  assert.throws(
    () => fitCollisions([point, { images: 20, removed: 0 }, { images: 40, removed: 9 }]),
    /at least one image are needed, got 0 of 20/,
  );
  const pool = clusteredPool(1000, [{ kind: "fixed", share: 0.1, size: 2 }]);
  assert.throws(() => drawParts(pool, [0], 1), /above 0 and at most 1 is needed, got 0/);
  assert.throws(() => extrapolationStudy(pool, { seed: 1, repeats: 3 }), /got none in 3 repeats/);
  assert.throws(() => clusteredPool(10, [{ kind: "fixed", share: 1.1, size: 2 }]), /at most 1 in all .*1.1/);
  assert.throws(() => clusteredPool(10, [{ kind: "power", share: 0.1, beta: 2 }]), /between 1 and 2 .*got 2/);
  assert.throws(() => clusteredPool(10, [{ kind: "bursts", share: 0.1, mean: 2 }]), /above 2.*got 2/);
  assert.throws(
    () => clusteredPool(10, [{ kind: "fixed", share: 0.1, size: 1 }]),
    /at least 2 is needed, got 1/,
  );
  const curve = { pairs: pairsOf([]), images: 9, thresholds: [0.9], seed: 1 };
  assert.throws(() => collisionCurve({ ...curve, sizes: [10] }), /1 to the 9 images are needed, got 10/);
  assert.throws(() => collisionCurve({ ...curve, sizes: [9], repeats: 0 }), /1 repeat or more .*got 0/);
});
