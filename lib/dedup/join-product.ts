/**
 * Products of whole rows through ONNX Runtime, with the largest of each group of columns.
 *
 * Reading a product in JavaScript takes as long as making it: so the engine looks for the largest of 64 columns, and only
 * where that one is large enough are the 64 read. A tile of 256 x 1,024 stays in a core's own cache. Threads do not spin
 * between calls: other work has the cores then.
 */
import type { InferenceSession } from "onnxruntime-node";
import { type OnnxInitializer, onnxBytes } from "../io/index.js";
import { GROUP_COLUMNS, TILE_COLUMNS, ZERO_POINT } from "./join-quantise.js";

/** Rows of a tile. */
export const TILE_ROWS = 256;

/** Memory of a product, used again by the next. */
export interface Product {
  /** rows x columns */
  readonly products: Int32Array;
  /** rows x groups: the largest product of each. */
  readonly largest: Int32Array;
}

/** Makes products of one width. */
export interface Multiplier {
  /**
   * @param left rows x width, bytes with the zero point
   * @param right width x columns
   * @returns views that the next call overwrites
   */
  multiply(left: Uint8Array, right: Int8Array, columns: number): Promise<Product>;
  close(): Promise<void>;
}

/** Opens a multiplier. */
export async function openMultiplier(width: number): Promise<Multiplier> {
  // loaded with the first product: whoever only looks at pairs needs no engine
  const { default: ort } = await import("onnxruntime-node");
  const session: InferenceSession = await ort.InferenceSession.create(graph(width), {
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  const products = new Int32Array(TILE_ROWS * TILE_COLUMNS);
  const largest = new Int32Array(products.length / GROUP_COLUMNS);
  return {
    async multiply(left, right, columns) {
      const rows = left.length / width;
      const groups = columns / GROUP_COLUMNS;
      const into = {
        products: products.subarray(0, rows * columns),
        largest: largest.subarray(0, rows * groups),
      };
      await session.run(
        {
          left: new ort.Tensor("uint8", left, [rows, width]),
          right: new ort.Tensor("int8", right, [width, columns]),
        },
        {
          products: new ort.Tensor("int32", into.products, [rows, columns]),
          largest: new ort.Tensor("int32", into.largest, [rows, groups]),
        },
      );
      return into;
    },
    close: () => session.release(),
  };
}

function graph(width: number): Uint8Array {
  const whole = (name: string, values: readonly number[]): OnnxInitializer => ({
    name,
    type: "int64",
    shape: [values.length],
    content: { bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) },
  });
  return onnxBytes({
    name: "products of whole rows",
    inputs: [
      { name: "left", type: "uint8", shape: ["rows", width] },
      { name: "right", type: "int8", shape: [width, "columns"] },
    ],
    outputs: [
      { name: "products", type: "int32", shape: ["rows", "columns"] },
      { name: "largest", type: "int32", shape: ["rows", "groups"] },
    ],
    nodes: [
      { op: "MatMulInteger", inputs: ["left", "right", "zero"], outputs: ["products"] },
      { op: "Reshape", inputs: ["products", "grouped"], outputs: ["groupedProducts"] },
      {
        op: "ReduceMax",
        inputs: ["groupedProducts", "last"],
        outputs: ["largest"],
        attributes: { keepdims: 0 },
      },
    ],
    initializers: [
      { name: "zero", type: "uint8", shape: [], content: { bytes: Uint8Array.of(ZERO_POINT) } },
      whole("grouped", [0, -1, GROUP_COLUMNS]),
      whole("last", [2]),
    ],
  });
}
