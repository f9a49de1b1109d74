/** The captions that a pool brings along, in a table beside its shards. */
import { readTable } from "./read-table.js";

/** A caption as a table has it. */
export interface PoolCaption {
  readonly caption_type: string;
  readonly caption: string;
}

/**
 * Reads a table of captions.
 * @param path of a .csv or .parquet with columns key, caption_type, caption, such as `gpic-lab caption --out` writes
 * @returns by key
 * @throws TypeError for another end; Error where it cannot be read, lacks a column, or has a key twice
 * @example (await readCaptions("data/sample/pool/captions.csv")).size // 155
 */
export async function readCaptions(path: string): Promise<Map<string, PoolCaption>> {
  if (!/\.(?:csv|parquet)$/.test(path))
    throw new TypeError(`Cannot read captions: a .csv or .parquet is needed, got ${path}`);
  const captions = new Map<string, PoolCaption>();
  for (const { key, caption_type: type, caption } of await readTable(path, [
    "key",
    "caption_type",
    "caption",
  ])) {
    if (captions.has(String(key)))
      throw new Error(
        `Cannot read captions of ${path}: one for each key is needed, got two for ${JSON.stringify(key)}`,
      );
    captions.set(String(key), { caption_type: String(type ?? ""), caption: String(caption ?? "") });
  }
  return captions;
}
