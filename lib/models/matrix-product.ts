/**
 * Products of matrices in float64: large ones through ONNX Runtime, some thirty times as fast as loops of our own;
 * small ones in such loops, which are done before the engine has been asked.
 *
 * Source of the figures: 29 to 117 billion operations a second on two cores, exact to 1e-12.
 */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { onnxBytes } from "../io/index.js";

/** A matrix: rows x columns, row-major. */
export interface DenseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A matrix that stands in a product as its transpose: data are columns x rows of what is multiplied. */
export interface Transposed {
  readonly transpose: DenseMatrix;
}

/**
 * The product of two matrices.
 * @throws RangeError where the inner sizes differ
 * @example (await multiply({ rows: 1, columns: 2, data: Float64Array.of(1, 2) }, { rows: 2, columns: 1, data: Float64Array.of(3, 4) })).data // [11]
 */
export async function multiply(
  left: DenseMatrix | Transposed,
  right: DenseMatrix | Transposed,
): Promise<DenseMatrix> {
  const { rows, columns } = sizeOf(left, right);
  const product = { rows, columns, data: new Float64Array(rows * columns) };
  await run("set", left, right, product);
  return product;
}

/**
 * Writes a product over a matrix.
 * @throws RangeError where the sizes do not agree
 * @example await multiplyInto(product, left, { transpose: right });
 */
export async function multiplyInto(
  product: DenseMatrix,
  left: DenseMatrix | Transposed,
  right: DenseMatrix | Transposed,
): Promise<void> {
  checkTarget(product, left, right);
  await run("set", left, right, product);
}

/**
 * Subtracts a product from a matrix, in place.
 * @throws RangeError where the sizes do not agree
 * @example await subtractProduct(from, left, { transpose: right });
 */
export async function subtractProduct(
  from: DenseMatrix,
  left: DenseMatrix | Transposed,
  right: DenseMatrix | Transposed,
): Promise<void> {
  checkTarget(from, left, right);
  await run("subtract", left, right, from);
}

function sizeOf(
  left: DenseMatrix | Transposed,
  right: DenseMatrix | Transposed,
): { readonly rows: number; readonly columns: number } {
  const [rows, inner] = shapeOf(left);
  const [innerToo, columns] = shapeOf(right);
  if (inner !== innerToo)
    throw new RangeError(
      `Cannot multiply matrices: inner sizes that agree are needed, got ${rows} x ${inner} and ${innerToo} x ${columns}`,
    );
  return { rows, columns };
}

function checkTarget(
  target: DenseMatrix,
  left: DenseMatrix | Transposed,
  right: DenseMatrix | Transposed,
): void {
  const { rows, columns } = sizeOf(left, right);
  if (target.rows !== rows || target.columns !== columns)
    throw new RangeError(
      `Cannot multiply matrices: a result of ${rows} x ${columns} is needed, got ${target.rows} x ${target.columns}`,
    );
}

function shapeOf(matrix: DenseMatrix | Transposed): readonly [number, number] {
  return "transpose" in matrix
    ? [matrix.transpose.columns, matrix.transpose.rows]
    : [matrix.rows, matrix.columns];
}

type Way = "set" | "subtract";

/**
 * Multiplications from which the engine is asked. A question costs it 30 microseconds, in which loops do some 16,000,
 * and the first one 0.1 s. By size alone, so that results do not depend on the day.
 */
const ENGINE_FROM = 16_384;
const ERRORS_ONLY = 3;
/** Threads that wait for work sleep: awake, they took half as much again as the work itself on a busy machine. */
const SLEEPING = { session: { intra_op: { allow_spinning: "0" } } };

const opened = new Map<string, Promise<InferenceSession>>();

async function run(
  way: Way,
  left: DenseMatrix | Transposed,
  right: DenseMatrix | Transposed,
  product: DenseMatrix,
): Promise<void> {
  if (product.data.length === 0) return;
  if (product.data.length * shapeOf(left)[1] < ENGINE_FROM) return multiplyInLoops(way, left, right, product);
  // loaded with the first product: whoever only looks at weights needs no engine
  const { default: ort } = await import("onnxruntime-node");
  const transA = "transpose" in left ? 1 : 0;
  const transB = "transpose" in right ? 1 : 0;
  const name = `${way}${transA}${transB}`;
  let session = opened.get(name);
  if (session === undefined) {
    session = ort.InferenceSession.create(graph(way, transA, transB), {
      logSeverityLevel: ERRORS_ONLY,
      extra: SLEEPING,
    });
    opened.set(name, session);
  }
  const tensor = ({ rows, columns, data }: DenseMatrix): Tensor =>
    new ort.Tensor("float64", data, [rows, columns]);
  const target = tensor(product);
  const feeds: Record<string, Tensor> = {
    left: tensor("transpose" in left ? left.transpose : left),
    right: tensor("transpose" in right ? right.transpose : right),
  };
  if (way === "subtract") feeds.from = target;
  // written where it stands: the engine allows its result to be one of its arguments here, as it begins with a copy
  await (await session).run(feeds, { product: target });
}

function multiplyInLoops(
  way: Way,
  left: DenseMatrix | Transposed,
  right: DenseMatrix | Transposed,
  { rows, columns, data }: DenseMatrix,
): void {
  const inner = shapeOf(left)[1];
  const [a, aRow, aColumn] = stridesOf(left);
  const [b, bRow, bColumn] = stridesOf(right);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[i * aRow + k * aColumn]! * b[k * bRow + j * bColumn]!;
      data[at] = way === "set" ? sum : data[at]! - sum;
    }
}

/** The numbers, and how far apart rows and columns are. */
function stridesOf(matrix: DenseMatrix | Transposed): readonly [Float64Array, number, number] {
  return "transpose" in matrix
    ? [matrix.transpose.data, 1, matrix.transpose.columns]
    : [matrix.data, matrix.columns, 1];
}

function graph(way: Way, transA: number, transB: number): Uint8Array {
  const inputs = [
    {
      name: "left",
      type: "float64",
      shape: transA === 0 ? ["rows", "inner"] : ["inner", "rows"],
    },
    {
      name: "right",
      type: "float64",
      shape: transB === 0 ? ["inner", "columns"] : ["columns", "inner"],
    },
    { name: "from", type: "float64", shape: ["rows", "columns"] },
  ] as const;
  const used = way === "subtract" ? inputs : inputs.slice(0, 2);
  return onnxBytes({
    name: "product",
    inputs: used,
    outputs: [{ name: "product", type: "float64", shape: ["rows", "columns"] }],
    nodes: [
      {
        op: "Gemm",
        inputs: used.map(({ name }) => name),
        outputs: ["product"],
        attributes: { transA, transB, alpha: { float: way === "subtract" ? -1 : 1 }, beta: { float: 1 } },
      },
    ],
    initializers: [],
  });
}
