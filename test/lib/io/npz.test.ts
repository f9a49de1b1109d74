/** .npz files: those that numpy wrote, those that we write, and those that are damaged. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "gpic-lab/core";
import { bufferSource, npyBytes, openNpz } from "gpic-lab/io";
import { expected, goldenArray, goldenSource, plain } from "./numpy.js";

const { features } = expected;

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
