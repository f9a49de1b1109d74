/** The manifest of a release: what it was made of, by which choices, what went at each stage, and the hash of each file. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Split } from "../corpus/index.js";
import { hashFile, readJsonFile, writeDurably } from "../io/index.js";
import type { CurationRow } from "./funnel.js";
import type { CurationRecipe } from "./recipe.js";

/** Its name in the folder of a release. */
export const MANIFEST_FILE = "manifest.json";
const FORMAT = "gpic-lab release";

/** A file of the release. */
export interface WrittenFile {
  /** "train/gpic_train_00000.tar", "decisions/licences.parquet" */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A shard of it. */
export interface WrittenShard extends WrittenFile {
  readonly images: number;
}

/** One split of it. */
export interface WrittenSplit {
  readonly images: number;
  /** What the recipe asks for; more than there are where groups of near copies did not fit. */
  readonly wanted: number;
  readonly shards: number;
}

/** What `manifest.json` says. */
export interface Manifest {
  readonly format: typeof FORMAT;
  /** Of gpic-lab. */
  readonly version: string;
  /** SHA-256 of all that the release depends on: the pool's bytes, recipe, captions, models with their questions, version. */
  readonly inputs: string;
  readonly pool: {
    readonly name: string;
    /** Of its shards' names and hashes. */
    readonly sha256: string;
    /** With those that cannot be had. */
    readonly images: number;
    /** All that is wrong in its shards: rows of decisions/problems.parquet. */
    readonly problems: number;
  };
  readonly models: {
    /** What made the descriptors. */
    readonly descriptors: string;
    /** What judged and wrote captions; null where measures judged quality, nobody safety, and captions are the pool's. */
    readonly judge: string | null;
  };
  readonly recipe: CurationRecipe;
  readonly funnel: readonly CurationRow[];
  readonly splits: { readonly [split in Split]: WrittenSplit };
  /** Images that the model gave no answer about, and may give one when the same call is made again. */
  readonly owed: number;
  readonly decisions: readonly WrittenFile[];
  readonly shards: readonly WrittenShard[];
}

/** Begins a manifest. */
export function manifestOf(parts: Omit<Manifest, "format">): Manifest {
  return { format: FORMAT, ...parts };
}

/** Reads a folder's manifest; undefined where it has none, or one of another program. */
export async function readManifest(out: string): Promise<Manifest | undefined> {
  const manifest = await readJsonFile<Partial<Manifest> | null>(join(out, MANIFEST_FILE));
  const isOurs =
    manifest?.format === FORMAT && Array.isArray(manifest.shards) && Array.isArray(manifest.decisions);
  return isOurs ? (manifest as Manifest) : undefined;
}

/** Writes it, last of all: where it lies, the release is whole. */
export async function writeManifest(out: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(out, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A file of the release as it is on the disk. */
export async function writtenFile(out: string, name: string): Promise<WrittenFile> {
  return { name, ...(await hashFile(join(out, name))) };
}

/** Whether every file that a manifest names is there with its bytes; reads them all. */
export async function isWhole(
  out: string,
  { shards, decisions }: Pick<Manifest, "shards" | "decisions">,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const { name, sha256 } of [...decisions, ...shards]) {
    signal?.throwIfAborted();
    const path = join(out, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere || (await hashFile(path, { signal })).sha256 !== sha256) return false;
  }
  return true;
}
