/** A memory of WebAssembly that matrices lie in, and the loops of matrix-loops.ts on it. */
import { matrixModule } from "./matrix-loops.js";

/** The loops on a memory of their own; arguments are places and sizes in bytes. */
export interface MatrixLoops {
  /** p += A v for rows from `row` to `rowEnd` of a symmetric A, the first of which stands at `a`. */
  symmetricTimes(a: number, stride: number, row: number, rowEnd: number, v: number, p: number): void;
  /** sums[i] = x[i] . v */
  dots(x: number, stride: number, v: number, bytes: number, sums: number, sumsEnd: number): void;
  /** p += sum of c[i] x[i] */
  addRows(x: number, stride: number, p: number, bytes: number, c: number, cEnd: number): void;
  /** From row x up: (row before, row) := (c before - s row, s before + c row) for each c, s of turns. */
  turnRows(x: number, stride: number, bytes: number, turns: number, turnsEnd: number): void;
}

/** A memory for numbers, of which pieces are taken one after the other, and the loops on it. */
export interface MatrixMemory {
  readonly loops: MatrixLoops;
  /** Zeros; their place in bytes is their byteOffset. */
  take(count: number): Float64Array;
}

const PAGE_BYTES = 65_536;
/** What a piece may lose to its alignment, in numbers. */
const ALIGNED = 8;

let compiled: WebAssembly.Module | undefined;

/**
 * A memory for some pieces of so many numbers in all.
 * @throws RangeError where they are more than 4 GiB
 */
export function matrixMemory(count: number, pieces: number): MatrixMemory {
  const bytes = 8 * (count + ALIGNED * pieces);
  if (bytes > 2 ** 32)
    throw new RangeError(`Cannot reduce a matrix: at most 4 GiB are possible, got ${bytes} bytes`);
  const memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE_BYTES)) });
  compiled ??= new WebAssembly.Module(new Uint8Array(matrixModule()));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  let taken = 0;
  return {
    loops: exports as unknown as MatrixLoops,
    take(wanted) {
      const piece = new Float64Array(memory.buffer, 8 * taken, wanted);
      taken += Math.ceil(wanted / ALIGNED) * ALIGNED;
      return piece;
    },
  };
}
