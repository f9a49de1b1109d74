import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fetchWeights, hashWeights, verifyWeights } from "gpic-lab/models";
import { temporary } from "../hub/surroundings.js";
import { madeWeights } from "./made-weights.js";

const ID = "dinov2-vits14";
const weights = await madeWeights();

/** A cache that holds the weights, taken from a file that is not linked to it any more. */
async function cached(t: TestContext): Promise<{ cache: string; path: string; record: string }> {
  const cache = temporary(t);
  const from = join(cache, "x.pth");
  writeFileSync(from, weights.bytes);
  const { path } = await fetchWeights(ID, { date: "2026-11-25", cache, from });
  rmSync(from);
  return { cache, path, record: join(dirname(path), "weights.json") };
}

test("a hash is that of the whole file, told as it grows, whatever its length", async (t) => {
  const path = join(temporary(t), "file");
  for (const [bytes, sha256] of [
    [Buffer.alloc(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [Buffer.from("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    // the three examples of FIPS 180, and more bytes than are hashed at once
    [Buffer.alloc(1e6, "a"), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
    [Buffer.alloc(3e6, "b"), createHash("sha256").update("b".repeat(3e6)).digest("hex")],
  ] as const) {
    writeFileSync(path, bytes);
    let told = 0;
    const onBytes = (delta: number) => {
      told += delta;
    };
    assert.deepEqual(await hashWeights(path, { onBytes }), { sha256, bytes: bytes.length });
    assert.equal(told, bytes.length);
  }
});

test("what is as it came is sound, and what is not here is not there", async (t) => {
  const { cache, path } = await cached(t);
  const against = `recorded when the file first came here; the publisher states none; 2026-11-25, --from ${join(cache, "x.pth")}`;
  assert.deepEqual(await verifyWeights(ID, { cache }), [
    {
      encoder: ID,
      file: "dinov2_vits14_pretrain.pth",
      path,
      state: "sound",
      sha256: weights.sha256,
      against,
    },
  ]);
  const [missing, ...more] = await verifyWeights("sscd-int8", { cache });
  assert.deepEqual([missing!.file, missing!.state, more.length], ["sscd.onnx", "not there", 0]);
});

test("one changed bit, a cut, a byte more and a lost record are each found, with what to do", async (t) => {
  const { cache, path, record } = await cached(t);
  const problem = async (): Promise<string> => {
    const [finding] = await verifyWeights(ID, { cache });
    assert.equal(finding!.state, "wrong");
    return finding!.problem!;
  };
  const bytes = readFileSync(path);
  bytes[1500]! ^= 1;
  writeFileSync(path, bytes);
  const changed = await problem();
  assert.match(
    changed,
    new RegExp(`^the SHA-256 ${weights.sha256} is needed, as recorded on 2026-11-25, got `),
  );
  assert.ok(changed.endsWith(`; remove ${dirname(path)}, then: gpic-lab models fetch ${ID}`));
  truncateSync(path, 2000);
  assert.match(await problem(), /as recorded on 2026-11-25/);
  writeFileSync(path, weights.bytes);
  appendFileSync(path, "x");
  assert.match(await problem(), /as recorded on 2026-11-25/);
  writeFileSync(path, weights.bytes);
  assert.equal((await verifyWeights(ID, { cache }))[0]!.state, "sound");
  writeFileSync(record, "{");
  assert.match(await problem(), /^a record of what came is needed, got none that can be read/);
  rmSync(record);
  assert.match(await problem(), /^a record of what came is needed/);
});

test("a file is also held against the manifest: a record that lies does not help", async (t) => {
  const { cache, path, record } = await cached(t);
  const inception = join(cache, "weights", "inception-fid");
  const lie = JSON.parse(
    readFileSync(record, "utf8").replaceAll(
      "dinov2_vits14_pretrain.pth",
      "pt_inception-2015-12-05-6726825d.pth",
    ),
  );
  mkdirSync(inception);
  writeFileSync(join(inception, "weights.json"), JSON.stringify({ ...lie, encoder: "inception-fid" }));
  writeFileSync(join(inception, "pt_inception-2015-12-05-6726825d.pth"), readFileSync(path));
  const [finding] = await verifyWeights("inception-fid", { cache });
  assert.match(
    finding!.problem!,
    /^a SHA-256 that begins with 6726825d is needed, as the publisher states, got /,
  );
});

test("a file of which the system cannot tell whether it is there is an error, and not one that is not there", async (t) => {
  const { cache, path } = await cached(t);
  rmSync(path);
  symlinkSync(path, path);
  await assert.rejects(verifyWeights(ID, { cache }), { code: "ELOOP" });
});
