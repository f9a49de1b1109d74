/**
 * Weights as safetensors: a header in JSON that says where each tensor lies, then the numbers, row-major and
 * little-endian.
 *
 * Source: the format as the safetensors crate 0.6 reads it (`safetensors/src/tensor.rs`): tensors tile the bytes behind
 * the header without gaps and without sharing any. The file carries no checksums: changed numbers cannot be told.
 * Known difference: a header has a smaller limit here.
 */
import type { ByteSource } from "./byte-source.js";
import { shownName } from "./hostile-text.js";
import { type PlacedTensor, plainStorage, storedTensors } from "./stored-tensors.js";
import { elementsOf, rowMajorStrides } from "./strided.js";
import { TensorFileError, type TensorFileErrorKind } from "./tensor-error.js";
import { TENSOR_ITEM_BYTES, type TensorFile, type TensorType } from "./tensor-file.js";
import { MAX_TENSOR_AXES } from "./torch-tensors.js";

/** Bytes of a header: a thousand tensors take some 100 kB. The format allows 100 MB, which parsed were ten times that. */
export const MAX_SAFETENSORS_HEADER_BYTES: number = 16 * 2 ** 20;
/** Bytes of the header's size, in front of it. */
const SIZE_BYTES = 8;
/** Objects and lists inside each other in a header: itself, a tensor, its shape. */
const HEADER_DEPTH = 3;

const types: Readonly<Record<string, TensorType>> = {
  F32: "float32",
  F64: "float64",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};

/** Whether a file's first bytes are those of a safetensors file: a header's size, and the header's brace. */
export function looksLikeSafetensors(source: ByteSource, begins: Uint8Array): boolean {
  const isBrace = begins.length > SIZE_BYTES && begins[SIZE_BYTES] === 0x7b;
  // a file that was cut in its header still is one
  return isBrace && headerBytes(begins) <= Math.max(source.length, MAX_SAFETENSORS_HEADER_BYTES);
}

/**
 * Opens a safetensors file.
 * @throws TensorFileError where the header is malformed, where tensors overlap, leave gaps or reach past the end, or
 *   where a tensor has a type that is not read
 */
export async function openSafetensors(source: ByteSource): Promise<TensorFile> {
  const size = headerBytes(await source.read(0, SIZE_BYTES));
  if (size > source.length - SIZE_BYTES)
    throw refused(
      source,
      "damaged",
      `its header says ${size} bytes, the file has ${source.length}; it was cut`,
    );
  if (size > MAX_SAFETENSORS_HEADER_BYTES)
    throw refused(
      source,
      "hostile",
      `its header says ${size} bytes, the limit is ${MAX_SAFETENSORS_HEADER_BYTES}`,
    );
  const header = parsedHeader(source, await source.read(SIZE_BYTES, size));
  const dataStart = SIZE_BYTES + size;
  const places = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => placeOf(source, name, value, dataStart));
  checkTiling(source, places, source.length - dataStart);
  return storedTensors(
    "safetensors",
    source,
    places.map(({ tensor }) => tensor),
  );
}

function headerBytes(begins: Uint8Array): number {
  const size = new DataView(begins.buffer, begins.byteOffset, SIZE_BYTES).getBigUint64(0, true);
  return size > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(size);
}

function parsedHeader(source: ByteSource, bytes: Uint8Array): object {
  checkDepth(source, bytes);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw refused(source, "damaged", `its header is no JSON (${shownName((error as Error).message)})`);
  }
  if (!isObject(header)) throw refused(source, "damaged", "its header must be an object of tensors");
  return header;
}

/** Refuses nesting that no header has, before the parser takes memory for it. */
function checkDepth(source: ByteSource, bytes: Uint8Array): void {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (isText) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > HEADER_DEPTH)
        throw refused(
          source,
          "hostile",
          `its header is nested deeper than ${HEADER_DEPTH} at byte ${SIZE_BYTES + at}`,
        );
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}

interface Place {
  readonly tensor: PlacedTensor;
  /** Bytes behind the header. */
  readonly start: number;
  readonly end: number;
}

function placeOf(source: ByteSource, name: string, value: unknown, dataStart: number): Place {
  const what = `the tensor ${shownName(name)}`;
  const { dtype, shape, data_offsets: offsets } = isObject(value) ? (value as Record<string, unknown>) : {};
  if (typeof dtype !== "string") throw refused(source, "damaged", `${what} has no type`);
  if (!isSizes(shape) || shape.length > MAX_TENSOR_AXES)
    throw refused(source, "damaged", `${what} must have a shape of at most ${MAX_TENSOR_AXES} whole numbers`);
  if (!isSizes(offsets) || offsets.length !== 2)
    throw refused(source, "damaged", `${what} must have two data_offsets`);
  const type = Object.hasOwn(types, dtype) ? types[dtype] : undefined;
  if (type === undefined)
    throw refused(
      source,
      "unsupported",
      `${what} is of type ${shownName(dtype)}, which is not read; convert it to F32`,
    );
  const [start, end] = offsets as [number, number];
  const bytes = elementsOf(shape) * TENSOR_ITEM_BYTES[type];
  if (end - start !== bytes)
    throw refused(
      source,
      "damaged",
      `${what} of shape [${shape}] and type ${dtype} needs ${bytes} bytes, got ${end - start}`,
    );
  const storage = plainStorage(source, what, dataStart + start, bytes);
  const tensor: PlacedTensor = { name, type, shape, strides: rowMajorStrides(shape), start: 0, storage };
  return { tensor, start, end };
}

function checkTiling(source: ByteSource, places: readonly Place[], length: number): void {
  let at = 0;
  for (const { tensor, start, end } of [...places].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== at)
      throw refused(
        source,
        "damaged",
        `${tensor.storage.what} must begin at byte ${at} behind the header, where the one before it ends, got ${start}`,
      );
    at = end;
  }
  if (at !== length)
    throw refused(
      source,
      "damaged",
      `its tensors need ${at} bytes behind the header, the file has ${length}`,
    );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function refused(source: ByteSource, kind: TensorFileErrorKind, problem: string): TensorFileError {
  return new TensorFileError(kind, source.name, problem);
}
