/** Where descriptors are from: the sample's for its very pictures, else the encoder's. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { samplePool } from "gpic-lab/corpus";
import { describeImages, hashImages, rowsOfKeys } from "gpic-lab/dedup";
import { cosine, sampleDescriptors } from "gpic-lab/features";
import { type ImageSet, imageItems, openImages } from "gpic-lab/images";
import { packageFile } from "gpic-lab/io";
import sharp from "sharp";

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Pictures in memory by their keys, and which of them were read, as often as they were. */
function setOf(pictures: ReadonlyMap<string, Uint8Array>): ImageSet & { readonly reads: string[] } {
  const reads: string[] = [];
  const name = "made";
  return {
    ...{ name, fingerprint: name, count: pictures.size, describe: () => name, close: async () => {}, reads },
    parts: [
      {
        name: "00000",
        async *items() {
          for (const [key, bytes] of pictures)
            yield {
              key,
              async read() {
                reads.push(key);
                // whoever reads a picture owns its bytes, and may hand them to a thread
                return { bytes: bytes.slice() };
              },
            };
        },
      },
    ],
  };
}

async function hashesOf(set: ImageSet): Promise<Map<string, string>> {
  const { images } = await hashImages(set);
  return new Map(images.map(({ key, bytesSha256 }) => [key, bytesSha256]));
}

test("for the sample's very pictures the committed rows are taken, whether their hashes are given or not, and nothing is made", async (t) => {
  const folder = join(temporary(t), "parts");
  for (const [part, name] of [
    ["release", "sample"],
    ["pool", packageFile("data", "sample", "pool")],
  ] as const) {
    const set = await openImages(name);
    const keys: string[] = [];
    for await (const { key } of imageItems(set)) keys.push(key);
    const expected = rowsOfKeys(keys, await sampleDescriptors(part));
    for (const bytesSha256 of [undefined, await hashesOf(set)]) {
      const described = await describeImages(set, keys, { folder, bytesSha256 });
      assert.equal(described.from, `sscd-int8, as committed for the sample's ${part}`);
      assert.deepEqual(rowsOfKeys(keys, described), expected);
    }
    await set.close();
  }
  assert.ok(!existsSync(folder));
});

test("a picture that was edited under its key sends all to the encoder, which is said, and gets a row of its own", async (t) => {
  const pool = (await samplePool()).filter(({ kind }) => kind === "photograph").slice(0, 3);
  const originals = new Map<string, Uint8Array>();
  for (const { key, readImage } of pool) originals.set(key, await readImage());
  const [edited] = [...originals.keys()];
  const noise = { width: 400, height: 400, channels: 3, background: "black" } as const;
  const gaussian = { type: "gaussian", mean: 128, sigma: 60 } as const;
  const png = await sharp({ create: { ...noise, noise: gaussian } })
    .png()
    .toBuffer();
  const set = setOf(new Map([...originals, [edited!, png]]));
  const keys = [...originals.keys()];
  const folder = join(temporary(t), "parts");
  const described = await describeImages(set, keys, { folder });
  assert.match(described.from, /^sscd-int8 on \w+, of all 3 images: 1 is not as in the sample's pool$/);
  assert.ok(existsSync(folder));
  // read to be hashed, and by the encoder
  assert.deepEqual(set.reads.sort(), [...keys, ...keys].sort());
  const rows = rowsOfKeys(keys, described);
  const committed = rowsOfKeys(keys, await sampleDescriptors("pool"));
  assert.ok(cosine(rows, 0, committed, 0) < 0.5);
  // the same weights on the same bytes: processors differ by roundings of 8-bit products at most
  for (const row of [1, 2]) assert.ok(cosine(rows, row, committed, row) > 0.99);
  const bytesSha256 = await hashesOf(set);
  set.reads.length = 0;
  const hashed = await describeImages(set, keys, { bytesSha256 });
  assert.deepEqual(hashed, described);
  assert.equal(set.reads.length, 3);
  bytesSha256.delete(edited!);
  await assert.rejects(
    describeImages(set, keys, { bytesSha256 }),
    (error: Error) =>
      error instanceof RangeError &&
      error.message.includes(`bytesSha256 of each key is needed, got none of ${JSON.stringify(edited)}`),
  );
});

test("pictures with names of their own go to the encoder, are read once, and nothing but its name is said", async () => {
  const [first] = await samplePool();
  const set = setOf(new Map([["my own", await first!.readImage()]]));
  const { from, keys, rows } = await describeImages(set, ["my own"]);
  assert.match(from, /^sscd-int8 on \w+$/);
  assert.deepEqual([keys, rows.count, rows.width], [["my own"], 1, 512]);
  assert.deepEqual(set.reads, ["my own"]);
});
