import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  extractFeatures,
  featuresToWrite,
  OtherExtractionError,
  openFeatures,
  writeFeatures,
} from "gpic-lab/features";
import type { ImageSet } from "gpic-lab/images";
import { temporary } from "../corpus/scratch.js";
import {
  digestOf,
  madeEncoder,
  madeItem,
  madePart,
  madePreparing,
  madeSet,
  madeSetOf,
  rowsOf,
  type Watched,
} from "./made-extraction.js";

const encoder = madeEncoder({ tellsPlace: true });

function extract(
  images: ImageSet,
  folder?: string,
  more: Partial<Parameters<typeof extractFeatures>[1]> = {},
) {
  return extractFeatures(images, { encoder, folder, preparing: madePreparing(), ...more });
}

/** What is left of a run beside its finished parts. */
function leftIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".tmp") || /^claims./.test(name),
  );
}

test("parts in a folder hold the same bytes as parts in memory, rows or moments alone", async (t) => {
  const folder = temporary(t);
  const images = madeSet([9, 0, 1, 1030]);
  for (const keep of ["rows", "moments"] as const) {
    const here = await extract(images, undefined, { keep });
    const there = await extract(images, join(folder, keep), { keep });
    assert.equal(await digestOf(there), await digestOf(here), keep);
    assert.deepEqual(there.parts, here.parts);
    assert.deepEqual(leftIn(join(folder, keep)), []);
  }
  const blocks = [];
  for await (const { part, keys } of (await extract(images, join(folder, "rows"))).rowBlocks())
    blocks.push([part, keys.length, keys[0]]);
  // a part's rows come at most 1,024 at a time
  assert.deepEqual(blocks, [
    ["00000", 9, "0-0"],
    ["00002", 1, "2-0"],
    ["00003", 1024, "3-0"],
    ["00003", 6, "3-1024"],
  ]);
});

test("a second call reads no image and gives the same", async (t) => {
  const folder = temporary(t);
  const first = await extract(madeSet([5, 6]), folder);
  const watched: Watched = { read: 0, prepared: 0 };
  const told: number[] = [];
  const second = await extract(madeSet([5, 6], watched), folder, {
    onProgress: ({ images, partsDone }) => told.push(images, partsDone),
  });
  assert.deepEqual([watched.read, second.imagesInferred, second.images], [0, 0, 11]);
  assert.deepEqual(told, [11, 2]);
  assert.equal(await digestOf(second), await digestOf(first));
});

test("keys and messages of any characters come back as they were", async (t) => {
  const folder = temporary(t);
  const keys = ['"', "\\", "\n\0\u2028", "日本", "\ud800", "😀", "__proto__", "a/b/../c", "<b>"];
  const images = madeSetOf([
    madePart("p", [...keys.map((key, seed) => madeItem(key, seed)), ...keys.map((key) => `damaged ${key}`)]),
  ]);
  const made = await extract(images, folder);
  assert.deepEqual(await made.keys(), keys);
  const again = await extract(images, folder);
  assert.deepEqual(await again.keys(), keys);
  assert.deepEqual(again.failures, made.failures);
  assert.equal(again.failures.length, keys.length);
});

test("a folder of other images, another encoder or another wish is refused with what differs", async (t) => {
  const folder = temporary(t);
  const images = madeSet([2, 3]);
  await extract(images, folder);
  const refused = (message: RegExp, set = images, more = {}) =>
    assert.rejects(extract(set, folder, more), (error: Error) => {
      assert.ok(error instanceof OtherExtractionError);
      assert.ok(error.message.includes(folder));
      assert.match(error.message, message);
      return true;
    });
  await refused(/the images' fingerprint is "made" there and "changed" here$/, {
    ...images,
    fingerprint: "changed",
  });
  await refused(/the number of parts is 2 there and 1 here$/, { ...images, parts: images.parts.slice(1) });
  await refused(/what is kept is "rows" there and "moments" here$/, images, { keep: "moments" });
  const other = madeEncoder({ weightsSha256: "f".repeat(64) });
  await refused(/the SHA-256 of the weights is "0{64}" there and "f{64}" here$/, images, { encoder: other });
  const twice = {
    ...encoder,
    identity: { ...encoder.identity, builder: 2 },
    protocol: { ...encoder.protocol, id: "gpic-256" },
  };
  await refused(
    /the graph's builder is 1 there and 2 here; the protocol is "gpic" there and "gpic-256"/,
    images,
    {
      encoder: twice,
    },
  );
  assert.equal((await extract(images, folder)).imagesInferred, 0);
  writeFileSync(join(folder, "extraction.json"), "{}");
  await refused(/a file extraction.json of another program/);
});

test("a part whose file is cut or not ours is made again", async (t) => {
  const folder = temporary(t);
  const images = madeSet([5, 6, 7, 8]);
  const whole = await digestOf(await extract(images, folder));
  const path = (part: string) => join(folder, "parts", `${part}.part`);
  truncateSync(path("00000"), 100);
  truncateSync(path("00001"), 0);
  writeFileSync(path("00002"), `${"x".repeat(200)}gpic-lab part 1\n`);
  const again = await extract(images, folder);
  assert.equal(again.imagesInferred, 18);
  assert.equal(await digestOf(again), whole);
});

test("what a killed process left of a part is swept when the part is made", async (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, "parts"), { recursive: true });
  const leftover = join(folder, "parts", ".00001.part.0b6c6f0e.tmp");
  writeFileSync(leftover, "half");
  await extract(madeSet([2, 2]), folder);
  assert.ok(!existsSync(leftover));
});

test("an encoder that dies ends the run, and another goes on after the parts that are finished", async (t) => {
  const folder = temporary(t);
  const images = madeSet([8, 8, 8]);
  const dying = madeEncoder({
    tellsPlace: true,
    onInfer: (_, call) => {
      if (call === 5) throw new Error("the thread ended");
    },
  });
  await assert.rejects(
    extract(images, folder, { encoder: dying }),
    /failed at 2-4 of 00002: the thread ended/,
  );
  assert.deepEqual(readdirSync(join(folder, "parts")), ["00000.part", "00001.part"]);
  assert.deepEqual(leftIn(folder), []);
  const rest = await extract(images, folder);
  assert.equal(rest.imagesInferred, 8);
  assert.deepEqual(await rowsOf(rest), await rowsOf(await extract(images)));
});

test("a stopped run keeps what it finished and gives the rest back at once", async (t) => {
  const folder = temporary(t);
  const images = madeSet([8, 8, 8]);
  const stop = new AbortController();
  const stopping = madeEncoder({ tellsPlace: true, onInfer: (_, call) => call === 3 && stop.abort() });
  await assert.rejects(extract(images, folder, { encoder: stopping, signal: stop.signal }), {
    name: "AbortError",
  });
  assert.deepEqual(readdirSync(join(folder, "parts")), ["00000.part"]);
  assert.deepEqual(leftIn(folder), []);
  assert.equal((await extract(images, folder)).imagesInferred, 16);
});

test("a holder that is taken for dead while it works has not worked in vain", async (t) => {
  const folder = temporary(t);
  const images = madeSet([4, 4]);
  const overtaken = madeEncoder({
    tellsPlace: true,
    onInfer: (_, call) => {
      if (call === 0) writeFileSync(join(folder, "claims", "00000.2"), "{}");
    },
  });
  const result = await extract(images, folder, { encoder: overtaken });
  assert.equal(result.imagesInferred, 8);
  assert.equal(await digestOf(result), await digestOf(await extract(images)));
});

test("a part that another process has finished meanwhile is taken from there", async (t) => {
  const [folder, other] = [temporary(t), temporary(t)];
  const images = madeSet([4, 4]);
  await extract(images, other);
  const parts = (...names: string[]) => join(folder, "parts", ...names);
  const late = madeEncoder({
    tellsPlace: true,
    onInfer: (_, call) => {
      if (call !== 0) return;
      copyFileSync(join(other, "parts", "00000.part"), parts("00000.part"));
      for (const file of readdirSync(parts())) if (file.startsWith(".00000.part.")) rmSync(parts(file));
    },
  });
  const result = await extract(images, folder, { encoder: late });
  assert.equal(result.imagesInferred, 8);
  assert.deepEqual(readdirSync(parts()), ["00000.part", "00001.part"]);
  assert.equal(await digestOf(result), await digestOf(await extract(images)));
});

test("what was extracted is written from its parts, with keys, moments and where it comes from", async (t) => {
  const folder = temporary(t);
  const images = madeSetOf([
    madePart("p", [madeItem("a", 1), madeItem("bad", 2), madeItem("b", 3)]),
    madePart("q", [madeItem("c", 4)]),
  ]);
  for (const keep of ["rows", "moments"] as const) {
    const result = await extract(images, join(folder, keep), { keep });
    const path = join(folder, `${keep}.npz`);
    await writeFeatures(path, await featuresToWrite(result, { imagesFrom: images.name }), { keep });
    const file = await openFeatures(path);
    t.after(() => file.close());
    const { mean, covariance } = (await file.moments())!;
    const moments = await result.moments();
    assert.deepEqual([mean, covariance], [moments.mean, moments.covariance()]);
    assert.deepEqual(
      [file.prefix, await file.keys(), (await file.rows())?.data],
      ["sscd", ["a", "b", "c"], keep === "rows" ? await rowsOf(result) : undefined],
    );
    const { encoder: identity, images: counts, failures, imagesFrom } = file.provenance!;
    assert.deepEqual([identity, counts, imagesFrom], [encoder.identity, { counted: 3, failed: 1 }, "made"]);
    assert.deepEqual(
      failures.map(({ key }) => key),
      ["bad"],
    );
  }
});
