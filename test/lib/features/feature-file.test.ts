/** Files of features: as the toolkits write them, as we write them, and those that do not fit together. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Random } from "gpic-lab/core";
import {
  type FeatureSet,
  featureMoments,
  Moments,
  momentsOf,
  momentsOfBlocks,
  openFeatures,
  type Provenance,
  provenancePath,
  readFeatures,
  writeFeatures,
} from "gpic-lab/features";
import { type NpzArray, npyBytes, packageFile, writeNpz } from "gpic-lab/io";
import { expected, goldenArray, runPython, skip } from "../io/numpy.js";

const { features } = expected;
const rows = { data: Float32Array.from(features.rows), count: 9, width: 4 };
const moments = {
  count: 9,
  mean: Float64Array.from(features.mu),
  covariance: Float64Array.from(features.sigma),
};
const provenance: Provenance = {
  protocol: "gpic",
  encoder: { id: "dinov2-vitl14", layer: "class token", weightsSha256: "0".repeat(64), builder: 1 },
  images: { counted: 9, failed: 1 },
  failures: [{ key: "a<b>.png", message: "cut short" }],
  makers: [{ device: "cpu", versions: { onnxruntime: "1.30.0", "gpic-lab": "0.1.0" } }],
  seed: 7,
};

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Writes arrays, reads them as features and gives the message of the error. */
async function refusal(t: TestContext, arrays: NpzArray[], prefix?: "dino"): Promise<string> {
  const path = join(temporary(t), "F.npz");
  await writeNpz(path, arrays);
  const error = await readFeatures(path, { prefix }).then(
    () => new Error("it was read"),
    (error: Error) => error,
  );
  return `${error.name}: ${error.message}`.replace(path, "F.npz");
}

test("gpic-eval's statistics are read whole, and what they do not say is said", async () => {
  const set = await readFeatures(goldenArray("gpic-eval.npz"));
  assert.deepEqual([set.toolkit, set.prefix], ["gpic-eval", "dino"]);
  assert.deepEqual(set.rows, rows);
  assert.deepEqual(set.moments, { ...moments, count: undefined });
  assert.deepEqual(set.keys, features.keys);
  assert.deepEqual(set.shards, features.shards);
  assert.equal(set.notes.length, 2);
  assert.match(set.notes.join(), /nothing beside the file says what made it.*from how many images/);
});

test("pytorch-fid's, clean-fid's and dgm-eval's files are told by the names of their arrays", async () => {
  for (const name of ["pytorch-fid.npz", "zip64.npz"]) {
    const set = await readFeatures(goldenArray(name));
    assert.equal(set.toolkit, "pytorch-fid");
    assert.deepEqual([set.rows, set.keys, set.prefix], [undefined, undefined, undefined]);
    assert.deepEqual(set.moments, { ...moments, count: undefined });
  }
  for (const [name, toolkit] of Object.entries({
    "clean-fid-kid.npz": "clean-fid KID",
    "dgm-eval.npz": "dgm-eval",
  })) {
    const set = await readFeatures(goldenArray(name));
    assert.equal(set.toolkit, toolkit);
    assert.deepEqual([set.rows, set.moments], [rows, undefined]);
  }
  assert.deepEqual((await readFeatures(goldenArray("rows.npy"))).rows, rows);
  const halves = await readFeatures(goldenArray("rows-f2.npy"));
  assert.match(halves.notes.join(), /float16/);
  assert.ok(halves.rows!.data.every((value, i) => Math.abs(value - rows.data[i]!) < 2e-3));
});

test("of a file of several encoders one is read, and which must be said", async () => {
  const path = goldenArray("two-encoders.npz");
  await assert.rejects(
    readFeatures(path),
    /a choice of the encoder is needed, got those of dino and inception/,
  );
  assert.equal((await readFeatures(path, { prefix: "inception" })).moments!.mean.length, 3);
  assert.equal((await readFeatures(path, { prefix: "dino" })).moments!.mean.length, 4);
  await assert.rejects(readFeatures(path, { prefix: "sscd" }), /sscd_mu and sscd_sigma.*got "dino_mu"/);
});

test("the reference's rows of every case are read, and their moments are those of Moments", async () => {
  const golden = packageFile("test", "golden", "metrics");
  const names = readdirSync(golden).filter((name) => name.endsWith(".npy"));
  assert.equal(names.length, 8);
  for (const name of names) {
    const set = await readFeatures(join(golden, name));
    const { count, width, data } = set.rows!;
    assert.equal(readFileSync(join(golden, name)).length, 128 + 4 * count * width);
    const made = momentsOf(set);
    assert.equal(made.count, count);
    const onlyMoments = await readFeatures(join(golden, name), { keep: "moments" });
    // the file gives blocks of 2,048 rows, which changes no bit
    const whole = featureMoments(await momentsOfBlocks([data], width));
    assert.deepEqual([onlyMoments.rows, onlyMoments.moments], [undefined, whole]);
    // rounding of 512 products at a time, of the size of the variances
    const largest = Math.max(...made.covariance);
    assert.ok(made.covariance.every((value, i) => Math.abs(value - whole.covariance[i]!) < 1e-13 * largest));
    let sum = 0;
    for (let row = 0; row < count; row++) sum += data[row * width]!;
    assert.ok(Math.abs(sum / count - made.mean[0]!) < 1e-12);
  }
});

test("what is written is read again: rows, moments, keys, shards and where they come from", async (t) => {
  const path = join(temporary(t), "F.npz");
  const set: FeatureSet = { prefix: "dino", rows, keys: features.keys, shards: features.shards, provenance };
  await writeFeatures(path, set);
  const read = await readFeatures(path);
  assert.deepEqual(read.notes, []);
  assert.deepEqual(
    { ...read, moments: undefined },
    { ...set, toolkit: "gpic-eval", moments: undefined, notes: [] },
  );
  assert.deepEqual(read.moments, momentsOf(set));
  assert.equal(read.moments!.count, 9);
  const first = [readFileSync(path), readFileSync(provenancePath(path))];
  await writeFeatures(path, read);
  assert.deepEqual([readFileSync(path), readFileSync(provenancePath(path))], first);
  await writeFeatures(path, set, { keep: "moments" });
  const small = await readFeatures(path);
  assert.deepEqual([small.rows, small.moments, small.keys], [undefined, read.moments, features.keys]);
  assert.deepEqual(readdirSync(join(path, "..")).sort(), ["F.npz", "F.npz.json"]);
});

test("rows in pieces give the same file as rows at once", async (t) => {
  const folder = temporary(t);
  const random = new Random("pieces");
  const [count, width] = [1500, 5];
  const data = Float32Array.from({ length: count * width }, () => random.next());
  async function* blocks() {
    for (let from = 0; from < count; from += 64) yield data.subarray(from * width, (from + 64) * width);
  }
  const files: Buffer[] = [];
  for (const some of [
    { data, count, width },
    { blocks: blocks(), count, width },
  ]) {
    const path = join(folder, `${files.length}.npz`);
    await writeFeatures(path, { prefix: "sscd", rows: some });
    files.push(readFileSync(path));
  }
  assert.deepEqual(files[1], files[0]);
  const made = Moments.of(width);
  made.add(data, count);
  const file = await openFeatures(join(folder, "0.npz"));
  t.after(() => file.close());
  assert.deepEqual((await file.moments())!.covariance, made.covariance());
  const pieces: number[] = [];
  for await (const block of file.rowBlocks(400)) pieces.push(...block);
  assert.deepEqual(pieces, [...data]);
  const wrong = { prefix: "sscd" as const, rows: { blocks: blocks(), count: count + 1, width } };
  await assert.rejects(writeFeatures(join(folder, "wrong.npz"), wrong), /1501 rows are needed, got 1500/);
  const fewer = { prefix: "sscd" as const, rows: { blocks: blocks(), count: 1400, width } };
  await assert.rejects(
    writeFeatures(join(folder, "wrong.npz"), fewer),
    /1400 rows are needed, got more|7000/,
  );
  assert.deepEqual(readdirSync(folder).sort(), ["0.npz", "1.npz"]);
});

test("the other toolkits' files are written with their names", async (t) => {
  const folder = temporary(t);
  const set: FeatureSet = { rows, moments, keys: features.keys };
  await writeFeatures(join(folder, "fid.npz"), set, { toolkit: "pytorch-fid" });
  await writeFeatures(join(folder, "dgm.npz"), set, { toolkit: "dgm-eval" });
  await writeFeatures(join(folder, "rows.npy"), set);
  const fid = await readFeatures(join(folder, "fid.npz"));
  assert.deepEqual([fid.toolkit, fid.moments?.mean, fid.rows], ["pytorch-fid", moments.mean, undefined]);
  const dgm = await readFeatures(join(folder, "dgm.npz"));
  assert.deepEqual([dgm.toolkit, dgm.rows, dgm.moments], ["dgm-eval", rows, undefined]);
  assert.deepEqual(readFileSync(join(folder, "rows.npy")), readFileSync(goldenArray("rows.npy")));
});

test("a provenance that speaks of other features is not believed", async (t) => {
  const path = join(temporary(t), "F.npz");
  await writeFeatures(path, { prefix: "dino", rows, provenance });
  const beside = readFileSync(provenancePath(path), "utf8");
  await writeFeatures(path, { prefix: "dino", rows: { ...rows, data: rows.data.map((value) => -value) } });
  let set = await readFeatures(path);
  assert.deepEqual([set.provenance, set.moments!.count], [undefined, undefined]);
  assert.match(set.notes.join(), /it speaks of other features/);
  for (const text of [
    "",
    "[]",
    "null",
    beside.replace('"counted": 9', '"counted": -9'),
    beside.replace("cpu", "\\ud800"),
  ]) {
    writeFileSync(provenancePath(path), text);
    set = await readFeatures(path);
    assert.equal(set.provenance, undefined);
    assert.match(
      set.notes.join(),
      /the provenance that writeFeatures writes is needed|speaks of other features/,
    );
  }
  const npy = join(path, "..", "F.npy");
  await writeFeatures(npy, { rows, provenance });
  assert.deepEqual((await readFeatures(npy)).provenance, provenance);
});

test("arrays that do not fit together are refused with their sizes", async (t) => {
  const f4 = (...shape: number[]): { data: Float32Array; shape: number[] } => {
    return { data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1), shape };
  };
  const key = { name: "key", data: ["a", "b", "c"] };
  const cases: [NpzArray[], RegExp][] = [
    [[{ name: "mu", ...f4(3) }], /a mean \(mu\) with its covariance \(sigma\) is needed, got mu/],
    [[{ name: "sigma", ...f4(3, 3) }], /with its covariance/],
    [
      [
        { name: "mu", ...f4(3) },
        { name: "sigma", ...f4(3, 4) },
      ],
      /width x width numbers is needed, got 3 x 4/,
    ],
    [
      [
        { name: "mu", ...f4(3) },
        { name: "sigma", ...f4(2, 2) },
      ],
      /a covariance of 3 x 3 numbers.*got 2 x 2/,
    ],
    [
      [
        { name: "mu", ...f4(1, 3) },
        { name: "sigma", ...f4(3, 3) },
      ],
      /a mean of width numbers is needed, got 1 x 3/,
    ],
    [[{ name: "reps", ...f4(7) }], /rows of count x width numbers are needed, got 7/],
    [[{ name: "reps", ...f4(0, 7) }], /at least one row and one column are needed, got 0 x 7/],
    [[{ name: "reps", ...f4(7, 0) }], /at least one row and one column are needed, got 7 x 0/],
    [[{ name: "dino_embeddings", ...f4(2, 4) }, key], /for each of 2 rows are needed, got 3/],
    [
      [{ name: "dino_embeddings", ...f4(4, 3) }, key],
      /lie on their side: transpose them\) needed, got 4 x 3/,
    ],
    [
      [
        { name: "dino_embeddings", ...f4(3, 5) },
        { name: "dino_mu", ...f4(3) },
        { name: "dino_sigma", ...f4(3, 3) },
      ],
      /lie on their side/,
    ],
    [
      [{ name: "arr_0", data: new Uint8Array(24), shape: [2, 2, 2, 3] }],
      /and no images \(of which `gpic-lab features` makes features\).*got 2 x 2 x 2 x 3/,
    ],
    [[{ name: "reps", data: new Int32Array(4), shape: [2, 2] }], /TypeError.*real numbers.*got i4/],
    [[{ name: "images", ...f4(2, 2) }], /arrays such as dino_mu and dino_sigma.*got "images"/],
    [
      [
        { name: "mu", ...f4(2) },
        { name: "sigma", data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] },
      ],
      /a symmetric covariance is needed, got 2 and 3 for columns 0 and 1/,
    ],
    [
      [
        { name: "mu", ...f4(2) },
        { name: "sigma", data: Float64Array.of(1, 0, 0, -4), shape: [2, 2] },
      ],
      /variances of at least 0 are needed, got -4 for column 1/,
    ],
    [
      [
        { name: "mu", data: Float64Array.of(0, Number.NaN) },
        { name: "sigma", ...f4(2, 2) },
      ],
      /Cannot read the mean in F.npz: finite numbers are needed, got NaN in row 0, column 1/,
    ],
    [
      [{ name: "dino_embeddings", data: Float32Array.of(0, 0, 0, 0, 0, Infinity), shape: [3, 2] }, key],
      /finite numbers are needed, got Infinity in row 2 \(key c\), column 1/,
    ],
  ];
  for (const [arrays, wanted] of cases) assert.match(await refusal(t, arrays), wanted);
});

test("what is no file of features is refused with the remedy", async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, "stats.pkl"), Uint8Array.of(0x80, 4, 0x2e));
  await assert.rejects(
    readFeatures(join(folder, "stats.pkl")),
    /got a pickle.*np.savez\(path, mu=mu, sigma=sigma\)/,
  );
  writeFileSync(join(folder, "empty.npz"), "");
  await assert.rejects(readFeatures(join(folder, "empty.npz")), { name: "ZipError" });
  await assert.rejects(readFeatures(goldenArray("rows.npy"), { prefix: "dino" }), /arrays named dino_mu/);
  const file = await openFeatures(goldenArray("pytorch-fid.npz"));
  t.after(() => file.close());
  await assert.rejects(file.rowBlocks().next(), /rows are needed, got a file of mean and covariance/);
});

test("rows that seem to lie on their side are spoken of where nothing else tells", async (t) => {
  const path = join(temporary(t), "rows.npy");
  writeFileSync(path, npyBytes({ data: new Float32Array(1024 * 50), shape: [1024, 50] }));
  assert.match(
    (await readFeatures(path)).notes.join(),
    /1024 rows of 50 numbers: should it be 50 rows of 1024/,
  );
});

test("what cannot be written is refused before anything is", async (t) => {
  const folder = temporary(t);
  const [npz, npy] = [join(folder, "F.npz"), join(folder, "F.npy")];
  const cases: [Parameters<typeof writeFeatures>, RegExp][] = [
    [[join(folder, "F.txt"), { rows }], /ends in .npz or .npy/],
    [[npz, { prefix: "dino" }], /rows or moments are needed/],
    [[npz, { rows }], /a prefix \(dino, inception or sscd\) is needed, got none/],
    [[npy, { moments }], /rows are needed, got mean and covariance alone/],
    [[npy, { rows }, { keep: "moments" }], /keep: rows is needed/],
    [[npz, { prefix: "dino", rows, keys: ["a"] }], /9 keys and shards are needed, got 1/],
    [[npz, { prefix: "dino", rows: { ...rows, count: 8 } }], /8 x 4 numbers are needed, got 36/],
    [
      [npz, { prefix: "dino", rows: { ...rows, data: rows.data.with(5, Number.NaN) } }],
      /NaN in row 1, column 1/,
    ],
    [
      [
        npz,
        { prefix: "dino", rows: { data: Float32Array.of(1, 2), count: 1, width: 2 } },
        { keep: "moments" },
      ],
      /at least 2 rows/,
    ],
    [
      [npz, { prefix: "dino", moments: { ...moments, count: 8 }, provenance }],
      /a provenance of 8 images is needed, got 9/,
    ],
  ];
  for (const [words, wanted] of cases) await assert.rejects(writeFeatures(...words), wanted);
  assert.deepEqual(readdirSync(folder), []);
});

test("a single row has no covariance: it is written alone", async (t) => {
  const path = join(temporary(t), "F.npz");
  await writeFeatures(path, {
    prefix: "dino",
    rows: { data: Float32Array.of(1, 2), count: 1, width: 2 },
    keys: ["a"],
  });
  const read = await readFeatures(path);
  assert.deepEqual(read.rows?.data, Float32Array.of(1, 2));
  assert.equal(read.moments, undefined);
});

test("numpy opens what is written without pickle, and computes the same moments", { skip }, async (t) => {
  const path = join(temporary(t), "F.npz");
  await writeFeatures(path, {
    prefix: "inception",
    rows,
    keys: features.keys,
    shards: ["a", "bb", ...features.keys.slice(2)],
  });
  const script = `
import json, sys, numpy as np
f = np.load(sys.argv[1], allow_pickle=False)
rows = f["inception_embeddings"].astype("f8")
print(json.dumps([
  f.files, [str(f[n].dtype) for n in f.files],
  bool(np.allclose(f["inception_mu"], rows.mean(axis=0), rtol=1e-13)),
  bool(np.allclose(f["inception_sigma"], np.cov(rows, rowvar=False), rtol=1e-12, atol=1e-15)),
  f["key"].tolist(), f["tar_idx"].tolist()[1]]))`;
  assert.deepEqual(runPython(script, path), [
    ["inception_embeddings", "inception_mu", "inception_sigma", "key", "tar_idx"],
    ["float32", "float64", "float64", "<U64", "<U64"],
    ...[true, true],
    ...[features.keys, "bb"],
  ]);
});
