import assert from "node:assert/strict";
import { test } from "node:test";
import { bufferSource, openTensors, TensorFileError, type TensorFileErrorKind } from "gpic-lab/io";

/** A file of this header, given as an object or as text, before so many bytes 0, 1, 2 and so on. */
function made(header: object | string | Buffer, bytes: number): Buffer {
  const json = Buffer.isBuffer(header)
    ? header
    : Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => i))]);
}

function tensor(dtype: string, shape: unknown, offsets: unknown): object {
  return { dtype, shape, data_offsets: offsets };
}

async function refused(
  kind: TensorFileErrorKind,
  words: RegExp,
  header: object | string | Buffer,
  bytes: number,
): Promise<void> {
  await assert.rejects(openTensors(bufferSource(made(header, bytes), "s.safetensors")), (error: unknown) => {
    assert.ok(error instanceof TensorFileError, String(error));
    assert.match(error.message, words);
    assert.equal(error.kind, kind, error.message);
    return true;
  });
}

test("every type is read from where it lies, with notes passed over and spaces behind the header", async () => {
  const sizes = { F32: 4, F64: 8, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 };
  const header: Record<string, object> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const [dtype, size] of Object.entries(sizes)) {
    header[dtype] = tensor(dtype, [2], [at, at + 2 * size]);
    at += 2 * size;
  }
  const bytes = made(`${JSON.stringify(header)}   `, at);
  const { format, tensors, read } = await openTensors(bufferSource(bytes));
  assert.equal(format, "safetensors");
  assert.deepEqual([...tensors.keys()], Object.keys(sizes));
  const start = bytes.length - at;
  for (const [name, { offset, isContiguous }] of tensors) {
    const size = sizes[name as keyof typeof sizes];
    assert.ok(isContiguous);
    assert.deepEqual(Buffer.from(await read(name)), bytes.subarray(offset, offset! + 2 * size));
    assert.equal(offset! - start, (header[name] as { data_offsets: number[] }).data_offsets[0]);
  }
});

test("scalars, empty tensors and names of every kind are read", async () => {
  const header = `{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"":{"dtype":"U8","shape":[0,9],"data_offsets":[4,4]}}`;
  const { tensors, read } = await openTensors(bufferSource(made(header, 4)));
  assert.deepEqual([...tensors.keys()], ["__proto__", ""]);
  assert.equal((await read("__proto__")).length, 4);
  assert.equal((await read("")).length, 0);
});

test("tensors must tile the bytes behind the header", async () => {
  const a = tensor("U8", [4], [0, 4]);
  await refused("damaged", /b must begin at byte 4 .* got 5/, { a, b: tensor("U8", [3], [5, 8]) }, 8);
  await refused("damaged", /b must begin at byte 4 .* got 2/, { a, b: tensor("U8", [6], [2, 8]) }, 8);
  await refused("damaged", /need 4 bytes behind the header, the file has 5/, { a }, 5);
  await refused("damaged", /need 4 bytes behind the header, the file has 3/, { a }, 3);
  await refused("damaged", /must begin at byte 4 .* got 0/, { a, b: a }, 4);
});

test("sizes and shapes that are none are refused", async () => {
  const most = 2 ** 53 - 1;
  await refused("damaged", /needs 16 bytes, got 4/, { a: tensor("F32", [4], [0, 4]) }, 4);
  await refused("damaged", /needs 8 bytes, got -4/, { a: tensor("F32", [2], [8, 4]) }, 8);
  await refused("damaged", /needs \d\.\d+e\+\d+ bytes/, { a: tensor("F32", [most, most, most], [0, 4]) }, 4);
  await refused("damaged", /whole numbers/, { a: tensor("F32", [1.5], [0, 4]) }, 4);
  await refused("damaged", /whole numbers/, { a: tensor("F32", [-1], [0, 4]) }, 4);
  await refused("damaged", /whole numbers/, { a: tensor("F32", new Array(65).fill(1), [0, 4]) }, 4);
  await refused("damaged", /two data_offsets/, { a: tensor("F32", [1], [0, 2 ** 60]) }, 4);
  await refused("damaged", /two data_offsets/, { a: tensor("F32", [1], [0, 4, 8]) }, 4);
  await refused("damaged", /has no type/, { a: null }, 4);
  await refused("damaged", /has no type/, { a: { shape: [1], data_offsets: [0, 4] } }, 4);
});

test("types that are not read are refused by name, only where a tensor has one", async () => {
  await refused(
    "unsupported",
    /a is of type F8_E4M3, which is not read/,
    { a: tensor("F8_E4M3", [4], [0, 4]) },
    4,
  );
  await refused("unsupported", /of type constructor,/, { a: tensor("constructor", [4], [0, 4]) }, 4);
});

test("headers that are no JSON, nested, or without tensors are refused", async () => {
  await refused("damaged", /header is no JSON/, '{"a":', 0);
  await refused("damaged", /header is no JSON/, Buffer.from('{"\u00ff":1}', "latin1"), 0);
  await refused("hostile", /nested deeper than 3/, `{"a":{"shape":[[${"[".repeat(100_000)}`, 0);
  await refused("not weights", /holds no tensors/, { __metadata__: { a: "[[[[" } }, 0);
});

test("a header longer than the file is no header, and one that is cut is damaged", async () => {
  const whole = made({ a: tensor("U8", [4], [0, 4]) }, 4);
  const long = Buffer.from(whole);
  long.writeBigUInt64LE(2n ** 63n);
  await assert.rejects(openTensors(bufferSource(long)), /its first bytes are those of none/);
  for (let length = 9; length < whole.length; length++)
    await assert.rejects(
      openTensors(bufferSource(whole.subarray(0, length))),
      (error: unknown) => error instanceof TensorFileError && error.kind === "damaged",
    );
  const huge = made(`{"a":"${"x".repeat(2 ** 24)}"}`, 0);
  await assert.rejects(
    openTensors(bufferSource(huge)),
    /its header says 16777224 bytes, the limit is 16777216/,
  );
});
