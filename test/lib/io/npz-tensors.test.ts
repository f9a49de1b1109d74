import assert from "node:assert/strict";
import { test } from "node:test";
import { bufferSource, openTensors, TensorFileError, type TensorFileErrorKind } from "gpic-lab/io";
import { type MadeEntry, madeZip } from "./made-zip.js";

/** An entry that is an array, with its header as numpy writes it. */
function array(name: string, descr: string, order: "C" | "F", shape: string, bytes: Uint8Array): MadeEntry {
  const fortran = order === "F" ? "True" : "False";
  const header = `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`.padEnd(117);
  const start = Buffer.from(`\u0093NUMPY\u0001\u0000\u0076\u0000${header}\n`, "latin1");
  return { name, bytes: Buffer.concat([start, bytes]) };
}

const numbers = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);

test("arrays are tensors: C order, Fortran order, big-endian, scalars", async () => {
  const bytes = madeZip([
    array("c.npy", "'<f4'", "C", "(2, 3)", numbers),
    array("f.npy", "'<f4'", "F", "(2, 3)", numbers),
    array("b.npy", "'>i2'", "C", "(2,)", Uint8Array.of(1, 2, 3, 4)),
    array("s.npy", "'|b1'", "C", "()", Uint8Array.of(1)),
  ]);
  const { format, tensors, read } = await openTensors(bufferSource(bytes));
  assert.equal(format, "npz");
  assert.deepEqual([...tensors.keys()], ["c", "f", "b", "s"]);
  assert.deepEqual([...new Float32Array((await read("c")).buffer)], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...new Float32Array((await read("f")).buffer)], [1, 3, 5, 2, 4, 6]);
  assert.deepEqual([...(await read("b"))], [2, 1, 4, 3]);
  assert.deepEqual([...(await read("s"))], [1]);
  const { offset, isContiguous } = tensors.get("c")!;
  assert.ok(isContiguous && !tensors.get("f")!.isContiguous);
  assert.deepEqual(bytes.subarray(offset, offset! + 24), Buffer.from(numbers));
  assert.equal(tensors.get("b")!.offset, undefined);
});

async function refused(kind: TensorFileErrorKind, words: RegExp, entry: MadeEntry): Promise<void> {
  await assert.rejects(openTensors(bufferSource(madeZip([entry]), "w.npz")), (error: unknown) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, words);
    assert.equal(error.kind, kind, error.message);
    return true;
  });
}

test("arrays of objects, of text and of other types are refused by name", async () => {
  await refused(
    "unsupported",
    /w\.npz: in a\.npy: .*array of Python objects/,
    array("a.npy", "'|O'", "C", "(1,)", numbers),
  );
  await refused("unsupported", /array a is of type U1/, array("a.npy", "'<U1'", "C", "(6,)", numbers));
  await refused("unsupported", /array a is of type u2/, array("a.npy", "'<u2'", "C", "(12,)", numbers));
});

test("an array that is cut, or whose header is none, is refused as damaged", async () => {
  await refused("damaged", /in a\.npy: /, array("a.npy", "'<f4'", "C", "(2, 4)", numbers));
  await refused("damaged", /in a\.npy: /, { name: "a.npy", bytes: Buffer.from("no array at all") });
});

test("a changed number is told by the archive's checksum", async () => {
  const bytes = madeZip([array("c.npy", "'<f4'", "C", "(2, 3)", numbers)]);
  const { tensors } = await openTensors(bufferSource(bytes));
  bytes[tensors.get("c")!.offset! + 5]! ^= 1;
  const { read } = await openTensors(bufferSource(bytes));
  await assert.rejects(read("c"), /the checksum of c\.npy/);
});
