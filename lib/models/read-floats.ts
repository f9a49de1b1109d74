/** Weights as numbers in memory: for the few that a graph needs in another form than they are stored in. */
import type { TensorFile } from "../io/index.js";

/**
 * Reads a tensor as float32, row-major.
 * @throws TypeError where it does not hold floating-point numbers
 */
export async function readFloats(file: TensorFile, name: string): Promise<Float32Array> {
  const bytes = await file.read(name);
  const type = file.tensors.get(name)?.type;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case "float32":
      return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
    case "float64":
      return Float32Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
    case "bfloat16":
      return Float32Array.from(
        new Float32Array(
          Uint32Array.from({ length: bytes.length / 2 }, (_, i) => view.getUint16(2 * i, true) << 16).buffer,
        ),
      );
    case "float16":
      return Float32Array.from({ length: bytes.length / 2 }, (_, i) =>
        halfToNumber(view.getUint16(2 * i, true)),
      );
    default:
      throw new TypeError(`Cannot use ${name}: floating-point numbers are needed, got ${type}`);
  }
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
