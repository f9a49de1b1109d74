/**
 * Writes features as the toolkits read them, the same bytes for the same features, and where they come from beside them.
 *
 * gpic-eval: {dino,inception,sscd}_embeddings, _mu, _sigma, key, tar_idx. pytorch-fid (clean-fid's is the same): mu,
 * sigma. dgm-eval: reps. A path that ends in .npy: the rows alone.
 */
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import {
  type NpyStream,
  type NpzArray,
  npyPieces,
  openFileSource,
  replaceFile,
  writeNpz,
} from "../io/index.js";
import { checkFinite } from "./feature-file-check.js";
import type { FeatureMoments, FeatureRows, FeatureSet } from "./feature-set.js";
import { featureMoments } from "./feature-set.js";
import { Moments } from "./moments.js";
import { writeProvenance } from "./provenance.js";
import { openFeatureArrays } from "./toolkit-arrays.js";
import type { FeatureToolkit } from "./toolkit-names.js";

/** Rows that come one block after the other. */
export interface FeatureRowStream {
  readonly count: number;
  readonly width: number;
  /** Blocks of whole rows, count x width numbers in all; taken once. */
  readonly blocks: AsyncIterable<Float32Array> | Iterable<Float32Array>;
}

/** Features on their way into a file. */
export interface FeaturesToWrite extends Omit<FeatureSet, "rows"> {
  readonly rows?: FeatureRows | FeatureRowStream | undefined;
}

/** How features are written. */
export interface WriteFeaturesOptions {
  /** "rows": rows where there are any, and moments (the default); "moments": mean and covariance alone. */
  readonly keep?: "rows" | "moments" | undefined;
  /** Whose names the arrays get; "gpic-eval" where it is left out. */
  readonly toolkit?: Exclude<FeatureToolkit, "clean-fid KID" | "rows"> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a file of features; moments that are not there are computed from the rows as they pass by, unless there is one
 * row alone.
 * @param path ends in .npz, or in .npy for the rows alone
 * @throws RangeError where rows, moments, keys and shards do not fit together, a number is not finite, or something
 *   that the form needs is not there
 * @example await writeFeatures("F.npz", { prefix: "dino", rows: { data, count: 5000, width: 1024 }, keys });
 */
export async function writeFeatures(
  path: string,
  features: FeaturesToWrite,
  options: WriteFeaturesOptions = {},
): Promise<void> {
  const { keep = "rows", toolkit = "gpic-eval", signal } = options;
  check(path, features, keep, toolkit);
  if (path.endsWith(".npy")) await writeRows(path, features.rows!, signal);
  else await writeNpz(path, arraysOf(path, features, keep, toolkit), { signal });
  if (features.provenance === undefined) return;
  const source = await openFileSource(path);
  try {
    const arrays = await openFeatureArrays(source, undefined);
    await writeProvenance(path, features.provenance, await arrays.checksums());
  } finally {
    await source.close();
  }
}

function check(path: string, features: FeaturesToWrite, keep: "rows" | "moments", toolkit: string): void {
  const { prefix, rows, moments, keys, shards, provenance } = features;
  const wrong = (needed: string, got: string): RangeError =>
    new RangeError(`Cannot write features to ${path}: ${needed} needed, got ${got}`);
  const isNpy = path.endsWith(".npy");
  if (!isNpy && !path.endsWith(".npz")) throw wrong("a name that ends in .npz or .npy is", "another");
  if (rows === undefined && moments === undefined) throw wrong("rows or moments are", "neither");
  if (rows === undefined && (isNpy || toolkit === "dgm-eval"))
    throw wrong("rows are", "mean and covariance alone");
  if (keep === "moments" && (isNpy || toolkit === "dgm-eval")) throw wrong("keep: rows is", "keep: moments");
  if (!isNpy && toolkit === "gpic-eval" && prefix === undefined)
    throw wrong("a prefix (dino, inception or sscd) is", "none");
  if (rows !== undefined && "data" in rows && rows.data.length !== rows.count * rows.width)
    throw wrong(`${rows.count} x ${rows.width} numbers are`, String(rows.data.length));
  const width = rows?.width ?? moments!.mean.length;
  if (moments !== undefined && (moments.mean.length !== width || moments.covariance.length !== width * width))
    throw wrong(
      `moments of ${width} columns are`,
      `${moments.mean.length} and ${moments.covariance.length} numbers`,
    );
  const count = rows?.count ?? keys?.length ?? shards?.length;
  for (const list of [keys, shards])
    if (list !== undefined && list.length !== count)
      throw wrong(`${count} keys and shards are`, String(list.length));
  const counted = moments?.count ?? rows?.count;
  if (provenance !== undefined && counted !== undefined && provenance.images.counted !== counted)
    throw wrong(`a provenance of ${counted} images is`, String(provenance.images.counted));
}

async function* arraysOf(
  path: string,
  { prefix, rows, moments, keys, shards }: FeaturesToWrite,
  keep: "rows" | "moments",
  toolkit: string,
): AsyncGenerator<NpzArray, void, undefined> {
  const isGpic = toolkit === "gpic-eval";
  const isKept = rows !== undefined && keep === "rows" && toolkit !== "pytorch-fid";
  // a single row has no covariance: its file holds the row alone
  const isOne = moments === undefined && isKept && rows.count === 1;
  const hasMoments = toolkit !== "dgm-eval" && !isOne;
  const needsMoments = hasMoments && moments === undefined;
  const made = needsMoments ? Moments.of(rows!.width) : undefined;
  if (isKept) yield { name: isGpic ? `${prefix}_embeddings` : "reps", ...rowStream(path, rows, made) };
  else if (made !== undefined)
    for await (const block of blocksOf(path, rows!)) await made.addRows(block, block.length / rows!.width);
  await made?.settle();
  if (hasMoments) {
    const { mean, covariance }: FeatureMoments = moments ?? featureMoments(made!);
    const width = mean.length;
    yield { name: isGpic ? `${prefix}_mu` : "mu", data: mean };
    yield { name: isGpic ? `${prefix}_sigma` : "sigma", data: covariance, shape: [width, width] };
  }
  if (!isGpic) return;
  if (keys !== undefined) yield { name: "key", data: [...keys] };
  if (shards !== undefined) yield { name: "tar_idx", data: shardNumbers(shards) };
}

function shardNumbers(shards: readonly string[] | readonly number[]): string[] | BigInt64Array {
  const isText = (list: typeof shards): list is readonly string[] => typeof list[0] === "string";
  return isText(shards) ? [...shards] : BigInt64Array.from(shards, BigInt);
}

async function writeRows(
  path: string,
  rows: FeatureRows | FeatureRowStream,
  signal: AbortSignal | undefined,
): Promise<void> {
  await replaceFile(path, async (beside) => {
    const file = await open(beside, "wx");
    await pipeline(npyPieces(rowStream(path, rows, undefined)), file.createWriteStream(), { signal });
  });
}

/** The rows as an array whose pieces are counted into moments as they pass. */
function rowStream(path: string, rows: FeatureRows | FeatureRowStream, made: Moments | undefined): NpyStream {
  const { count, width } = rows;
  async function* chunks(): AsyncGenerator<Float32Array | Float64Array, void, undefined> {
    for await (const block of blocksOf(path, rows)) {
      await made?.addRows(block, block.length / width);
      yield block;
    }
  }
  const dtype = "data" in rows && rows.data instanceof Float64Array ? "f8" : "f4";
  return { dtype, shape: [count, width], chunks: chunks() };
}

async function* blocksOf(
  path: string,
  rows: FeatureRows | FeatureRowStream,
): AsyncGenerator<Float32Array | Float64Array, void, undefined> {
  const { count, width } = rows;
  let done = 0;
  for await (const block of "data" in rows ? [rows.data] : rows.blocks) {
    if (block.length % width !== 0)
      throw new RangeError(
        `Cannot write features to ${path}: whole rows of ${width} numbers are needed, got ${block.length}`,
      );
    await checkFinite(block, width, done, `write features to ${path}`);
    done += block.length / width;
    if (done > count) break;
    if (block.length > 0) yield block;
  }
  if (done !== count)
    throw new RangeError(
      `Cannot write features to ${path}: ${count} rows are needed, got ${done > count ? "more" : done}`,
    );
}
