/** The arrays of features in a file, whatever it is: .npz of a toolkit, or one array alone in an .npy. */
import { crc32 } from "node:zlib";
import { type ByteSource, type NpyFile, openNpy, openNpz } from "../io/index.js";
import type { FeaturePrefix } from "./feature-set.js";
import type { ArrayChecksums } from "./provenance.js";
import { type FeatureNames, featureNames } from "./toolkit-names.js";

/** The arrays of one encoder that are open. */
export interface FeatureArrays {
  readonly names: Pick<FeatureNames, "toolkit" | "prefix">;
  readonly mean?: NpyFile | undefined;
  readonly covariance?: NpyFile | undefined;
  readonly rows?: NpyFile | undefined;
  readonly keys?: NpyFile | undefined;
  readonly shards?: NpyFile | undefined;
  /** Of every array in the file, read or not. */
  checksums(): Promise<ArrayChecksums>;
  close(): Promise<void>;
}

/**
 * Opens the arrays of features.
 * @param source stays the caller's to close
 * @throws TypeError where it is a pickle, and as `openNpz`, `openNpy` and `featureNames` do
 */
export async function openFeatureArrays(
  source: ByteSource,
  prefix: FeaturePrefix | undefined,
): Promise<FeatureArrays> {
  const [first] = source.length === 0 ? [] : await source.read(0, 1);
  if (first === 0x80)
    throw new TypeError(
      `Cannot read features of ${source.name}: .npz or .npy is needed, got a pickle, which could run code; ` +
        "save it again with np.savez(path, mu=mu, sigma=sigma)",
    );
  if (first === 0x93) {
    if (prefix !== undefined) featureNames(["rows without a name"], prefix, source.name);
    return {
      names: { toolkit: "rows" },
      rows: await openNpy(source),
      checksums: async () => ({ "": hex(await sumOf(source)) }),
      async close(): Promise<void> {},
    };
  }
  const npz = await openNpz(source);
  const names = featureNames([...npz.entries.keys()], prefix, source.name);
  const array = async (name: string | undefined) => (name === undefined ? undefined : npz.open(name));
  return {
    names,
    mean: await array(names.mean),
    covariance: await array(names.covariance),
    rows: await array(names.rows),
    keys: await array(names.keys),
    shards: await array(names.shards),
    checksums: async () =>
      Object.fromEntries([...npz.entries].map(([name, entry]) => [name, hex(entry.crc32)])),
    close: () => npz.close(),
  };
}

async function sumOf(source: ByteSource): Promise<number> {
  const block = 4 * 1024 * 1024;
  let sum = 0;
  for (let at = 0; at < source.length; at += block)
    sum = crc32(await source.read(at, Math.min(block, source.length - at)), sum);
  return sum;
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}
