/** Weights as numbers in memory: for the few that a graph needs in another form than they are stored in. */
import { type TensorFile, widenHalves } from "../io/index.js";

/**
 * Reads a tensor as float32, row-major.
 * @throws TypeError where it does not hold floating-point numbers
 */
export async function readFloats(file: TensorFile, name: string): Promise<Float32Array> {
  const type = file.tensors.get(name)?.type;
  // a buffer of its own, so that numbers of any size are aligned in it
  const { buffer } = await file.read(name);
  switch (type) {
    case "float32":
      return new Float32Array(buffer);
    case "float64":
      return Float32Array.from(new Float64Array(buffer));
    case "bfloat16":
      return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer);
    case "float16":
      return widenHalves(new Uint16Array(buffer));
    default:
      throw new TypeError(`Cannot use ${name}: floating-point numbers are needed, got ${type}`);
  }
}
