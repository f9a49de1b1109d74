/** The sample's descriptors: what the files hold comes out, and other files are refused. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openCorpus } from "gpic-lab/corpus";
import { momentsOf, sampleDescriptors, sampleProtocolMoments } from "gpic-lab/features";
import { protocols as imageProtocols } from "gpic-lab/images";
import { type NpzArray, writeNpz } from "gpic-lab/io";

const release = [
  { name: "sscd_embeddings", data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] },
  { name: "key", data: ["a", "b"], shape: [2] },
];
const crops = [
  { name: "sscd_embeddings_i16", data: Int16Array.of(32767, 0, -32767, 0, 0, 16384), shape: [3, 2] },
  { name: "photograph", data: Int16Array.of(1, 0, 1), shape: [3] },
];
const protocols = [
  { name: "gpic_mu", data: Float32Array.of(1, 2, 3) },
  { name: "gpic_sigma", data: Float32Array.of(4, 5, 6, 7, 8, 9) },
  { name: "sscd-288_mu", data: Float32Array.of(0.5) },
  { name: "sscd-288_sigma", data: Float32Array.of(0.25) },
];

/** A folder with files of the layout that data/build/features.ts writes. */
async function folderOf(t: TestContext, files: Record<string, NpzArray[]> = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, arrays] of Object.entries({ release, pool: release, crops, protocols, ...files }))
    await writeNpz(join(folder, `${name}.npz`), arrays);
  return folder;
}

test("a row and a key are there for each photograph", async (t) => {
  const folder = await folderOf(t);
  for (const part of ["release", "pool"] as const) {
    const { rows, keys, prefix } = await sampleDescriptors(part, folder);
    assert.deepEqual(rows, { data: Float32Array.of(1, 0, 0, 1), count: 2, width: 2 });
    assert.deepEqual(keys, ["a", "b"]);
    assert.equal(prefix, "sscd");
  }
});

test("a crop has the key of its photograph, and its 16-bit integers are between -1 and 1", async (t) => {
  const { rows, keys } = await sampleDescriptors("crops", await folderOf(t));
  assert.deepEqual(keys, ["b", "a", "b"]);
  assert.deepEqual(rows, {
    data: Float32Array.of(1, 0, -1, 0, 0, 16384 / 32767),
    count: 3,
    width: 2,
  });
});

test("an upper triangle becomes the symmetric matrix that it is of, protocol by protocol", async (t) => {
  const moments = await sampleProtocolMoments(await folderOf(t));
  assert.deepEqual([...moments.keys()], ["gpic", "sscd-288"]);
  assert.deepEqual(moments.get("gpic"), {
    count: 3,
    mean: Float64Array.of(1, 2, 3),
    covariance: Float64Array.of(4, 5, 6, 5, 7, 8, 6, 8, 9),
  });
  assert.deepEqual(moments.get("sscd-288")?.covariance, Float64Array.of(0.25));
});

test("crops of a photograph that is not in the release are refused", async (t) => {
  const odd = [crops[0]!, { name: "photograph", data: Int16Array.of(1, 0, 2) }];
  await assert.rejects(
    sampleDescriptors("crops", await folderOf(t, { crops: odd })),
    /Cannot read .*crops\.npz: crops of the release's 2 photographs are needed, got one of number 2/,
  );
});

test("rows and photographs of different number are refused", async (t) => {
  const odd = [crops[0]!, { name: "photograph", data: Int16Array.of(1, 0, 1, 0) }];
  await assert.rejects(
    sampleDescriptors("crops", await folderOf(t, { crops: odd })),
    /a photograph for each row is needed, got 4 for 6 numbers/,
  );
});

test("a triangle that is not that of the mean's width is refused", async (t) => {
  const odd = [protocols[0]!, { name: "gpic_sigma", data: Float32Array.of(4, 5, 6, 7, 8) }];
  await assert.rejects(
    sampleProtocolMoments(await folderOf(t, { protocols: odd })),
    /an upper triangle of 6 numbers is needed, got 5/,
  );
});

test("numbers of another type are refused by name", async (t) => {
  const odd = [{ name: "sscd_embeddings_i16", data: Float32Array.of(1, 0), shape: [1, 2] }, crops[1]!];
  await assert.rejects(
    sampleDescriptors("crops", await folderOf(t, { crops: odd })),
    /sscd_embeddings_i16.* in .*crops\.npz: i2 on 2 axes is needed, got f4 on 2/,
  );
});

test("a folder without the files is an error that names the one that is missing", async () => {
  await assert.rejects(sampleDescriptors("pool", "/nowhere"), /\/nowhere\/pool\.npz/);
});

test("the committed descriptors have unit length, and the keys of the corpus in its order", async () => {
  const { rows, keys } = await sampleDescriptors("release");
  const known: string[] = [];
  for await (const { key } of (await openCorpus("sample")).records()) known.push(key);
  assert.deepEqual(keys, known);
  for (const part of ["release", "pool", "crops"] as const) {
    const { data, count, width } = (await sampleDescriptors(part)).rows;
    assert.equal(width, rows.width);
    // a number is off by half of 1 / 32767 at most, and so the length by sqrt(512) halves
    const tolerance = part === "crops" ? Math.sqrt(width) / 2 / 32767 : 1e-5;
    for (let row = 0; row < count; row++) {
      const length = Math.hypot(...data.subarray(row * width, (row + 1) * width));
      assert.ok(Math.abs(length - 1) < tolerance, `${part} ${row}: ${length}`);
    }
  }
});

test("the committed moments are there for each protocol, and those of sscd-320 are those of the crops' rows", async () => {
  const stored = await sampleProtocolMoments();
  assert.deepEqual(
    [...stored.keys()],
    imageProtocols.map(({ id }) => id),
  );
  const { mean, covariance, count } = momentsOf(await sampleDescriptors("crops"));
  const known = stored.get("sscd-320")!;
  assert.equal(known.count, count);
  // each row's numbers are rounded by half of 1 / 32767 and below 1, so their products by twice that
  const rounding = 0.5 / 32767;
  assert.ok(mean.every((value, i) => Math.abs(value - known.mean[i]!) < 1.01 * rounding));
  assert.ok(covariance.every((value, i) => Math.abs(value - known.covariance[i]!) < 4 * rounding));
  assert.notDeepEqual(known.covariance, stored.get("gpic")!.covariance);
});
