import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Random } from "gpic-lab/core";
import { openRows, type RowSource, rowsInMemory, type SimilarPairs, similarityJoin } from "gpic-lab/dedup";
import { cosine, type FeatureRows, sampleDescriptors } from "gpic-lab/features";
import { npyBytes, packageFile } from "gpic-lab/io";

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Rows of any length, of which the second half are the first half with some noise. */
function clustered(count: number, width: number, seed: number): FeatureRows {
  const random = new Random(seed);
  const data = Float32Array.from({ length: count * width }, () => random.normal());
  const half = count >> 1;
  for (let row = half; row < 2 * half; row++) {
    const factor = 5 * random.next();
    for (let c = 0; c < width; c++) data[row * width + c]! += factor * data[(row - half) * width + c]!;
  }
  return { data, count, width };
}

/** The same by a loop over all pairs. */
function bruteForce(rows: FeatureRows, threshold: number): [number, number, number][] {
  const found: [number, number, number][] = [];
  for (let a = 0; a < rows.count; a++)
    for (let b = a + 1; b < rows.count; b++) {
      const similarity = cosine(rows, a, rows, b);
      if (similarity >= threshold) found.push([a, b, similarity]);
    }
  return found;
}

function listed({ count, first, second, similarity }: SimilarPairs): [number, number, number][] {
  return Array.from({ length: count }, (_, i) => [first[i]!, second[i]!, similarity[i]!]);
}

test("copies have similarity 1, whatever their length, and right angles are found by no threshold", async () => {
  const rows = { data: Float32Array.of(1, 0, 0, 1, 1, 0, 3, 0), count: 4, width: 2 };
  const { pairs, total } = await similarityJoin(rows, { threshold: 1 });
  assert.deepEqual(listed(pairs), [
    [0, 2, 1],
    [0, 3, 1],
    [2, 3, 1],
  ]);
  assert.equal(total, 6);
});

test("the join finds what a loop over all pairs finds, to the bit, at any width and block size", async () => {
  for (const [count, width, blockRows, threshold] of [
    [700, 33, 8192, 0.5],
    [700, 33, 129, 0.5],
    [1500, 16, 1100, 0.8],
    [300, 512, 64, 0.1],
    [65, 1, 8192, 0.3],
    [2, 7, 1, 0.01],
  ] as const) {
    const rows = clustered(count, width, count + width);
    const { pairs } = await similarityJoin(rows, { threshold, blockRows });
    const expected = bruteForce(rows, threshold);
    assert.deepEqual(listed(pairs), expected, `${count} x ${width}`);
    if (width > 1) assert.ok(count < 3 || (expected.length > 10 && expected.length < (count * count) / 4));
  }
});

test("a pair at the threshold is in, one bit below it is out", async () => {
  const rows = clustered(400, 24, 5);
  for (const [, , similarity] of bruteForce(rows, 0.6).slice(0, 8)) {
    const at = await similarityJoin(rows, { threshold: similarity });
    const above = await similarityJoin(rows, { threshold: similarity * (1 + 2 ** -52) });
    assert.deepEqual(listed(at.pairs), bruteForce(rows, similarity));
    assert.equal(above.pairs.count, at.pairs.count - 1);
  }
});

test("rows with one large number among small ones lose no pair", async () => {
  const random = new Random(3);
  const width = 64;
  const data = Float32Array.from({ length: 200 * width }, (_, i) =>
    i % width === Math.floor(i / width) % 3 ? 100 : random.normal() * (i % 7 === 0 ? 15 : 0.1),
  );
  const rows = { data, count: 200, width };
  const { pairs } = await similarityJoin(rows, { threshold: 0.9, blockRows: 50 });
  const expected = bruteForce(rows, 0.9);
  assert.ok(expected.length > 50);
  assert.deepEqual(listed(pairs), expected);
});

test("rows of the largest whole numbers and signs do not overflow on any processor", async () => {
  const random = new Random(6);
  const width = 512;
  // +1 and -1 alone: each becomes the largest whole number, and copies add up products of one sign
  const data = Float32Array.from({ length: 60 * width }, () => (random.next() < 0.5 ? 1 : -1));
  for (let row = 30; row < 60; row++) {
    data.copyWithin(row * width, (row - 30) * width, (row - 29) * width);
    for (let c = 0; c < row - 30; c++) data[row * width + c]! *= -1;
  }
  const rows = { data, count: 60, width };
  const { pairs } = await similarityJoin(rows, { threshold: 0.9 });
  const expected = bruteForce(rows, 0.9);
  // row r differs in r - 30 of 512 signs: a cosine of 1 - 2 (r - 30) / 512, above 0.9 up to 25 of them
  assert.equal(expected.length, 26);
  assert.deepEqual(listed(pairs), expected);
});

test("real descriptors: the pool's pairs are those of a loop, and whole numbers leave few others to decide", async () => {
  const { rows } = await sampleDescriptors("pool");
  const { pairs, decided, total } = await similarityJoin(rows, { threshold: 0.75 });
  assert.deepEqual(listed(pairs), bruteForce(rows, 0.75));
  assert.ok(decided < pairs.count + total / 100, `${decided} decided`);
});

test("rows from an .npy or an .npz give what rows in memory give", async (t) => {
  const folder = temporary(t);
  const { rows } = await sampleDescriptors("pool");
  const inMemory = await similarityJoin(rows, { threshold: 0.8 });
  const path = join(folder, "rows.npy");
  writeFileSync(path, npyBytes({ data: rows.data as Float32Array, shape: [rows.count, rows.width] }));
  for (const name of [path, packageFile("data", "sample", "features", "pool.npz")]) {
    const file = await openRows(name);
    const { pairs } = await similarityJoin(file, { threshold: 0.8, blockRows: 100 });
    await file.close();
    assert.deepEqual(pairs, inMemory.pairs);
  }
});

/** A source whose reads can be made to fail, as a disk that goes away. */
function failing(rows: FeatureRows, afterReads: number): RowSource {
  const source = rowsInMemory(rows);
  let reads = 0;
  return {
    ...source,
    read: (first, count) => {
      if (++reads > afterReads) throw new Error("the disk went away");
      return source.read(first, count);
    },
  };
}

test("a join that was stopped anywhere goes on from its journal and finds the same", async (t) => {
  const journal = join(temporary(t), "deep", "pairs.journal");
  const rows = clustered(600, 16, 9);
  const options = { threshold: 0.7, blockRows: 100, journal };
  const whole = await similarityJoin(rows, { ...options, journal: undefined });
  const sizes: number[] = [];
  // six reads hash the rows; then one or two more for each pair of blocks
  for (const reads of [7, 9, 9, 9])
    await assert.rejects(similarityJoin(failing(rows, reads), options), /the disk went away/).then(() => {
      sizes.push(statSync(journal).size);
      // a kill in the middle of a write leaves part of a record
      appendFileSync(journal, new Uint8Array([7, 0, 0, 0, 1]));
    });
  assert.ok(sizes[0]! < sizes.at(-1)!);
  const resumed = await similarityJoin(rows, options);
  assert.deepEqual(resumed.pairs, whole.pairs);
  assert.ok(resumed.resumed > 3 && resumed.resumed < 21);
  const again = await similarityJoin(rows, options);
  assert.equal(again.resumed, 21);
  assert.equal(again.decided, 0);
  assert.deepEqual(again.pairs, whole.pairs);
});

test("a journal cut at any byte gives the same pairs", async (t) => {
  const journal = join(temporary(t), "pairs.journal");
  const rows = clustered(200, 8, 2);
  const options = { threshold: 0.9, blockRows: 100, journal };
  const whole = await similarityJoin(rows, options);
  const bytes = readFileSync(journal);
  assert.ok(whole.pairs.count > 20);
  for (let cut = 0; cut < bytes.length; cut += 97) {
    writeFileSync(journal, bytes);
    truncateSync(journal, cut);
    assert.deepEqual((await similarityJoin(rows, options)).pairs, whole.pairs, `cut at ${cut}`);
    assert.deepEqual(readFileSync(journal), bytes);
  }
});

test("a journal of other rows, or another threshold, is refused and left as it was", async (t) => {
  const journal = join(temporary(t), "pairs.journal");
  const rows = clustered(100, 8, 2);
  await similarityJoin(rows, { threshold: 0.9, journal });
  const bytes = readFileSync(journal);
  await assert.rejects(similarityJoin(rows, { threshold: 0.8, journal }), /got one with another threshold/);
  await assert.rejects(similarityJoin(clustered(100, 8, 3), { threshold: 0.9, journal }), /another sha256/);
  assert.deepEqual(readFileSync(journal), bytes);
  writeFileSync(journal, "somebody's notes\n");
  await assert.rejects(similarityJoin(rows, { threshold: 0.9, journal }), /a file that is no journal/);
  assert.equal(readFileSync(journal, "utf8"), "somebody's notes\n");
});

test("a join stops at its signal, and says how far it has come", async () => {
  const rows = clustered(500, 16, 1);
  const controller = new AbortController();
  const seen: number[] = [];
  const stopped = similarityJoin(rows, {
    ...{ threshold: 0.9, blockRows: 100, signal: controller.signal },
    onProgress({ compared, total }) {
      seen.push(compared / total);
      if (seen.length === 3) controller.abort(new Error("enough"));
    },
  });
  await assert.rejects(stopped, /enough/);
  assert.equal(seen.length, 3);
  const all: number[] = [];
  await similarityJoin(rows, { threshold: 0.9, blockRows: 100, onProgress: (p) => all.push(p.compared) });
  assert.equal(all.at(-1), (500 * 499) / 2);
});

test("what cannot be joined is refused with what is needed", async () => {
  const rows = clustered(10, 4, 1);
  await assert.rejects(similarityJoin(rows, { threshold: 0 }), /a threshold above 0 .*got 0/);
  await assert.rejects(similarityJoin(rows, { threshold: Number.NaN }), /got NaN/);
  await assert.rejects(similarityJoin(rows, { threshold: 0.5, blockRows: 0 }), /at least 1 row .*got 0/);
  await assert.rejects(
    similarityJoin(rows, { threshold: 0.01, maxPairs: 3 }),
    /at most 3 pairs are needed.*a higher threshold/,
  );
  const holed = { ...rows, data: rows.data.map((value, i) => (i >= 8 && i < 12 ? 0 : value)) };
  await assert.rejects(similarityJoin(holed, { threshold: 0.5 }), /a finite length above 0 .*got row 2 /);
  holed.data[9] = Number.NaN;
  await assert.rejects(similarityJoin(holed, { threshold: 0.5 }), /row 2 of squared length NaN/);
  await assert.rejects(
    similarityJoin({ ...rows, count: 11 }, { threshold: 0.5 }),
    /11 x 4 numbers are needed, got 40/,
  );
});
