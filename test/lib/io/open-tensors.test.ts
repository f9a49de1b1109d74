import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  type ByteSource,
  bufferSource,
  openFileSource,
  openTensors,
  packageFile,
  TensorFileError,
  type TensorFileErrorKind,
} from "gpic-lab/io";
import { fuzzTensors } from "./fuzz-tensors.js";
import { madeWeights } from "./made-weights.js";
import { madeZip } from "./made-zip.js";

interface Expected {
  readonly hostile?: readonly string[];
  readonly tensors: Readonly<
    Record<
      string,
      { dtype: string; shape: number[]; hashed_as?: string; sha256_of_row_major_little_endian: string }
    >
  >;
}

const golden = packageFile("test/golden/torch-files");

function expectedOf(folder: string): Expected {
  return JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
}

/** bfloat16 is the upper half of float32. */
function widened(bytes: Uint8Array): Uint8Array {
  const halves = new Uint16Array(bytes.buffer);
  return new Uint8Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function checkGolden(path: string, format: string, names?: readonly string[]): Promise<void> {
  const source = await openFileSource(path);
  try {
    const file = await openTensors(source);
    assert.equal(file.format, format);
    const expected = expectedOf(dirname(path)).tensors;
    assert.deepEqual([...file.tensors.keys()].sort(), [...(names ?? Object.keys(expected))].sort());
    for (const [name, tensor] of file.tensors) {
      const {
        dtype,
        shape,
        hashed_as: hashedAs = dtype,
        sha256_of_row_major_little_endian: sum,
      } = expected[name]!;
      assert.equal(tensor.type, dtype, name);
      assert.deepEqual(tensor.shape, shape, name);
      const numbers = await file.read(name);
      assert.equal(sha256(hashedAs === dtype ? numbers : widened(numbers)), sum, name);
      assert.ok(tensor.offset !== undefined, name);
      if (tensor.isContiguous)
        assert.deepEqual(await source.read(tensor.offset, numbers.length), numbers, name);
    }
  } finally {
    await source.close();
  }
}

test("torch's zip file gives every tensor, in place where it is contiguous", () =>
  checkGolden(join(golden, "zip.pth"), "torch-zip"));

test("torch's legacy file gives the same tensors", () =>
  checkGolden(join(golden, "legacy.pth"), "torch-legacy"));

test("a state dict under a key beside plain values is read by its own names", () =>
  checkGolden(join(golden, "nested.pth"), "torch-zip"));

test("Parameters are tensors", () =>
  checkGolden(join(golden, "parameters.pth"), "torch-zip", ["conv.weight", "conv.bias"]));

test("safetensors gives the same tensors", () => checkGolden(join(golden, "all.safetensors"), "safetensors"));

for (const name of ["scripted.pt", "traced.pt"])
  test(`a TorchScript archive gives its parameters and buffers without its code being run: ${name}`, () =>
    checkGolden(packageFile(join("test/golden/torch-script", name)), "torch-zip"));

/** What each hostile file of the golden vectors must be refused for. */
const hostile: Readonly<Record<string, readonly [TensorFileErrorKind, RegExp]>> = {
  "hostile-getattr.pth": ["hostile", /asks for __builtin__\.getattr; only tensors and containers are read/],
  "hostile-huge-size.pth": ["damaged", /tensor a of shape \[1099511627776\].* needs 4398046511104 bytes/],
  "hostile-missing-storage.pth": ["damaged", /storage _a\/data\/0 is missing/],
  "hostile-recursion.pth": ["hostile", /nested deeper than 1000/],
  "hostile-short-storage.pth": ["damaged", /storage 0 must have 16 bytes, got 7/],
  "hostile-system-call-legacy.pth": ["hostile", /asks for posix\.system; only tensors/],
  "hostile-system-call.pth": ["hostile", /asks for posix\.system; only tensors/],
};

test("every hostile file is refused by name in one line, in less than a second", async () => {
  assert.deepEqual(Object.keys(hostile), expectedOf(golden).hostile);
  for (const [name, [kind, words]] of Object.entries(hostile)) {
    const source = await openFileSource(join(golden, name));
    const start = performance.now();
    await assert.rejects(openTensors(source), (error: unknown) => {
      assert.ok(error instanceof TensorFileError, String(error));
      assert.equal(error.kind, kind, error.message);
      assert.match(error.message, words);
      assert.ok(!error.message.includes("\n"));
      assert.ok(error.message.startsWith(`Cannot read weights ${source.name}: `));
      return true;
    });
    assert.ok(performance.now() - start < 1000, name);
    await source.close();
  }
  assert.ok(!readdirSync(".").includes("executed.txt"));
});

test("opening a large archive reads the directory and the pickle only", async () => {
  const entries = madeWeights(400, 64 * 1024);
  const near = bufferSource(madeZip(entries), "large.pth");
  let asked = 0;
  const far: ByteSource = {
    name: near.name,
    length: near.length,
    read: (offset, length) => {
      asked += length;
      return near.read(offset, length);
    },
    close: near.close,
  };
  const { tensors } = await openTensors(far);
  assert.equal(tensors.size, 400);
  const pickle = entries.find(({ name }) => name.endsWith("data.pkl"))!.bytes.length;
  // headers of 30 bytes and a name, the directory's window and its end
  assert.ok(asked < pickle + 400 * 60 + 3 * 65_600, `${asked} of ${far.length} bytes`);
});

test("what is often found in the place of weights is named", async () => {
  const cases: readonly (readonly [string, TensorFileErrorKind, RegExp])[] = [
    ["", "not weights", /the file is empty/],
    ["version https://git-lfs.github.com/spec/v1\noid", "not weights", /git lfs pull/],
    ["\n<!DOCTYPE html><html>", "not weights", /a web page/],
    ['{"error": "no such model"}', "not weights", /JSON text/],
    ["GGUF\u0003", "not weights", /GGUF/],
    ["\u0089HDF\r\n", "not weights", /HDF5/],
    ["\u001f\u008b\u0008", "not weights", /gzip/],
    [`${"x".repeat(257)}ustar`, "not weights", /tar archive/],
    ["some text", "not weights", /torch file, safetensors or npz is needed/],
    ["\u0080\u0002K\u0001.", "not weights", /without the magic number/],
    ["\u0080\u0002cos\nsystem\n", "hostile", /os\.system/],
    ["\u0080\u0002", "damaged", /it was cut/],
    ["PK\u0003\u0004", "damaged", /the file was cut/],
    [
      madeZip([{ name: "a.txt", bytes: Buffer.from("a") }]).toString("latin1"),
      "not weights",
      /zip archive with neither/,
    ],
  ];
  for (const [bytes, kind, words] of cases)
    await assert.rejects(openTensors(bufferSource(Buffer.from(bytes, "latin1"), "f")), (error: unknown) => {
      assert.ok(error instanceof TensorFileError && error.kind === kind, `${bytes}: ${error}`);
      assert.match(error.message, words);
      return true;
    });
});

test("a tensor that is not there is asked for in vain", async () => {
  const { read } = await openTensors(bufferSource(readFileSync(join(golden, "zip.pth")), "zip.pth"));
  await assert.rejects(read("head.weight"), /one of its 14 names is needed, got head\.weight/);
});

test("numbers that were read are nobody else's", async () => {
  const bytes = readFileSync(join(golden, "zip.pth"));
  const { read } = await openTensors(bufferSource(bytes, "zip.pth"));
  const before = sha256(bytes);
  (await read("conv.weight")).fill(0);
  assert.equal(sha256(bytes), before);
  assert.equal(new Float32Array((await read("view")).buffer).length, 9);
});

test("three thousand mutated files give an error or the right tensors, never a hang or a crash", async () => {
  const { files, outcomes } = await fuzzTensors("test", 3000);
  assert.equal(files, 3000);
  // the mutations do reach behind the checksums
  for (const outcome of ["damaged", "hostile", "same tensors", "changed numbers", "other tensors"])
    assert.ok(outcomes[outcome]! > 5, JSON.stringify(outcomes));
});
