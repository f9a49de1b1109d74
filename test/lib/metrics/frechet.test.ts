/** The Frechet distance of two sets of features. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { Moments } from "gpic-lab/features";
import { openFileSource, openNpy, packageFile } from "gpic-lab/io";
import { frechetDistance, frechetFrom, type MeanAndCovariance } from "gpic-lab/metrics";

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

const golden: { cases: Record<string, { fd: number; fd_mu: number; fd_sigma: number }> } = JSON.parse(
  readFileSync(packageFile("test", "golden", "metrics", "expected.json"), "utf8"),
);

for (const [name, expected] of Object.entries(golden.cases))
  test(`${name}: the distance by singular values, in float64`, async () => {
    const load = async (which: string) => {
      const source = await openFileSource(packageFile("test", "golden", "metrics", `${name}.${which}.npy`));
      try {
        const file = await openNpy(source);
        const rows = await file.readAll();
        assert.ok(rows instanceof Float32Array || rows instanceof Float64Array);
        return momentsOf(rows, file.shape[1]!);
      } finally {
        await source.close();
      }
    };
    const { fd, fd_mu, fd_sigma } = await frechetDistance({
      real: await load("real"),
      generated: await load("generated"),
    });
    // singular covariances: roots of eigenvalues near zero are right to the root of epsilon
    assert.ok(Math.abs(fd - expected.fd) < 1e-8 * expected.fd, `${fd} is not ${expected.fd}`);
    assert.ok(Math.abs(fd_mu - expected.fd_mu) < 1e-12 * expected.fd);
    assert.ok(Math.abs(fd_sigma - expected.fd_sigma) < 1e-8 * expected.fd);
  });

test("other widths and numbers that are none are refused by the side that has them", async () => {
  const real = momentsOf(normalRows(20, 3, 1), 3);
  const narrow = momentsOf(normalRows(20, 2, 1), 2);
  await assert.rejects(
    frechetDistance({ real, generated: narrow }),
    /generated features of 3 numbers, .* got 2/,
  );
  const broken = { ...real, covariance: real.covariance.map((value, i) => (i === 4 ? Number.NaN : value)) };
  await assert.rejects(frechetDistance({ real, generated: broken }), /NaN or infinity in the generated/);
  await assert.rejects(frechetDistance({ real: broken, generated: real }), /NaN or infinity in the real/);
});
