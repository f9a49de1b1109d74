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

test("what parts remove keeps its digits down to a billionth of the pool", () => {
  for (const size of [2, 3, 7, 50, 999])
    for (const halvings of [1, 2, 5, 9, 10, 20, 30]) {
      // (m q - 1 + (1-q)^m) 2^(m halvings) in whole numbers, for q = 2^-halvings
      const [m, whole] = [BigInt(size), 1n << BigInt(halvings)];
      const exact = (m - whole) * whole ** (m - 1n) + (whole - 1n) ** m;
      // 60 binary digits, so that the quotient is exact to more than a number holds
      const digits = (exact << 1100n) / whole ** m;
      const shift = Math.max(0, digits.toString(2).length - 60);
      const expected = Number(digits >> BigInt(shift)) * 2 ** (shift - 1100);
      const pool: ClusteredPool = { images: size, shape: "clique", sizes: [{ size, clusters: 1 }] };
      near(expectedRemovals(pool, 2 ** -halvings), expected, 1e-13, `${size}, 2^-${halvings}:`);
      if (size === 2) near(localBeta(pool, 2 ** -halvings), 2, 1e-13);
    }
});

test("bursts remove what the generating function of their sizes says", () => {
  const [mean, share] = [20, 0.1];
  const pool = clusteredPool(POOL, [{ kind: "bursts", share, mean }]);
  const stop = 1 / (mean - 1);
  for (const part of [...PAPER_PARTS, 1 / 2, 1]) {
    const none = ((1 - part) ** 2 * stop) / (1 - (1 - stop) * (1 - part));
    // sizes are rounded to whole clusters: some 250 sizes of up to half a cluster, of half a million
    const expected = ((share * POOL) / mean) * (mean * part - 1 + none);
    near(expectedRemovals(pool, part), expected, 1e-3, `${part}:`);
  }
});

test("by the power law's sizes each of the paper's parts removes A N^beta to an image, and its slope there is beta", () => {
  for (const beta of [1.1, 1.2, 1.35, 1.5, 1.6, 1.8]) {
    const pool = clusteredPool(POOL, [{ kind: "power", share: 0.12, beta }]);
    const inClusters = pool.sizes.reduce((sum, { size, clusters }) => sum + size * clusters, 0);
    near(inClusters, 0.12 * POOL, 1e-7);
    const a = (0.12 * POOL) / beta;
    for (const part of [...PAPER_PARTS, 1 / 2, 1]) {
      const removed = a * part ** beta;
      // images are all there, and clusters to half a one, of which each keeps one
      assert.ok(Math.abs(expectedRemovals(pool, part) - removed) < 1, `beta ${beta}, ${part}`);
      near(localBeta(pool, part), beta, 1 / removed, `beta ${beta}, ${part}:`);
    }
  }
});

/** A pool and a number of repeats by which a study takes a second. */
const SMALL = 20_000_000;
const REPEATS = 80;

test("where the law holds and parts are drawn by themselves, the interval holds the truth as often as it says; of nested parts less often", () => {
  const coverage = { nested: 0, alone: 0 };
  const curved = { nested: 0, alone: 0 };
  const betas = [1.2, 1.35, 1.5];
  for (const beta of betas) {
    const pool = clusteredPool(SMALL, [{ kind: "power", share: 0.15, beta }]);
    for (const drawn of ["nested", "alone"] as const) {
      const study = extrapolationStudy(pool, { seed: 2, repeats: REPEATS, nested: drawn === "nested" });
      coverage[drawn] += study.coverage / betas.length;
      curved[drawn] += study.curved / betas.length;
      // the law is not to blame; a median of so many scatters by 1.25 standard errors, here at most four times that
      near(study.lawRatio, 1, 0.01, `beta ${beta}`);
      const scatter = (5 * study.scatter) / Math.sqrt(REPEATS);
      near(study.ratio, 1, scatter + 0.01, `beta ${beta}, ${drawn}`);
      near(study.beta, beta, scatter / Math.log(32), `beta ${beta}, ${drawn}`);
      assert.ok(study.scatter > 0.02 && study.scatter < 0.25, `${study.scatter}`);
      assert.deepEqual(
        study.points.map(({ images }) => images),
        PAPER_PARTS.map((part) => Math.round(SMALL * part)),
      );
    }
  }
  // 240 draws: three standard errors of 0.95 are 0.042
  assert.ok(Math.abs(coverage.alone - 0.95) < 0.042, `${coverage.alone}`);
  assert.ok(Math.abs(curved.alone - 0.05) < 0.042, `${curved.alone}`);
  assert.ok(coverage.nested < 0.95 - 0.042, `${coverage.nested}`);
  assert.ok(curved.nested > 0.05 + 0.042, `${curved.nested}`);
});

test("a power law that ends at clusters of a thousand is none in the paper's parts: the whole is foretold too high, by the law and not by chance", () => {
  for (const [beta, least] of [
    [1.2, 3],
    [1.5, 2],
  ] as const) {
    const pool = clusteredPool(POOL, [{ kind: "power", share: 0.15, beta, largest: 1000 }]);
    const largest = pool.sizes.at(-1)!.size;
    assert.ok(largest > 990 && largest <= 1000, `${largest}`);
    near(localBeta(pool, 1), beta, 0.06);
    const study = extrapolationStudy(pool, { seed: 1, repeats: 8 });
    const slopes = study.expected.map(({ beta: slope }) => slope);
    assert.ok(slopes[0]! > 1.85 && slopes.at(-1)! > beta + 0.05, `${slopes}`);
    assert.deepEqual(
      slopes,
      [...slopes].sort((a, b) => b - a),
    );
    assert.ok(study.lawRatio > least, `${study.lawRatio}`);
    near(study.ratio, study.lawRatio, (5 * study.scatter) / Math.sqrt(8));
    assert.equal(study.coverage, 0);
  }
});

test("bursts of twenty look like pairs in the paper's parts, and the whole is foretold nine times too high", () => {
  const law: ClusterLaw = { kind: "bursts", share: 0.1, mean: 20 };
  const study = extrapolationStudy(clusteredPool(POOL, [law]), { seed: 1, repeats: 8 });
  near(study.truth, 0.095 * POOL, 1e-3);
  near(study.expected[0]!.beta, 2, 0.01);
  near(study.betaAtPool, 20 / 19, 1e-3);
  near(study.lawRatio, 8.8, 0.01);
  near(study.ratio, study.lawRatio, (5 * study.scatter) / Math.sqrt(8));
  assert.equal(study.coverage, 0);
  // as chains, of which a part has few links, the same sizes remove N^2 at every part
  const chains = extrapolationStudy(clusteredPool(POOL, [law], "chain"), { seed: 1, repeats: 8 });
  // a part of 107,978.28 images counts as one of 107,978
  near(chains.lawRatio, 1, 1e-5);
  near(chains.ratio, 1, (5 * chains.scatter) / Math.sqrt(8));
  assert.equal(chains.betaAtPool, 2);
  assert.equal(chains.truth, study.truth);
});

test("a few very large clusters are seen whole in small parts, and the whole is foretold too low", () => {
  const pool = clusteredPool(POOL, [
    { kind: "bursts", share: 0.1, mean: 4 },
    { kind: "fixed", share: 0.01, size: 20_000 },
  ]);
  const study = extrapolationStudy(pool, { seed: 1, repeats: 8 });
  assert.ok(study.lawRatio < 0.5 && study.curved === 1, `${study.lawRatio}, ${study.curved}`);
  near(study.ratio, study.lawRatio, (5 * study.scatter) / Math.sqrt(8));
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
  assert.throws(() => expectedRemovals(pool, 1.5), /above 0 and at most 1 is needed, got 1.5/);
  assert.throws(() => localBeta(pool, 0), /above 0 and at most 1 is needed, got 0/);
  assert.throws(() => extrapolationStudy(pool, { seed: 1, repeats: 3 }), /got none in 3 repeats/);
  assert.throws(() => extrapolationStudy(pool, { seed: 1, repeats: 2.5 }), /1 repeat or more .*got 2.5/);
  assert.throws(
    () => clusteredPool(10, [{ kind: "power", share: 0.1, beta: 1.5, largest: 1 }]),
    /at least 2 is needed, got 1/,
  );
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
