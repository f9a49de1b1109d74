/** Where a join's rows come from: memory, or a file that is read a block at a time. */
import type { FeaturePrefix, FeatureRows } from "../features/index.js";
import { type ByteSource, type NpyFile, openFileSource, openNpy, openNpz } from "../io/index.js";

/** Rows that can be read from any place on. */
export interface RowSource {
  /** What messages call it. */
  readonly name: string;
  readonly count: number;
  readonly width: number;
  /** `count` rows from `first` on, row-major; the caller does not change them. */
  read(first: number, count: number): Promise<Float32Array | Float64Array>;
}

/** Rows of a file, until it is closed. */
export interface RowFile extends RowSource {
  close(): Promise<void>;
}

/** Rows that are in memory. */
export function rowsInMemory({ data, count, width }: FeatureRows): RowSource {
  if (data.length !== count * width)
    throw new RangeError(`Cannot use rows: ${count} x ${width} numbers are needed, got ${data.length}`);
  return {
    ...{ name: "rows in memory", count, width },
    read: async (first, rows) => data.subarray(first * width, (first + rows) * width),
  };
}

/**
 * Opens the rows of an .npy (N x D, float32 or float64), or of an .npz as `features` writes it; nothing but headers is
 * read.
 * @param prefix which rows of an .npz with several
 * @throws TypeError where there are no such rows, or not of such numbers
 * @example
 * const rows = await openRows("pool.npz", "sscd"); // { count: 273, width: 512 }
 * const { pairs } = await similarityJoin(rows, { threshold: 0.9 });
 * await rows.close();
 */
export async function openRows(path: string, prefix: FeaturePrefix = "sscd"): Promise<RowFile> {
  const source = await openFileSource(path);
  try {
    if (!path.endsWith(".npz")) return rowFile(await openNpy(source), () => source.close());
    const npz = await openNpz(source);
    const name = `${prefix}_embeddings`;
    if (!npz.entries.has(name))
      throw new TypeError(`Cannot open rows of ${path}: an array ${name} is needed, got none`);
    return rowFile(await npz.open(name), () => closeBoth(npz, source));
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function closeBoth(npz: { close(): Promise<void> }, source: ByteSource): Promise<void> {
  try {
    await npz.close();
  } finally {
    await source.close();
  }
}

function rowFile(array: NpyFile, close: () => Promise<void>): RowFile {
  const { name, dtype, shape } = array;
  if (shape.length !== 2 || (dtype !== "f4" && dtype !== "f8"))
    throw new TypeError(
      `Cannot open rows of ${name}: float32 or float64 on 2 axes is needed, got ${dtype} on ${shape.length}`,
    );
  const [count = 0, width = 0] = shape;
  return {
    ...{ name, count, width, close },
    read: async (first, rows) => (await array.readRows(first, rows)) as Float32Array | Float64Array,
  };
}
