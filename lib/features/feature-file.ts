/**
 * Reads features as the toolkits write them: .npz of gpic-eval, pytorch-fid, clean-fid or dgm-eval, or an .npy of rows.
 *
 * Which it is, is told by the names of the arrays. What a file does not say (from how many images its moments are, who
 * made it) is not guessed: it stands in the notes.
 */
import { type ByteSource, type NpyData, type NpyFile, openFileSource } from "../io/index.js";
import { checkFinite, checkMoments, checkSizes } from "./feature-file-check.js";
import type { FeatureMoments, FeaturePrefix, FeatureRows } from "./feature-set.js";
import { type ArrayChecksums, type Provenance, readProvenance } from "./provenance.js";
import { type FeatureArrays, openFeatureArrays } from "./toolkit-arrays.js";
import type { FeatureToolkit } from "./toolkit-names.js";

/** A file of features that is open. */
export interface FeatureFile {
  readonly path: string;
  readonly toolkit: FeatureToolkit;
  readonly prefix: FeaturePrefix | undefined;
  /** Features of one image. */
  readonly width: number;
  /** Rows; undefined where the file has only moments. */
  readonly rowCount: number | undefined;
  /** Whether mean and covariance are in the file. */
  readonly hasMoments: boolean;
  readonly provenance: Provenance | undefined;
  /** What the file does not say, and what looks odd, a sentence each. */
  readonly notes: readonly string[];
  /**
   * The rows, some at a time.
   * @param rows of a block; 2,048 where it is left out
   * @throws RangeError where the file has none, or a number is not finite
   */
  rowBlocks(rows?: number): AsyncGenerator<Float32Array | Float64Array, void, undefined>;
  /** All rows; undefined where the file has none. */
  rows(): Promise<FeatureRows | undefined>;
  /** Mean and covariance as the file has them; undefined where it has none. */
  moments(): Promise<FeatureMoments | undefined>;
  keys(): Promise<string[] | undefined>;
  shards(): Promise<string[] | number[] | undefined>;
  close(): Promise<void>;
}

/** Which features of a file are meant. */
export interface FeatureFileOptions {
  /** The encoder, where the file has several. */
  readonly prefix?: FeaturePrefix | undefined;
}

const BLOCK_ROWS = 2048;

/**
 * Opens a file of features; sizes are checked, and no more than headers read.
 * @throws SyntaxError or ZipError where it is no such file, TypeError where its arrays are no numbers, RangeError where
 *   they do not fit together
 * @example
 * const file = await openFeatures("test_stats.npz"); // file.width: 1024, file.rowCount: 50000
 * for await (const rows of file.rowBlocks()) moments.add(rows, rows.length / file.width);
 */
export async function openFeatures(path: string, options: FeatureFileOptions = {}): Promise<FeatureFile> {
  const source = await openFileSource(path);
  try {
    return await featureFile(source, await openFeatureArrays(source, options.prefix));
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function featureFile(source: ByteSource, arrays: FeatureArrays): Promise<FeatureFile> {
  const path = source.name;
  const { names, mean, covariance, rows, keys, shards } = arrays;
  // moments alone may come with the keys of whatever they are of
  const listed = rows === undefined ? {} : { keys: keys?.shape, shards: shards?.shape };
  const sizes = { rows: rows?.shape, mean: mean?.shape, covariance: covariance?.shape, ...listed };
  const { width, notes } = checkSizes(sizes, path);
  for (const array of [mean, covariance, rows]) if (array !== undefined) checkReal(array);
  if (rows?.dtype === "f2") notes.push("the rows are float16: three digits each");
  const provenance = await provenanceOf(path, arrays.checksums, notes);
  if (mean !== undefined && provenance === undefined)
    notes.push("the file does not say from how many images its mean and covariance are");
  if (rows !== undefined && keys === undefined) notes.push("the file does not name the images of its rows");

  async function* rowBlocks(
    count: number = BLOCK_ROWS,
  ): AsyncGenerator<Float32Array | Float64Array, void, undefined> {
    if (rows === undefined)
      throw new RangeError(`Cannot read rows of ${path}: rows are needed, got a file of mean and covariance`);
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(`Cannot read rows of ${path}: at least 1 row at a time is needed, got ${count}`);
    const all = rows.shape[0]!;
    for (let from = 0; from < all; from += count) {
      const block = (await rows.readRows(from, Math.min(count, all - from))) as Float32Array | Float64Array;
      await checkFinite(
        block,
        width,
        from,
        `read features of ${path}`,
        async (row) => (await keyList())?.[row],
      );
      yield block;
    }
  }

  async function keyList(): Promise<string[] | undefined> {
    const list = await keys?.readAll();
    if (list === undefined || isTextList(list)) return list;
    throw new TypeError(`Cannot read the keys of ${path}: text is needed, got ${keys!.dtype}`);
  }

  return {
    ...{ path, toolkit: names.toolkit, prefix: names.prefix, width, provenance, notes },
    rowCount: rows?.shape[0],
    hasMoments: mean !== undefined,
    rowBlocks,
    async rows(): Promise<FeatureRows | undefined> {
      if (rows === undefined) return undefined;
      const count = rows.shape[0]!;
      const data = rows.dtype === "f8" ? new Float64Array(count * width) : new Float32Array(count * width);
      let at = 0;
      for await (const block of rowBlocks()) {
        data.set(block, at);
        at += block.length;
      }
      return { data, count, width };
    },
    async moments(): Promise<FeatureMoments | undefined> {
      if (mean === undefined || covariance === undefined) return undefined;
      const moments = {
        count: provenance?.images.counted,
        mean: Float64Array.from((await mean.readAll()) as Float64Array),
        covariance: Float64Array.from((await covariance.readAll()) as Float64Array),
      };
      await checkMoments(moments, path);
      return moments;
    },
    keys: keyList,
    shards: async () => shardList(await shards?.readAll(), path),
    async close(): Promise<void> {
      await arrays.close();
      await source.close();
    },
  };
}

function checkReal({ name, dtype }: NpyFile): void {
  if (!/^f[248]$/.test(dtype))
    throw new TypeError(
      `Cannot read features of ${name}: real numbers (f2, f4, f8) are needed, got ${dtype}`,
    );
}

function shardList(list: NpyData | undefined, path: string): string[] | number[] | undefined {
  if (list === undefined || isTextList(list)) return list;
  const numbers = Array.from(list as ArrayLike<number | bigint>, Number);
  if (numbers.every((shard) => Number.isSafeInteger(shard))) return numbers;
  throw new TypeError(
    `Cannot read the shards (tar_idx) of ${path}: text or whole numbers are needed, got others`,
  );
}

function isTextList(list: NpyData): list is string[] {
  return Array.isArray(list);
}

async function provenanceOf(
  path: string,
  checksums: () => Promise<ArrayChecksums>,
  notes: string[],
): Promise<Provenance | undefined> {
  try {
    const provenance = await readProvenance(path, checksums);
    if (provenance === undefined)
      notes.push("nothing beside the file says what made it: which preparation, which encoder");
    return provenance;
  } catch (error) {
    notes.push((error as Error).message);
    return undefined;
  }
}
