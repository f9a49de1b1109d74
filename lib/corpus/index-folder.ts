/**
 * How an index lies in its folder.
 *
 *     index.json            which corpus, which shards
 *     parts/NAME.json       one a shard that is indexed: what it was made of, its files; written last
 *     images/NAME.parquet   its rows of `images` (NAME.1.parquet and so on behind it where a shard is huge)
 *     problems/NAME.parquet its rows of `problems`, where there are any
 *     claims/               who works on which shard at the moment
 *
 * A part counts where its record is there; files without one are what a killed process left, and the next one that
 * builds the part writes over them.
 */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readJsonFile, syncFolder, writeDurably } from "../io/index.js";
import type { CorpusIdentity } from "./identity.js";
import type { Split } from "./image-record.js";
import { INDEX_BUILDER_VERSION } from "./index-columns.js";

const FORMAT = "gpic-lab index";

/** A shard as the index knows it. */
export interface IndexedShard {
  readonly name: string;
  readonly sizeBytes: number;
  readonly split?: Split;
  readonly number?: number;
  /** When the file was changed last, in milliseconds since 1970; absent where it is no local file. */
  readonly modifiedMs?: number;
  /** Of the whole shard, where it is known. */
  readonly sha256?: string;
}

/** What index.json holds. */
export interface IndexManifest {
  readonly format: typeof FORMAT;
  readonly builder: number;
  /** What `openCorpus` takes; an absolute path where the corpus is local. */
  readonly corpus: string;
  readonly dataset: CorpusIdentity["dataset"];
  readonly revision?: string;
  /** In the order of the corpus. */
  readonly shards: readonly IndexedShard[];
}

/** What parts/NAME.json holds. */
export interface PartRecord {
  readonly builder: number;
  readonly shard: IndexedShard;
  /** Whether the pictures were hashed. */
  readonly hashed: boolean;
  readonly images: number;
  readonly problems: number;
  /** Files below the index' folder, with slashes. */
  readonly imageFiles: readonly string[];
  readonly problemFiles: readonly string[];
}

/** The name of a shard's part: "gpic_train_00000" for the release's names, otherwise what is safe of it and a hash. */
export function partName(shard: string): string {
  const release = /^(train|val|test)\/(gpic_\1_\d{5})\.tar$/.exec(shard)?.[2];
  if (release !== undefined) return release;
  const safe = shard.replace(/\.tar$/i, "").replace(/[^A-Za-z0-9_-]+/g, "_");
  return `${safe.slice(-80)}-${createHash("sha256").update(shard).digest("hex").slice(0, 16)}`;
}

/** Whether a part is what would be built now. */
export function isCurrent(part: PartRecord | undefined, shard: IndexedShard, hash: boolean): boolean {
  if (part === undefined || part.builder !== INDEX_BUILDER_VERSION || (hash && !part.hashed)) return false;
  const same = (name: "modifiedMs" | "sha256") =>
    part.shard[name] === undefined || shard[name] === undefined || part.shard[name] === shard[name];
  return (
    part.shard.name === shard.name &&
    part.shard.sizeBytes === shard.sizeBytes &&
    same("modifiedMs") &&
    same("sha256")
  );
}

/**
 * The manifest of a folder; undefined where the folder holds no index.
 * @throws Error where index.json is of another program or version
 */
export async function readManifest(folder: string): Promise<IndexManifest | undefined> {
  const manifest = await readJsonFile<Partial<IndexManifest>>(join(folder, "index.json"));
  if (manifest === undefined || manifest.format !== FORMAT) return undefined;
  if (manifest.builder !== INDEX_BUILDER_VERSION)
    throw new Error(
      `Cannot use the index ${folder}: builder version ${INDEX_BUILDER_VERSION} is needed, got ${manifest.builder}; build it again into another folder`,
    );
  return manifest as IndexManifest;
}

/**
 * Writes the manifest, or adds shards to the one that is there; the caller holds the claim "manifest".
 * @throws Error where the folder holds the index of another corpus
 */
export async function putManifest(
  folder: string,
  manifest: Omit<IndexManifest, "format" | "builder">,
): Promise<void> {
  for (const file of await readdir(folder))
    if (/^\.index\.json\..*\.tmp$/.test(file)) await rm(join(folder, file), { force: true });
  const there = await readManifest(folder);
  if (there === undefined && existsSync(join(folder, "index.json")))
    throw new Error(
      `Cannot build the index ${folder}: an empty folder or an index of ${manifest.corpus} is needed, got an index.json of another program`,
    );
  if (there !== undefined && there.corpus !== manifest.corpus)
    throw new Error(
      `Cannot build the index ${folder}: an empty folder or an index of ${manifest.corpus} is needed, got one of ${there.corpus}`,
    );
  const shards = new Map(there?.shards.map((shard) => [shard.name, shard]));
  for (const shard of manifest.shards) shards.set(shard.name, shard);
  const whole = { format: FORMAT, builder: INDEX_BUILDER_VERSION, ...manifest };
  const inOrder = [...shards.values()].sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
  const text = `${JSON.stringify({ ...whole, shards: inOrder }, null, 1)}\n`;
  if (there === undefined || text !== `${JSON.stringify(there, null, 1)}\n`)
    await writeDurably(join(folder, "index.json"), text);
}

function order({ split }: IndexedShard): number {
  return split === undefined ? -1 : ["train", "val", "test"].indexOf(split);
}

/** The record of a shard's part; undefined where it is not indexed. */
export async function readPart(folder: string, shard: string): Promise<PartRecord | undefined> {
  const part = await readJsonFile<PartRecord>(join(folder, "parts", `${partName(shard)}.json`));
  const files = part === undefined ? [] : [...part.imageFiles, ...part.problemFiles];
  // an index that came from somebody else must not name files outside of it
  return files.every((file) => /^(images|problems)\/[\w.-]+\.parquet$/.test(file)) ? part : undefined;
}

/** Writes the record of a part, once its files are there. */
export async function writePart(folder: string, part: PartRecord): Promise<void> {
  await writeDurably(join(folder, "parts", `${partName(part.shard.name)}.json`), `${JSON.stringify(part)}\n`);
}

/** Takes the record of a part away, before its files are replaced. */
export async function removePart(folder: string, shard: string): Promise<void> {
  const path = join(folder, "parts", `${partName(shard)}.json`);
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}
