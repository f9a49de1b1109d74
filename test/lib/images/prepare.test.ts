import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  decode,
  type FailedImage,
  ImageError,
  type ImageSet,
  openImages,
  type PrepareOptions,
  prepareImages,
  protocolById,
} from "gpic-lab/images";
import { packageFile } from "gpic-lab/io";
import { PreparedNames } from "../../../lib/images/prepare-names.js";

const golden = (file: string) => packageFile("data", "decode", "files", file);
const options: PrepareOptions = { protocol: protocolById("gpic-256"), workers: 2 };

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder of images out of the golden ones, by the names that they are to have. */
function folderOf(t: TestContext, files: { readonly [name: string]: string }): string {
  const folder = temporary(t);
  for (const [name, file] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    copyFileSync(golden(file), join(folder, name));
  }
  return folder;
}

/** Files below a folder with their bytes, hidden ones left out. */
function filesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith("."));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

test("each image of a folder becomes the protocol's pixels in a PNG of its name, and what fails is listed", async (t) => {
  const files = {
    "a.jpg": "420-q90.jpg",
    "b.png": "grey-16.png",
    "cats/a.webp": "lossy-alpha.webp",
    "cats/b c.JPEG": "cmyk-adobe.jpg",
    "broken/cut.jpg": "truncated-half.jpg",
    "broken/page.png": "page.jpg",
  };
  const out = temporary(t);
  const told: FailedImage[] = [];
  const set = await openImages(folderOf(t, files));
  const result = await prepareImages(set, out, { ...options, onFailed: (failed) => told.push(failed) });
  assert.equal(result.written, 4);
  assert.equal(result.there, 0);
  assert.deepEqual(
    result.failed.map(({ key, kind }) => [key, kind]),
    [
      ["broken/cut.jpg", "truncated"],
      ["broken/page.png", "not an image"],
    ],
  );
  assert.deepEqual(
    [...told].sort((a, b) => (a.key < b.key ? -1 : 1)),
    result.failed,
  );
  assert.deepEqual(JSON.parse(readFileSync(join(out, "failed.json"), "utf8")), result.failed);
  assert.deepEqual([...filesOf(out).keys()], ["a.png", "b.png", "cats/a.png", "cats/b c.png", "failed.json"]);
  for (const [name, file] of Object.entries(files).slice(0, 4)) {
    const expected = options.protocol.prepare(await decode(readFileSync(golden(file)), name));
    const found = await decode(readFileSync(join(out, name.replace(/\.\w+$/, ".png"))), name);
    assert.deepEqual(found, expected, name);
  }
});

test("a run that is stopped goes on where it was, and ends with the same bytes as one that was not", async (t) => {
  const names = Array.from({ length: 24 }, (_, i) => [
    `${i}.jpg`,
    i % 7 === 3 ? "no-end.jpg" : "420-q90.jpg",
  ]);
  const folder = folderOf(t, Object.fromEntries(names));
  const [whole, pieces] = [temporary(t), temporary(t)];
  const once = await prepareImages(await openImages(folder), whole, options);
  let stops = 0;
  let done = 0;
  for (;;) {
    const stop = new AbortController();
    let written = 0;
    const run = prepareImages(await openImages(folder), pieces, {
      ...options,
      signal: stop.signal,
      onProgress(progress) {
        if (progress.written > written && ++written === 4) stop.abort(new Error("enough"));
      },
    });
    const result = await run.catch((error: Error) => assert.equal(error.message, "enough"));
    const there = [...filesOf(pieces).keys()].filter((name) => name.endsWith(".png")).length;
    assert.ok(there > done, "a run brought nothing");
    done = there;
    if (result !== undefined) {
      assert.equal(result.written + result.there, once.written);
      assert.deepEqual(result.failed, once.failed);
      break;
    }
    stops++;
  }
  assert.ok(stops >= 2, `stopped ${stops} times`);
  assert.deepEqual(filesOf(pieces), filesOf(whole));
  assert.deepEqual(readdirSync(join(pieces, ".gpic-lab", "new")), []);
});

test("what is there is not made again, what is gone or empty is, and failures are told again", async (t) => {
  const folder = folderOf(t, {
    "a.jpg": "420-q90.jpg",
    "b.jpg": "422-q90.jpg",
    "c.jpg": "no-end.jpg",
    "d.png": "rgb-8.png",
  });
  const out = temporary(t);
  const first = await prepareImages(await openImages(folder), out, options);
  const files = filesOf(out);
  const again = await prepareImages(await openImages(folder), out, options);
  assert.deepEqual([again.written, again.there], [0, 3]);
  assert.deepEqual(again.failed, first.failed);
  rmSync(join(out, "a.png"));
  writeFileSync(join(out, "d.png"), "");
  const mended = await prepareImages(await openImages(folder), out, options);
  assert.deepEqual([mended.written, mended.there], [2, 1]);
  assert.deepEqual(filesOf(out), files);
});

test("a folder belongs to one set of images and one protocol", async (t) => {
  const folder = folderOf(t, { "a.jpg": "420-q90.jpg" });
  const out = temporary(t);
  await prepareImages(await openImages(folder), out, options);
  const gpic = { ...options, protocol: protocolById("gpic") };
  await assert.rejects(prepareImages(await openImages(folder), out, gpic), /choose another folder/);
  copyFileSync(golden("444-q90.jpg"), join(folder, "b.jpg"));
  await assert.rejects(
    prepareImages(await openImages(folder), out, options),
    /the same images and protocol as before are needed \(folder .*: 1 image, .*got folder .*: 2 images/,
  );
  assert.deepEqual([...filesOf(out).keys()], ["a.png"]);
});

test("files that no run of ours made are neither taken for prepared images nor touched", async (t) => {
  const folder = folderOf(t, { "a.png": "rgb-8.png", "b.jpg": "420-q90.jpg" });
  const before = filesOf(folder);
  await assert.rejects(
    prepareImages(await openImages(folder), folder, options),
    /an empty folder or one of an earlier run is needed, got one with "a.png"/,
  );
  assert.deepEqual(filesOf(folder), before);
});

test("a record that a power cut emptied: a part is done again, a lost manifest is named", async (t) => {
  const folder = folderOf(t, { "a.jpg": "420-q90.jpg" });
  const out = temporary(t);
  await prepareImages(await openImages(folder), out, options);
  const own = (...parts: string[]) => join(out, ".gpic-lab", ...parts);
  writeFileSync(own("parts", "00000.json"), "");
  const again = await prepareImages(await openImages(folder), out, options);
  assert.deepEqual([again.written, again.there], [0, 1]);
  writeFileSync(own("prepare.json"), "");
  await assert.rejects(
    prepareImages(await openImages(folder), out, options),
    /got .*prepare\.json damaged; choose another folder/,
  );
});

test("a name that is a file and a folder stops nothing, whichever comes first", async (t) => {
  const folder = folderOf(t, {
    "x.jpg": "420-q90.jpg",
    "x.png/y.png": "rgb-8.png",
    "z.png/y.png": "rgb-8.png",
    "z.webp": "lossy.webp",
  });
  const out = temporary(t);
  const result = await prepareImages(await openImages(folder), out, options);
  assert.equal(result.written, 4);
  assert.deepEqual([...filesOf(out).keys()], ["x.png", "x.png_y.png", "z-2.png", "z.png/y.png"]);
});

test("images of one name are told apart, the same way in every run, also where a part was done before", async (t) => {
  const folder = folderOf(t, {
    "A.png": "grey-8.png",
    "a-2.png": "grey-4.png",
    "a.jpg": "420-q90.jpg",
    "a.png": "rgb-8.png",
    "a.webp": "truncated-half.webp",
  });
  const out = temporary(t);
  await prepareImages(await openImages(folder), out, options);
  const files = filesOf(out);
  assert.deepEqual([...files.keys()], ["A.png", "a-2.png", "a-3.png", "a-4.png", "failed.json"]);
  rmSync(join(out, "a-3.png"));
  await prepareImages(await openImages(folder), out, options);
  assert.deepEqual(filesOf(out), files);
});

/** A set whose keys are whatever a file may hold. */
function madeSet(keys: readonly string[], read?: (key: string) => Uint8Array): ImageSet {
  const bytes = read ?? (() => new Uint8Array(readFileSync(golden("420-q90.jpg"))));
  return {
    ...{ name: "made", fingerprint: "made", describe: () => "made" },
    parts: [
      {
        name: "00000",
        async *items({ onProblem } = {}) {
          onProblem?.({ key: "lost", message: "a record without image" });
          for (const key of keys) yield { key, read: async () => ({ bytes: bytes(key) }) };
        },
      },
    ],
    async close() {},
  };
}

test("hostile keys lead to files inside the folder, each to its own", async (t) => {
  const parent = temporary(t);
  const out = join(parent, "out");
  const keys = [
    ...[
      "../../up.jpg",
      "/etc/passwd",
      "..",
      ".",
      "",
      "/",
      "a/../../b.png",
      "..\\..\\c",
      "x\0y.png",
      "line\nbreak",
    ],
    ...[
      "\u001b[2J",
      "\u202egnp.exe",
      ".gpic-lab/prepare.json",
      ".hidden",
      "con",
      "nul.png",
      "a:b",
      "trail. ",
      "\ud800",
    ],
    ...[
      "e\u0301.png",
      "\u00e9.png",
      "n".repeat(5000),
      `${"n".repeat(4999)}m`,
      "d/".repeat(2000),
      "\u{1f600}".repeat(300),
    ],
  ];
  const result = await prepareImages(madeSet(keys), out, options);
  assert.equal(result.written, keys.length);
  assert.deepEqual(readdirSync(parent), ["out"]);
  const files = [...filesOf(out).keys()].filter((name) => name.endsWith(".png"));
  assert.equal(files.length, keys.length);
  for (const file of files) {
    assert.doesNotMatch(file, /[\p{Cc}\p{Cf}\p{Cs}\\:]|(?:^|\/)\./u);
    assert.ok(file.split("/").every((part) => Buffer.byteLength(part) <= 255));
  }
  assert.deepEqual(result.failed, [{ key: "lost", kind: "container", message: "a record without image" }]);
});

test("names never meet, whatever keys come, not even where case does not count", () => {
  const names = new PreparedNames();
  const keys = [
    "a.png",
    "A.jpg",
    "a-2.jpg",
    "a",
    "a.png.png",
    "a/b",
    "a//b",
    "a/b.webp",
    "a_b",
    "a:b",
    "a*b",
  ];
  const given = [...keys, ...keys].map((key) => names.next(key));
  assert.deepEqual(given.slice(0, 4), ["a.png", "A-2.png", "a-2-2.png", "a-3.png"]);
  assert.equal(new Set(given.map((name) => name.toLowerCase())).size, given.length);
});

test("an image that cannot be read now is tried again by the next run; one that is damaged is not", async (t) => {
  const out = temporary(t);
  const reads: string[] = [];
  let isThere = false;
  const set = madeSet(["a", "b"], (key) => {
    reads.push(key);
    if (key === "a") throw new ImageError("damaged", key, "a sound one is needed, got another");
    if (!isThere) throw new Error("EIO: i/o error, read");
    return new Uint8Array(readFileSync(golden("420-q90.jpg")));
  });
  const first = await prepareImages(set, out, options);
  assert.deepEqual(
    first.failed.map(({ kind }) => kind),
    ["container", "damaged", "unreadable"],
  );
  isThere = true;
  const second = await prepareImages(set, out, options);
  assert.equal(second.written, 1);
  await prepareImages(set, out, options);
  assert.deepEqual(reads, ["a", "b", "a", "b"]);
});

test("a protocol of floats is refused, and so is a folder that cannot be written", async (t) => {
  const folder = folderOf(t, { "a.jpg": "420-q90.jpg" });
  const out = temporary(t);
  const floats = { ...options, protocol: protocolById("pytorch-fid") };
  await assert.rejects(
    prepareImages(await openImages(folder), out, floats),
    /a protocol of 8 bits is needed/,
  );
  writeFileSync(join(out, "file"), "");
  await assert.rejects(prepareImages(await openImages(folder), join(out, "file"), options), /EEXIST|ENOTDIR/);
});
