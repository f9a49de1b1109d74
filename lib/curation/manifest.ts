/** The manifest of a release: what it was made of, by which choices, what went at each stage, and the hash of each shard. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Split } from "../corpus/index.js";
import { writeDurably } from "../io/index.js";
import type { CurationRow } from "./funnel.js";
import type { CurationRecipe } from "./recipe.js";

const NAME = "manifest.json";
const FORMAT = "gpic-lab release";

/** A shard that is written. */
export interface WrittenShard {
  /** "train/gpic_train_00000.tar" */
  readonly name: string;
  readonly images: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What `manifest.json` says. */
export interface Manifest {
  readonly format: typeof FORMAT;
  /** Of gpic-lab. */
  readonly version: string;
  /** SHA-256 of all that the release depends on: pool, recipe, captions, models, version. */
  readonly inputs: string;
  readonly pool: { readonly name: string; readonly sha256: string; readonly images: number };
  readonly models: {
    /** What made the descriptors. */
    readonly descriptors: string;
    /** What judged and wrote captions; null where measures judged quality, nobody safety, and captions are the pool's. */
    readonly judge: string | null;
  };
  readonly recipe: CurationRecipe;
  readonly funnel: readonly CurationRow[];
  readonly splits: { readonly [split in Split]: { readonly images: number; readonly shards: number } };
  /** Images that the model gave no answer about, and may give one when the same call is made again. */
  readonly owed: number;
  readonly shards: readonly WrittenShard[];
}

/** Begins a manifest. */
export function manifestOf(parts: Omit<Manifest, "format">): Manifest {
  return { format: FORMAT, ...parts };
}

/** Reads a folder's manifest; undefined where it has none. */
export async function readManifest(out: string): Promise<Manifest | undefined> {
  const manifest = await readJson<Manifest>(join(out, NAME));
  return manifest?.format === FORMAT ? manifest : undefined;
}

/** Writes it, last of all: where it lies, the release is whole. */
export async function writeManifest(out: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(out, NAME), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Whether every shard that a manifest names is there with its length. */
export async function hasShards(out: string, { shards }: Pick<Manifest, "shards">): Promise<boolean> {
  for (const { name, bytes } of shards) {
    const found = await stat(join(out, name)).catch(() => undefined);
    if (found?.size !== bytes) return false;
  }
  return true;
}

/** A file of JSON; undefined where it is not there or is none. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
