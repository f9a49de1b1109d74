/**
 * The whole way from a pool to a release: licences, filters, copies, review, captions, splits, shards, in the order of the
 * paper's sections 2.1 to 2.5.
 *
 * Known differences: exact copies go before near ones (the paper hashes last, and finds none); images are taken out by
 * hand where the recipe says so; splits are drawn by groups of near copies. One process on one machine: records are held
 * in memory, so that some million images are one call's, and a larger pool is cut by shards before its copies are sought.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { splits } from "../corpus/index.js";
import { readPackageJson } from "../io/index.js";
import { normaliseLicence } from "../licences/index.js";
import type { VlmClient } from "../vlm/index.js";
import { type CaptionedRecord, captionRecords, type PoolCaption } from "./captions-stage.js";
import { type Describer, removeExactCopies, removeNearCopies } from "./copies-stage.js";
import { filterRecords, type StageOptions } from "./filter-stage.js";
import { type CurationStage, Funnel } from "./funnel.js";
import {
  hasShards,
  type Manifest,
  manifestOf,
  readManifest,
  type WrittenShard,
  writeManifest,
} from "./manifest.js";
import { type Pool, type PoolRecord, poolTitle, readPool } from "./pool.js";
import { type CurationRecipe, PAPER_RECIPE } from "./recipe.js";
import { reviewRecords } from "./review-stage.js";
import { drawSplits, planShards } from "./splits.js";
import { writeDecisions } from "./tables.js";
import { hashOf, WorkFolder } from "./work-folder.js";
import { writeShard } from "./write-shards.js";

/** Names that this program gives: nothing else is ever taken away. */
const SHARD = /^(train|val|test)\/gpic_\1_\d{5,}\.tar$/;

/** How far a curation has come. */
export interface CurationProgress {
  readonly stage: CurationStage | "shards";
  /** Images of this stage. */
  readonly done: number;
  /** Undefined where nobody knows yet. */
  readonly total: number | undefined;
}

/** What a curation takes beside its pool. */
export interface CurateOptions {
  /** The folder of the release: an empty one, or one that the same call has begun. */
  readonly out: string;
  readonly recipe?: CurationRecipe | undefined;
  /** Gives the descriptors of images, and says what made them. */
  readonly describe: Describer;
  /** Tells apart what `describe` works by, where that is not always the same: a file's hash. */
  readonly describedBy?: string | undefined;
  /** Judges quality and safety and writes captions; where it is left out, measures judge quality, and nobody safety. */
  readonly client?: VlmClient | undefined;
  /** Captions by the pool's keys, for a run without a model. */
  readonly captions?: ReadonlyMap<string, PoolCaption> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CurationProgress) => void) | undefined;
}

/**
 * Makes a release of a pool: `train/`, `val/`, `test/` with shards in GPIC's layout, `decisions/` with a Parquet a stage,
 * `manifest.json`. Stopped or killed at any point, the same call goes on; made again, the bytes are the same.
 * @param name a folder or a tar of shards, a corpus' folder, hf://ORGANISATION/NAME
 * @returns what the manifest says; its `owed` above 0 where the model owes answers, for which the same call asks again
 * @throws Error where the pool or the folder cannot be used, or another process is at work in it; RangeError where the
 *   recipe does not fit the pool; the signal's reason where it was stopped
 * @example
 * const { funnel } = await curate("pool", { out: "release", describe: describeBy("sscd") });
 * funnel[1]; // { stage: "licences", in: 273, out: 209, reasons: { rejected: 64 } }
 */
export async function curate(name: string, options: CurateOptions): Promise<Manifest> {
  const { out, recipe = PAPER_RECIPE, client, captions, signal, onProgress } = options;
  const work = await WorkFolder.open(out);
  try {
    const pool = await readPool(name, {
      signal,
      onProgress: (done) => onProgress?.({ stage: "records", done, total: undefined }),
    });
    const { version } = readPackageJson();
    const inputs = hashOf([
      ...[version, pool.fingerprint, recipe, client?.endpoint.model ?? null, options.describedBy ?? null],
      client === undefined ? [...(captions ?? [])] : null,
    ]);
    const before = await readManifest(out);
    if (before?.inputs === inputs && before.owed === 0 && (await hasShards(out, before))) {
      await work.remove();
      return before;
    }
    await work.begin(inputs);
    const made = await makeRelease(pool, work, options);
    const manifest = manifestOf({
      ...{ version, inputs },
      pool: {
        name: poolTitle(pool),
        sha256: pool.fingerprint,
        images: pool.records.length + pool.lost.length,
      },
      models: { descriptors: made.describedBy, judge: client?.endpoint.model ?? null },
      ...{ recipe, funnel: made.funnel.rows, splits: made.splits, owed: made.owed, shards: made.shards },
    });
    const names = new Set(made.shards.map((shard) => shard.name));
    for (const { name: old } of before?.shards ?? [])
      if (SHARD.test(old) && !names.has(old)) await rm(join(out, old), { force: true });
    await writeManifest(out, manifest);
    if (made.owed === 0) await work.remove();
    return manifest;
  } finally {
    await work.close();
  }
}

async function makeRelease(pool: Pool, work: WorkFolder, options: CurateOptions) {
  const { recipe = PAPER_RECIPE, client, captions, describe, signal, onProgress } = options;
  const funnel = new Funnel(pool.records.length + pool.lost.length);
  const at = (stage: CurationProgress["stage"], total: number): StageOptions => {
    signal?.throwIfAborted();
    const onImages = (done: number) => onProgress?.({ stage, done, total });
    onImages(0);
    return { work, funnel, recipe, client, signal, onImages };
  };
  await writeRecords(pool, work, funnel);
  const licensed = await keepLicensed(pool.records, work, funnel);
  const filtered = await filterRecords(licensed, at("quality", licensed.length));
  const distinct = await removeExactCopies(filtered.kept, at("exact duplicates", filtered.kept.length));
  const unlike = await removeNearCopies(distinct, describe, at("near duplicates", distinct.length));
  const reviewed = await reviewRecords(unlike.kept, pool, at("review", unlike.kept.length));
  const captioned = await captionRecords(reviewed, captions, at("captions", reviewed.length));
  const records = captioned.kept;
  if (records.length === 0 && reviewed.length > 0 && captioned.owes === 0)
    throw new Error(
      `Cannot curate ${pool.name}: captions are needed, got none for ${reviewed.length} images; name an endpoint, or give a table of captions`,
    );
  const keys = records.map(({ releaseKey }) => releaseKey);
  const drawn = drawSplits(keys, recipe, unlike.joined);
  const plan = planShards(drawn, recipe);
  await writeDecisions(
    work.out,
    "splits",
    plan.flatMap((shard) => shard.images.map((image) => rowOf(records[image]!, shard))),
  );
  const { onImages } = at("shards", records.length);
  const shards: WrittenShard[] = [];
  for (const shard of plan) {
    shards.push(await writeShard(shard, records, { work, signal }));
    onImages(shards.reduce((sum, { images }) => sum + images, 0));
  }
  signal?.throwIfAborted();
  const counts = (split: (typeof splits)[number]) => ({
    images: drawn[split].length,
    shards: plan.filter((shard) => shard.split === split).length,
  });
  return {
    ...{ funnel, shards, describedBy: unlike.describedBy, owed: filtered.owes + captioned.owes },
    splits: { train: counts("train"), val: counts("val"), test: counts("test") },
  };
}

async function writeRecords({ records, lost }: Pool, work: WorkFolder, funnel: Funnel): Promise<void> {
  for (const { reason } of lost) funnel.drop("records", reason);
  await writeDecisions(work.out, "records", [
    ...records.map(({ key, shard }) => ({
      ...{ key, shard, outcome: "kept" as const, reason: "", offset: null, message: "" },
    })),
    ...lost.map((one) => ({ ...one, outcome: "dropped" as const })),
  ]);
}

async function keepLicensed(records: readonly PoolRecord[], work: WorkFolder, funnel: Funnel) {
  const decisions = records.map(({ key, license, license_url }) => {
    const licence = normaliseLicence(license, license_url);
    const outcome = licence.permissive ? ("kept" as const) : ("dropped" as const);
    return {
      key,
      outcome,
      reason: licence.permissive ? "" : (licence.name ?? "not recognised"),
      license,
      licence,
    };
  });
  for (const { outcome, reason } of decisions) if (outcome === "dropped") funnel.drop("licences", reason);
  await writeDecisions(work.out, "licences", decisions);
  return records.filter((_, i) => decisions[i]!.outcome === "kept");
}

function rowOf(
  { record, releaseKey }: CaptionedRecord,
  { split, name }: { split: (typeof splits)[number]; name: string },
) {
  return { key: record.key, releaseKey, split, shard: name };
}
