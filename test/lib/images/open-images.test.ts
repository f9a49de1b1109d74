import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { decode, type ImageItem, type ImageSet, openImages } from "gpic-lab/images";
import { npyBytes, packageFile } from "gpic-lab/io";
import { ZipFile } from "yazl";
import { damagedShard } from "../corpus/damaged-shard.js";
import { madePair, writeShards } from "../corpus/made-shard.js";

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(folder: string, files: Iterable<string>, text: string = "x"): string {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

async function itemsOf(set: ImageSet): Promise<ImageItem[]> {
  const items: ImageItem[] = [];
  for (const part of set.parts) for await (const item of part.items()) items.push(item);
  return items;
}

async function keysOf(set: ImageSet): Promise<string[]> {
  return (await itemsOf(set)).map(({ key }) => key);
}

const photograph = packageFile("data", "decode", "files", "420-q90.jpg");

test("a folder gives its images in Python's order, searched recursively, without hidden ones and linked folders", async (t) => {
  const folder = temporary(t);
  // sorted(paths) of Python: by code point, "-" before "/", capitals before small letters, U+FFEE before U+1F600
  const order = [
    "B.PNG",
    "a-b.webp",
    "a.jpeg",
    "a/x.jpg",
    "a/y/z.JPG",
    "b.png",
    "\uffee.jpg",
    "\u{1f600}.jpg",
  ];
  write(folder, [...order].reverse());
  write(folder, [".hidden.png", ".git/x.png", "notes.txt", "a/.DS_Store", "archive.tar"]);
  symlinkSync(folder, join(folder, "a", "loop"));
  symlinkSync(photograph, join(folder, "link.jpg"));
  mkdirSync(join(folder, "folder.png"));
  const set = await openImages(folder);
  const all = [...order.slice(0, 6), "link.jpg", ...order.slice(6)];
  assert.deepEqual(await keysOf(set), all);
  assert.equal(set.count, all.length);
  assert.match(set.describe(), /^folder gpic-lab-\w+: 9 images, \d/);
  const link = (await itemsOf(set)).find(({ key }) => key === "link.jpg")!;
  assert.deepEqual(await link.read(), { bytes: readFileSync(photograph) });
});

test("a large folder comes in parts of 1,024 images", async (t) => {
  const names = Array.from({ length: 1030 }, (_, i) => `${String(i).padStart(4, "0")}.png`);
  const set = await openImages(write(temporary(t), names));
  assert.deepEqual(
    set.parts.map(({ name, count }) => [name, count]),
    [
      ["00000", 1024],
      ["00001", 6],
    ],
  );
  assert.deepEqual(await keysOf(set), names);
});

test("the fingerprint is that of names, sizes and times, wherever the folder lies", async (t) => {
  const fingerprint = async (files: string[], { text = "x", time = 1e9 } = {}) => {
    const folder = write(temporary(t), files, text);
    for (const file of files) utimesSync(join(folder, file), time, time);
    return (await openImages(folder)).fingerprint;
  };
  const one = await fingerprint(["a.png", "b.png"]);
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal(await fingerprint(["b.png", "a.png"]), one);
  assert.notEqual(await fingerprint(["a.png", "c.png"]), one);
  assert.notEqual(await fingerprint(["a.png", "b.png"], { text: "xx" }), one);
  assert.notEqual(await fingerprint(["a.png", "b.png"], { time: 1e9 + 1 }), one);
});

test("one file is a set of one, whatever its name ends with, if its bytes are an image's", async (t) => {
  const folder = temporary(t);
  const path = join(folder, "picture.data");
  writeFileSync(path, readFileSync(photograph));
  const set = await openImages(path);
  const [item, ...more] = await itemsOf(set);
  assert.equal(more.length, 0);
  assert.equal(item!.key, "picture.data");
  const read = await item!.read();
  assert.ok("bytes" in read);
  assert.equal((await decode(read.bytes, item!.key)).width, 61);
});

test("the sample is a part a shard, and its images can be read after the walk is over", async () => {
  const set = await openImages("sample", { split: "val" });
  assert.deepEqual(
    set.parts.map(({ name }) => name),
    ["val-gpic_val_00000"],
  );
  const items = await itemsOf(set);
  assert.ok(items.length > 5);
  const last = items.at(-1)!;
  assert.match(last.key, /^[0-9a-f]{64}$/);
  const read = await last.read();
  assert.ok("bytes" in read && (await decode(read.bytes, last.key)).width > 100);
  assert.match(set.describe(), /the sample corpus/);
});

test("damage of a shard goes to onProblem, once a record, and is an error where nobody takes it", async (t) => {
  const folder = temporary(t);
  const { bytes, sound } = damagedShard();
  const names = ["train/gpic_train_00000.tar", "loose/one.tar"];
  const lost: number[] = [];
  for (const name of names) {
    write(folder, [name]);
    writeFileSync(join(folder, name), bytes);
    const [part] = (await openImages(name.startsWith("train") ? folder : join(folder, name))).parts;
    const problems: { key: string; message: string }[] = [];
    const keys: string[] = [];
    for await (const { key } of part!.items({ onProblem: (problem) => problems.push(problem) }))
      keys.push(key);
    // pictures are not looked into before they are decoded
    assert.ok(keys.length >= sound);
    for (const { message } of problems) assert.match(message, /\.tar at byte \d+.*: .* is needed, got /s);
    const told = problems
      .filter(({ key }) => key !== "")
      .map(({ key, message }) => key + message.split(":")[0]);
    assert.equal(new Set(told).size, told.length);
    lost.push(problems.length);
  }
  // what the JSON holds matters for records of the release alone
  assert.ok(lost[0]! > lost[1]! && lost[1]! > 0, `${lost}`);
  await assert.rejects(keysOf(await openImages(folder)), { name: "CorpusError" });
});

test("a pool gives its images, though its records have no captions yet", async () => {
  const set = await openImages(packageFile("data", "sample", "pool"));
  assert.equal(set.parts[0]!.name, "pool_00000");
  const keys = await keysOf(set);
  assert.equal(keys.length, 273);
  for (const key of keys) assert.match(key, /^[0-9a-f]{64}$/);
});

test("tars that lie in a folder without the release's names are one part each", async (t) => {
  const folder = temporary(t);
  writeShards(folder, { "b.tar": madePair("b"), "a b.tar": madePair("a") });
  const set = await openImages(folder);
  assert.deepEqual(
    set.parts.map(({ name }) => name),
    ["a-b", "b"],
  );
  assert.equal((await keysOf(set)).length, 2);
});

const pixels = Uint8Array.from({ length: 5 * 4 * 6 * 3 }, (_, i) => (i * 7) % 256);

async function npz(name: string, bytes: Uint8Array, compress: boolean): Promise<Uint8Array> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(bytes), name, { compress });
  zip.end();
  return buffer(zip.outputStream);
}

test("arrays in .npy, stored .npz and deflated .npz give their rows as pixels, keyed by number", async (t) => {
  const folder = temporary(t);
  const bytes = npyBytes({ shape: [5, 4, 6, 3], data: pixels });
  const files = {
    "a.npy": bytes,
    "stored.npz": await npz("arr_0.npy", bytes, false),
    "deflated.npz": await npz("arr_0.npy", bytes, true),
  };
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(folder, file), content);
    const set = await openImages(join(folder, file));
    assert.equal(set.count, 5);
    const items = await itemsOf(set);
    // read in another order than they came in
    for (const item of items.reverse()) {
      const read = await item.read();
      assert.ok("pixels" in read);
      const row = Number(item.key);
      const data = pixels.subarray(row * 72, row * 72 + 72);
      assert.deepEqual(read.pixels, { width: 6, height: 4, data }, `${file}, row ${row}`);
    }
    await set.close();
  }
});

test("two arrays of one shape are two sets, whether packed or not", async (t) => {
  const folder = temporary(t);
  const data = (value: number) => new Uint8Array(3 * 2 * 2 * 3).fill(value);
  const fingerprints = new Set<string>();
  for (const value of [10, 200]) {
    const bytes = npyBytes({ shape: [3, 2, 2, 3], data: data(value) });
    writeFileSync(join(folder, `${value}.npy`), bytes);
    writeFileSync(join(folder, `${value}.npz`), await npz("arr_0.npy", bytes, false));
    for (const format of ["npy", "npz"]) {
      const set = await openImages(join(folder, `${value}.${format}`));
      fingerprints.add(set.fingerprint);
      await set.close();
    }
  }
  assert.equal(fingerprints.size, 4);
  const again = await openImages(join(folder, "200.npz"));
  assert.ok(fingerprints.has(again.fingerprint));
  await again.close();
});

test("two parts of a deflated array can be read side by side", async (t) => {
  const count = 1500;
  const data = Uint8Array.from({ length: count * 3 }, (_, i) => Math.floor(i / 3) % 251);
  const path = join(temporary(t), "a.npz");
  writeFileSync(path, await npz("arr_0.npy", npyBytes({ shape: [count, 1, 1, 3], data }), true));
  const set = await openImages(path);
  const found = await Promise.all(
    set.parts.map(async (part) => {
      const values: number[] = [];
      for await (const item of part.items()) {
        const read = await item.read();
        if ("pixels" in read) values.push(read.pixels.data[0]!);
      }
      return values;
    }),
  );
  assert.deepEqual(
    found.flat(),
    Array.from({ length: count }, (_, i) => i % 251),
  );
  await set.close();
});

test("an array of another type or shape is refused with what was found and what is needed", async (t) => {
  const folder = temporary(t);
  const path = join(folder, "a.npy");
  const zeros = (count: number) => new Uint8Array(count);
  const wrongs: [number[], Uint8Array | Float32Array, RegExp][] = [
    [
      [1, 2, 2, 3],
      new Float32Array(12),
      /uint8 of shape \(N, height, width, 3\) is needed, got f4 of shape \(1, 2, 2, 3\); values from 0 to 1/,
    ],
    [[2, 3, 4, 4], zeros(96), /got u1 of shape \(2, 3, 4, 4\); channels come last/],
    [[2, 4, 4, 4], zeros(128), /got u1 of shape \(2, 4, 4, 4\)$/],
    [[4, 4, 3], zeros(48), /got u1 of shape \(4, 4, 3\)$/],
    [[0, 4, 4, 3], zeros(0), /which holds no pixel/],
  ];
  for (const [shape, data, message] of wrongs) {
    writeFileSync(path, npyBytes({ shape, data }));
    await assert.rejects(openImages(path), message);
  }
  const other = join(folder, "a.npz");
  writeFileSync(other, await npz("images.npy", npyBytes({ shape: [1, 1, 1, 3], data: zeros(3) }), false));
  await assert.rejects(openImages(other), /an array arr_0 is needed, got "images"/);
  writeFileSync(path, "\x93NUMPY no array", "latin1");
  await assert.rejects(openImages(path));
});

test("what holds no image says what is there and what would do", async (t) => {
  const folder = temporary(t);
  await assert.rejects(openImages(folder), /png, jpg, jpeg or webp files are needed, got an empty folder/);
  write(folder, ["a.txt", "b.txt", "c.gif", "README"]);
  await assert.rejects(openImages(folder), /got 4 other files \(2 \.txt, 1 without an ending, 1 \.gif\)/);
  await assert.rejects(openImages(join(folder, "none")), /got ".*none", which is not there/);
  await assert.rejects(openImages(join(folder, "a.txt")), /a folder of png.*begins as none of them does/);
  await assert.rejects(openImages(""), TypeError);
  await assert.rejects(openImages("hf://gpic"), /hf:\/\/ORGANISATION\/NAME/);
});

test("shards are chosen of a corpus alone, and a folder of images may have an index.json of its own", async (t) => {
  const folder = write(temporary(t), ["a.png", "index.json"]);
  assert.deepEqual(await keysOf(await openImages(folder)), ["a.png"]);
  await assert.rejects(
    openImages(folder, { tier: "nano" }),
    /Cannot choose shards of .*got a folder of images/,
  );
});

test("a search and a walk stop where the signal says so", async (t) => {
  const folder = write(temporary(t), ["a.png", "b.png"]);
  await assert.rejects(openImages(folder, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  const stop = new AbortController();
  const [part] = (await openImages(folder)).parts;
  await assert.rejects(async () => {
    for await (const _ of part!.items({ signal: stop.signal })) stop.abort(new Error("enough"));
  }, /enough/);
});
