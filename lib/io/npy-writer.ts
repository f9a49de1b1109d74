/** Writes arrays as numpy.save does: the same bytes for the same array. */
import { itemBytes, type NpyData, type NpyType } from "./npy-dtype.js";
import { npyHeader } from "./npy-header.js";
import { encodeText } from "./npy-text.js";

/** Most bytes of a piece: systems refuse to write 2 GiB at once. */
const PIECE_BYTES: number = 8 << 20;

/** An array in memory, on its way into a file. */
export interface NpyArray {
  readonly data: NpyData;
  /** Sizes of the axes; the length of the data where absent. */
  readonly shape?: readonly number[];
}

/** An array on its way into a file: its elements come in pieces. */
export interface NpyStream {
  readonly dtype: NpyType;
  readonly shape: readonly number[];
  /** The elements, row-major, little-endian; all pieces together have the bytes that type and shape say. */
  readonly chunks: Iterable<ArrayBufferView> | AsyncIterable<ArrayBufferView>;
}

/**
 * A whole .npy file.
 * @throws RangeError where the shape is not that of the data
 * @example npyBytes({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }).length // 144
 */
export function npyBytes(array: NpyArray): Uint8Array {
  const { dtype, shape, chunks } = npyStream(array);
  return Buffer.concat([npyHeader(dtype, shape), ...chunks]);
}

/**
 * An array in memory as a stream: numbers in one piece, texts as they are encoded.
 * @throws RangeError where the shape is not that of the data, or a text ends in NUL
 */
export function npyStream({
  data,
  shape = [data.length],
}: NpyArray): NpyStream & { readonly chunks: Iterable<Uint8Array> } {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length)
    throw new RangeError(
      `Cannot write an array: a shape of ${data.length} elements is needed, got ${shape.join(" x ") || "none"}`,
    );
  if (Array.isArray(data)) {
    const { dtype, chunks } = encodeText(data);
    return { dtype, shape, chunks };
  }
  return {
    dtype: typeOf(data),
    shape,
    chunks: [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  };
}

/**
 * The bytes of a .npy file, piece by piece: header, then the elements as they come, at most 8 MiB each.
 * @throws RangeError, at the end or where it shows, when the pieces are not as many bytes as type and shape say
 * @example for await (const piece of npyPieces({ dtype: "f4", shape: [50000, 1024], chunks })) await file.write(piece);
 */
export async function* npyPieces({
  dtype,
  shape,
  chunks,
}: NpyStream): AsyncGenerator<Uint8Array, void, undefined> {
  yield npyHeader(dtype, shape);
  const needed = npyDataBytes(dtype, shape);
  let done = 0;
  const check = (isOver: boolean): void => {
    if (isOver)
      throw new RangeError(
        `Cannot write an array: ${needed} bytes are needed for ${shape.join(" x ")} of ${dtype}, got ${done}`,
      );
  };
  for await (const chunk of chunks) {
    done += chunk.byteLength;
    check(done > needed);
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
  }
  check(done < needed);
}

/** Bytes of an array's elements. */
export function npyDataBytes(dtype: NpyType, shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1) * itemBytes(dtype);
}

function typeOf(data: Exclude<NpyData, string[]>): NpyType {
  if (data instanceof Float32Array) return "f4";
  if (data instanceof Float64Array) return "f8";
  if (data instanceof BigInt64Array) return "i8";
  if (data instanceof BigUint64Array) return "u8";
  const letter =
    data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array ? "i" : "u";
  return `${letter}${data.BYTES_PER_ELEMENT}` as NpyType;
}
