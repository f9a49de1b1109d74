import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
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
  readFeatures,
  usePartsFolder,
  writeFeatures,
} from "gpic-lab/features";
import type { ImageSet } from "gpic-lab/images";
import { readPackageJson } from "gpic-lab/io";
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
  WIDTH,
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

test("a folder of other things is refused before anything is made in it", async (t) => {
  for (const [file, foreign] of [
    ["thesis.txt", "thesis.txt"],
    [join("parts", "wheel.part"), "wheel.part"],
  ] as const) {
    const folder = join(temporary(t), "own");
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), "mine");
    const before = readdirSync(folder, { recursive: true });
    await assert.rejects(extract(madeSet([2]), folder), (error: Error) => {
      assert.ok(error instanceof OtherExtractionError);
      assert.equal(
        error.message,
        `Cannot extract into ${folder}: an empty folder or the parts of the same run are needed, got one with "${foreign}" in it`,
      );
      return true;
    });
    assert.deepEqual(readdirSync(folder, { recursive: true }), before);
  }
});

test("parts are taken away by the last who uses them, and nothing else is", async (t) => {
  const folder = join(temporary(t), "parts");
  const [first, second] = [await usePartsFolder(folder), await usePartsFolder(folder)];
  const result = await extract(madeSet([3, 4]), folder);
  writeFileSync(join(folder, "thesis.txt"), "mine");
  assert.equal(await first.remove(), false);
  assert.equal((await rowsOf(result)).length, 7 * WIDTH);
  assert.equal(await second.remove(), true);
  assert.deepEqual(readdirSync(folder), ["thesis.txt"]);
  rmSync(join(folder, "thesis.txt"));
  const alone = await usePartsFolder(folder);
  await extract(madeSet([3, 4]), folder);
  assert.equal(await alone.remove(), true);
  assert.ok(!existsSync(folder));
  await Promise.all([first, second, alone].map((use) => use.close()));
});

test("while a run is under way its parts are not taken away from under it", async (t) => {
  const folder = join(temporary(t), "parts");
  const done = await usePartsFolder(folder);
  let isTaken: boolean | undefined;
  const encoder = madeEncoder({
    onInfer: async (_, call) => {
      if (call === 1) isTaken = await done.remove();
    },
  });
  assert.equal((await extract(madeSet([4, 4]), folder, { encoder })).images, 8);
  assert.equal(isTaken, false);
  await done.close();
});

test("a part whose file is cut or not ours is made again", async (t) => {
  const folder = temporary(t);
  const images = madeSet([5, 6, 7, 8]);
  const whole = await digestOf(await extract(images, folder));
  const path = (part: string) => join(folder, "parts", `${part}.part`);
  truncateSync(path("00000"), 100);
  truncateSync(path("00001"), 0);
  writeFileSync(path("00002"), `${"x".repeat(200)}gpic-lab part 2\n`);
  const again = await extract(images, folder);
  assert.equal(again.imagesInferred, 18);
  assert.equal(await digestOf(again), whole);
});

test("a bit that turned in a finished part is an error that says what to do, wherever it is, and then the part is made again", async (t) => {
  const folder = temporary(t);
  const images = madeSet([5, 1030]);
  const whole = await digestOf(await extract(images, folder));
  const path = join(folder, "parts", "00001.part");
  const bytes = readFileSync(path);
  const text = bytes.toString("latin1");
  const places = {
    rows: 1030 * WIDTH * 4 - 1,
    moments: 1030 * WIDTH * 4 + 16,
    keys: text.indexOf('"1-0"') + 1,
  };
  for (const [what, at] of Object.entries(places)) {
    const turned = Buffer.from(bytes);
    turned[at]! ^= 1;
    writeFileSync(path, turned);
    const result = await extract(images, folder);
    assert.equal(result.imagesInferred, 0);
    await assert.rejects(digestOf(result), {
      message: `Cannot read ${path}: the ${what} that were written are needed, got others by their checksum; remove the file, and the same call makes the part anew`,
    });
    rmSync(path);
    assert.equal(await digestOf(await extract(images, folder)), whole);
  }
  // a record that is not whole counts as none
  const turned = Buffer.from(bytes);
  turned[text.lastIndexOf('"images":1030') + 10]! ^= 1;
  writeFileSync(path, turned);
  const again = await extract(images, folder);
  assert.equal(again.imagesInferred, 1030);
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

test("a part with an image that failed for now is tried by the next call, and each call has a result", async (t) => {
  const missing = () => Promise.reject(Object.assign(new Error("ENOENT: gone"), { code: "ENOENT" }));
  const images = (heals: boolean) =>
    madeSetOf([
      madePart("p", [madeItem("0", 8), madeItem("bad", 9)]),
      madePart("q", [
        madeItem("a", 1),
        heals ? madeItem("f", 5) : { key: "f", read: missing },
        madeItem("g", 6),
      ]),
      madePart("r", [madeItem("1", 10), "hole"]),
    ]);
  const folder = temporary(t);
  const kinds = (result: Awaited<ReturnType<typeof extract>>) =>
    result.failures.map(({ key, kind }) => `${key}: ${kind}`);
  const first = await extract(images(false), folder);
  assert.equal(first.images, 4);
  assert.ok(kinds(first).includes("f: unreadable"), String(kinds(first)));
  // still away: tried again, alone
  const second = await extract(images(false), folder);
  assert.deepEqual([second.images, second.imagesInferred, kinds(second)], [4, 2, kinds(first)]);
  const healed = await extract(images(true), folder);
  assert.deepEqual([healed.images, healed.imagesInferred], [5, 3]);
  assert.equal(await digestOf(healed), await digestOf(await extract(images(true))));
  const after = await extract(images(true), folder);
  assert.equal(after.imagesInferred, 0);
});

test("an image of which a thread died is tried by the next call", async (t) => {
  const folder = temporary(t);
  const sound = madePreparing();
  const dying: typeof sound = {
    ...sound,
    prepare: async (input) =>
      input.key === "1-2"
        ? { failed: { kind: "thread died", message: "out of memory" } }
        : sound.prepare(input),
  };
  const first = await extract(madeSet([3, 3]), folder, { preparing: dying });
  assert.deepEqual([first.images, first.failures.length], [5, 1]);
  const healed = await extract(madeSet([3, 3]), folder);
  assert.deepEqual([healed.images, healed.imagesInferred, healed.failures], [6, 3, []]);
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

test("one row is written without moments, no row not at all, and each maker names the version of this program", async (t) => {
  const folder = temporary(t);
  const one = await extract(madeSetOf([madePart("p", [madeItem("a", 1), madeItem("bad", 2)])]));
  const path = join(folder, "F.npz");
  await writeFeatures(path, await featuresToWrite(one));
  const { rows, moments, provenance } = await readFeatures(path);
  assert.deepEqual([rows?.data, moments], [await rowsOf(one), undefined]);
  assert.deepEqual(provenance?.makers, [
    { device: "cpu", versions: { "gpic-lab": readPackageJson().version, made: "1" } },
  ]);
  const none = await extract(madeSetOf([madePart("p", [madeItem("bad", 2)])]));
  await assert.rejects(featuresToWrite(none), {
    name: "RangeError",
    message: "Cannot write features: an image with features is needed, got none of 1",
  });
  assert.ok(!("moments" in (await featuresToWrite(await extract(madeSet([3])), { moments: false }))));
});

test("a run that went on with another size of batches was made by one maker all the same", async (t) => {
  const folder = temporary(t);
  const images = madeSet([4, 4]);
  const stopping = madeEncoder({
    onInfer: (_, call) => call === 1 && Promise.reject(new Error("stopped")),
  });
  await assert.rejects(extract(images, join(folder, "parts"), { encoder: stopping }), /stopped/);
  const result = await extract(images, join(folder, "parts"), { encoder: madeEncoder({ batchSize: 2 }) });
  assert.deepEqual(
    result.makers.map(({ batchSize }) => batchSize),
    [4, 2],
  );
  const path = join(folder, "F.npz");
  await writeFeatures(path, await featuresToWrite(result));
  const { provenance } = await readFeatures(path);
  assert.equal(provenance?.makers.length, 1);
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
