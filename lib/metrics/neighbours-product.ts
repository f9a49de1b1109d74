/**
 * Products of tiles of rows, through ONNX Runtime: column norms - 2 a.b, a row of the result for each row of `left`.
 *
 * One Gemm writes into memory that is there already. Threads do not spin between calls: other work has the cores then.
 */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { onnxBytes } from "../io/index.js";

/** Numbers that a product is made in. */
export type ProductType = "float32" | "float64";

/** Memory of a product's numbers. */
export type ProductNumbers = Float32Array | Float64Array;

/** A product that is to be made. */
export interface TileProduct {
  readonly width: number;
  /** rows x width */
  readonly left: ProductNumbers;
  /** columns x width */
  readonly right: ProductNumbers;
  /** A number for each column. */
  readonly columns: ProductNumbers;
  /** Where rows x columns numbers go: columns[j] - 2 left[i].right[j]. */
  readonly into: ProductNumbers;
}

/** Makes products, one after the other. */
export type Multiplier = (product: TileProduct) => Promise<void>;

const opened = new Map<ProductType, Promise<Multiplier>>();

/** A multiplier of one type; all arrays that it is given must be of this type. */
export function multiplier(type: ProductType): Promise<Multiplier> {
  const open = opened.get(type) ?? openMultiplier(type);
  opened.set(type, open);
  return open;
}

async function openMultiplier(type: ProductType): Promise<Multiplier> {
  // loaded with the first product: whoever only looks at what is there needs no engine
  const { default: ort } = await import("onnxruntime-node");
  const session: InferenceSession = await ort.InferenceSession.create(graph(type), {
    logSeverityLevel: 3,
    enableCpuMemArena: false,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  const tensor = (data: ProductNumbers, shape: readonly number[]): Tensor =>
    new ort.Tensor(type, data, shape);
  return async ({ width, left, right, columns, into }) => {
    const rows = left.length / width;
    await session.run(
      {
        left: tensor(left, [rows, width]),
        right: tensor(right, [columns.length, width]),
        columns: tensor(columns, [columns.length]),
      },
      { product: tensor(into.subarray(0, rows * columns.length), [rows, columns.length]) },
    );
  };
}

function graph(type: ProductType): Uint8Array {
  return onnxBytes({
    name: "products of rows",
    inputs: [
      { name: "left", type, shape: ["rows", "width"] },
      { name: "right", type, shape: ["count", "width"] },
      { name: "columns", type, shape: ["count"] },
    ],
    outputs: [{ name: "product", type, shape: ["rows", "count"] }],
    nodes: [
      {
        op: "Gemm",
        inputs: ["left", "right", "columns"],
        outputs: ["product"],
        attributes: { alpha: { float: -2 }, transB: 1 },
      },
    ],
    initializers: [],
  });
}
