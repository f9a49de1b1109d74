/**
 * Elements of numpy arrays: little-endian bytes as typed arrays and strings, and the other way round.
 *
 * float16 is widened to float32, which loses nothing; 64-bit integers stay integers (BigInt64Array), so that no shard
 * or seed is rounded.
 */
import { widenHalves } from "./half-float.js";
import { itemBytes, type NpyData, type NpyType } from "./npy-dtype.js";
import { decodeText } from "./npy-text.js";

/**
 * Bytes as elements.
 * @param bytes little-endian; a view is given where they are aligned and the type allows it
 * @param name what messages call the array
 * @throws RangeError where text holds a number that is no character, SyntaxError where bytes are no UTF-8
 */
export function decodeItems(bytes: Uint8Array, dtype: NpyType, name: string): NpyData {
  if (dtype.startsWith("U") || dtype.startsWith("S")) return decodeText(bytes, dtype, name);
  const size = itemBytes(dtype);
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const over = [aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / size] as const;
  switch (dtype) {
    case "f2":
      return widenHalves(new Uint16Array(...over));
    case "f4":
      return new Float32Array(...over);
    case "f8":
      return new Float64Array(...over);
    case "i1":
      return new Int8Array(...over);
    case "i2":
      return new Int16Array(...over);
    case "i4":
      return new Int32Array(...over);
    case "i8":
      return new BigInt64Array(...over);
    case "u2":
      return new Uint16Array(...over);
    case "u4":
      return new Uint32Array(...over);
    case "u8":
      return new BigUint64Array(...over);
    default:
      return new Uint8Array(...over);
  }
}

/** Turns the byte order of every element around, in place. */
export function swapBytes(bytes: Uint8Array, dtype: NpyType): void {
  const size = dtype.startsWith("U") ? 4 : dtype.startsWith("S") ? 1 : itemBytes(dtype);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}
