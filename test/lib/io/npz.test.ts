/** .npz files: those that numpy wrote, those that we write, and those that are damaged. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Random } from "gpic-lab/core";
import { bufferSource, npyBytes, openNpz, packageFile, writeNpz } from "gpic-lab/io";
import { expected, goldenArray, goldenSource, plain, runPython, skip } from "./numpy.js";

const { features } = expected;

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("archives that numpy wrote, stored, deflated and zip64, give their arrays by name", async (t) => {
  const cases: Record<string, string[]> = {
    "gpic-eval.npz": ["dino_mu", "dino_sigma", "dino_embeddings", "key", "tar_idx"],
    "pytorch-fid.npz": ["mu", "sigma"],
    "zip64.npz": ["mu", "sigma"],
    "positional.npz": ["arr_0"],
  };
  const values: Record<string, readonly (number | string)[]> = {
    mu: features.mu,
    sigma: features.sigma,
    embeddings: features.rows,
    key: features.keys,
    idx: features.shards.map(String),
    0: Array.from({ length: 24 }, (_, i) => i),
  };
  for (const [path, names] of Object.entries(cases)) {
    const source = await goldenSource(path);
    t.after(() => source.close());
    const file = await openNpz(source);
    assert.deepEqual([...file.entries.keys()], names);
    for (const name of names)
      assert.deepEqual(
        plain(await (await file.open(name)).readAll()),
        values[name.split("_").at(-1)!],
        `${path}: ${name}`,
      );
    await assert.rejects(file.open("nu"), /one of "?(dino_mu|mu|arr_0)/);
    await file.close();
  }
});

test("a deflated array is read in any order of rows, also of several at a time", async () => {
  const file = await openNpz(bufferSource(readFileSync(goldenArray("compressed.npz"))));
  const ramp = await file.open("ramp");
  const row = async (start: number, count: number) => plain(await ramp.readRows(start, count));
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  assert.deepEqual(await row(40, 10), range(4000, 1000));
  assert.deepEqual(await row(3, 2), range(300, 200));
  assert.deepEqual(
    await Promise.all([row(20, 1), row(0, 1), row(49, 1)]),
    [2000, 0, 4900].map((from) => range(from, 100)),
  );
  const zeros = await file.open("zeros");
  assert.equal(zeros.count, 30_000);
  assert.ok((await zeros.readAll()).every((value) => value === 0));
  await file.close();
  assert.deepEqual(await row(1, 1), range(100, 100));
});

test("an array of objects beside others is refused only where it is opened", async () => {
  const file = await openNpz(bufferSource(readFileSync(goldenArray("dgm-eval.npz")), "dgm-eval.npz"));
  assert.deepEqual((await file.open("reps")).shape, [9, 4]);
  await assert.rejects(file.open("hparams"), /Cannot read "?hparams"? in dgm-eval.npz: .*Python objects/);
});

test("what is no archive of arrays is refused", async () => {
  await assert.rejects(
    openNpz(bufferSource(npyBytes({ data: [1].map(String) }), "a.npy")),
    /ZipError|neither begins/,
  );
  const empty = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]);
  await assert.rejects(
    openNpz(bufferSource(empty)),
    /an archive of arrays \(.npz\) is needed, got an empty archive/,
  );
});

test("a bit turned in any array is an error when the array has been read", async () => {
  for (const path of ["gpic-eval.npz", "compressed.npz"]) {
    const whole = readFileSync(goldenArray(path));
    const { entries } = await openNpz(bufferSource(whole));
    for (const [name, entry] of entries) {
      const bytes = Uint8Array.from(whole);
      bytes[entry.dataOffset + entry.compressedBytes - 3]! ^= 4;
      const damaged = await openNpz(bufferSource(bytes, path));
      await assert.rejects(
        async () => (await damaged.open(name)).readAll(),
        { name: "ZipError" },
        `${path}: ${name}`,
      );
    }
  }
});

test("3,000 damaged archives give an error or arrays of the sizes that they have", {
  timeout: 60_000,
}, async () => {
  const random = new Random("npz");
  const pick = (below: number) => Math.floor(random.next() * below);
  const files = ["gpic-eval.npz", "pytorch-fid.npz", "zip64.npz", "compressed.npz"];
  const whole = files.map((path) => readFileSync(goldenArray(path)));
  const counts = { read: 0, refused: 0 };
  for (let round = 0; round < 3000; round++) {
    let bytes: Uint8Array = Uint8Array.from(whole[pick(whole.length)]!);
    // the directory lies at the end, in 60 to 110 bytes an array
    const at = random.next() < 0.5 ? pick(bytes.length) : Math.max(0, bytes.length - 1 - pick(300));
    if (random.next() < 0.1) bytes = bytes.slice(0, at);
    else bytes[at] = pick(256);
    try {
      const file = await openNpz(bufferSource(bytes));
      for (const name of file.entries.keys()) {
        const array = await file.open(name);
        assert.equal((await array.readAll()).length, array.count);
      }
      await file.close();
      counts.read++;
    } catch (error) {
      assert.match((error as Error).message, /^Cannot read/, (error as Error).stack);
      counts.refused++;
    }
  }
  assert.ok(counts.read > 100 && counts.refused > 1000, JSON.stringify(counts));
});

test("what is written is the same bytes each time, and reads back", async (t) => {
  const folder = temporary(t);
  const path = join(folder, "a.npz");
  const arrays = () => [
    { name: "mu", data: Float64Array.from(features.mu) },
    { name: "rows", dtype: "f4" as const, shape: [9, 4], chunks: [Float32Array.from(features.rows)] },
    { name: "key", data: features.keys },
    { name: "empty", data: new Int32Array(0), shape: [0, 3] },
  ];
  await writeNpz(path, arrays());
  const first = readFileSync(path);
  await writeNpz(path, arrays());
  assert.deepEqual(readFileSync(path), first);
  const file = await openNpz(bufferSource(first));
  assert.deepEqual(
    [...file.entries.values()].map((entry) => entry.isStored),
    [true, true, true, true],
  );
  assert.deepEqual(plain(await (await file.open("rows")).readAll()), features.rows);
  assert.deepEqual(await (await file.open("key")).readAll(), features.keys);
  assert.deepEqual((await file.open("empty")).shape, [0, 3]);
  assert.deepEqual(readdirSync(folder), ["a.npz"]);
});

test("the bytes of an archive do not depend on the time zone", async (t) => {
  const folder = temporary(t);
  const files = ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"].map((TZ) => {
    const path = join(folder, `${TZ.replace("/", "-")}.npz`);
    const script =
      `const { writeNpz } = await import(${JSON.stringify(pathToFileURL(packageFile("dist", "lib", "io", "index.js")))});` +
      `await writeNpz(${JSON.stringify(path)}, [{ name: "a", data: Float32Array.of(1, 2) }]);`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, TZ },
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    return readFileSync(path);
  });
  // the date: 1 January 1980, midnight, as numpy writes it
  assert.deepEqual([...files[0]!.subarray(10, 14)], [0, 0, 0x21, 0]);
  assert.deepEqual(files[1], files[0]);
  assert.deepEqual(files[2], files[0]);
});

test("a failure leaves what was there, and nothing beside it", async (t) => {
  const folder = temporary(t);
  const path = join(folder, "a.npz");
  await writeNpz(path, [{ name: "a", data: Float32Array.of(1) }]);
  const before = readFileSync(path);
  const rows = (chunks: AsyncIterable<Uint8Array> | Uint8Array[]) => ({
    ...{ name: "b", dtype: "u1" as const, shape: [300_000], chunks },
  });
  async function* failing() {
    yield new Uint8Array(200_000);
    throw new Error("the encoder broke");
  }
  const stop = new AbortController();
  async function* stopped() {
    yield new Uint8Array(100_000);
    stop.abort(new Error("enough"));
    yield new Uint8Array(200_000);
  }
  const cases: [() => Promise<void>, RegExp][] = [
    [() => writeNpz(path, [rows([new Uint8Array(299_999)])]), /300000 bytes are needed.*got 299999/],
    [
      () => writeNpz(path, [rows([new Uint8Array(200_000), new Uint8Array(200_000)])]),
      /300000 bytes are needed/,
    ],
    [() => writeNpz(path, [rows(failing())]), /the encoder broke/],
    [() => writeNpz(path, [rows(stopped())], { signal: stop.signal }), /enough|abort/i],
    [() => writeNpz(path, [{ name: "a", data: ["a\0"] }]), /no NUL/],
    [
      () =>
        writeNpz(
          path,
          ["b", "b"].map((name) => ({ name, data: ["a"] })),
        ),
      /names that differ/,
    ],
  ];
  for (const [writing, wanted] of cases) {
    await assert.rejects(writing(), wanted);
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(folder), ["a.npz"]);
  }
  // below a file there can be no folder
  await assert.rejects(writeNpz(join(path, "b.npz"), []), /a file in its way \(EEXIST\)/);
});

test("zip64 records read back", async (t) => {
  const path = join(temporary(t), "a.npz");
  await writeNpz(path, [{ name: "mu", data: Float64Array.from(features.mu) }], { forceZip64: true });
  const bytes = readFileSync(path);
  assert.ok(
    bytes.includes(Buffer.from([0x50, 0x4b, 6, 6])) && bytes.includes(Buffer.from([0x50, 0x4b, 6, 7])),
  );
  const file = await openNpz(bufferSource(bytes));
  assert.deepEqual(plain(await (await file.open("mu")).readAll()), features.mu);
});

test("numpy reads the archives that are written, zip64 or not", { skip }, async (t) => {
  for (const forceZip64 of [false, true]) {
    const path = join(temporary(t), "a.npz");
    const sigma = { name: "sigma", data: Float64Array.from(features.sigma), shape: [4, 4] };
    await writeNpz(path, [sigma, { name: "key", data: features.keys }], { forceZip64 });
    const script =
      "import json, sys, zipfile, numpy as np\n" +
      "assert zipfile.ZipFile(sys.argv[1]).testzip() is None\n" +
      "f = np.load(sys.argv[1], allow_pickle=False)\n" +
      "print(json.dumps([f.files, f['sigma'].ravel().tolist(), f['sigma'].shape, f['key'].tolist()]))";
    assert.deepEqual(runPython(script, path), [["sigma", "key"], features.sigma, [4, 4], features.keys]);
  }
});
