/**
 * The whole way from a pool to a release: licences, filters, copies, review, captions, splits, shards, in the order of the
 * paper's sections 2.1 to 2.5.
 *
 * Known differences: exact copies go before near ones (the paper hashes last, and finds none); images are taken out by
 * hand where the recipe says so; splits are drawn by groups of near copies. One process on one machine: records are held
 * in memory, so that some million images are one call's, and a larger pool is cut by shards before its copies are sought.
 */
import type { Split } from "../corpus/index.js";
import { readPackageJson } from "../io/index.js";
import type { VlmClient } from "../vlm/index.js";
import { type CaptionedRecord, captionRecords } from "./captions-stage.js";
import { checkPlaces, checkRecipe, tooFew } from "./check-curation.js";
import { type Describer, removeExactCopies, removeNearCopies } from "./copies-stage.js";
import { filterRecords } from "./filter-stage.js";
import { type CurationStage, curationFunnel } from "./funnel.js";
import { inputsHash } from "./inputs.js";
import { countRecords, keepLicensed } from "./licences-stage.js";
import {
  isWhole,
  type Manifest,
  manifestOf,
  type WrittenShard,
  type WrittenSplit,
  writeManifest,
  writtenFile,
} from "./manifest.js";
import { type Pool, poolTitle, readPool } from "./pool.js";
import type { PoolCaption } from "./pool-captions.js";
import { type CurationRecipe, curationRecipe } from "./recipe.js";
import { reviewRecords } from "./review-stage.js";
import { drawSplits, type PlannedShard, planShards, splitSizes } from "./splits.js";
import type { StageOptions } from "./stage.js";
import { type SplitDecision, tableNames, writeDecisions } from "./tables.js";
import { hashOf, WorkFolder } from "./work-folder.js";
import { writeShard } from "./write-shards.js";

/** How far a curation has come. */
export interface CurationProgress {
  /** "waiting": for a claim that a machine left which lost its power, or another machine; a minute at most. */
  readonly stage: CurationStage | "waiting" | "shards";
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
 * const { funnel } = await curate("data/sample/pool", { out: "release", captions, describe: describeImages });
 * funnel[1]; // { stage: "licences", in: 273, out: 209, reasons: { "CC BY-SA 3.0": 49, ... } }
 */
export async function curate(name: string, options: CurateOptions): Promise<Manifest> {
  const { out, client, captions, describedBy, signal, onProgress } = options;
  const recipe = curationRecipe(options.recipe);
  checkPlaces(name, out);
  const tell = (stage: CurationProgress["stage"], done: number) =>
    onProgress?.({ stage, done, total: undefined });
  const work = await WorkFolder.open(out, { signal, onWaiting: () => tell("waiting", 0) });
  try {
    const pool = await readPool(name, { signal, onProgress: (done) => tell("records", done) });
    checkRecipe(pool, recipe);
    const { version } = readPackageJson();
    const inputs = inputsHash({ version, pool, recipe, describedBy, client, captions });
    const before = await work.earlierManifest();
    if (before?.inputs === inputs && before.owed === 0 && (await isWhole(out, before, signal))) {
      await work.remove();
      return before;
    }
    await work.begin(inputs);
    const made = await makeRelease(pool, work, { ...options, recipe });
    await work.removeOtherShards(made.shards.map((shard) => shard.name));
    const images = pool.records.length + pool.lost.length;
    const manifest = manifestOf({
      ...{ version, inputs },
      pool: {
        name: poolTitle(pool),
        sha256: pool.fingerprint,
        images,
        problems: pool.problems.length,
      },
      models: { descriptors: made.describedBy, judge: client?.endpoint.model ?? null },
      ...{ recipe, funnel: made.funnel.rows(images), splits: made.splits, owed: made.owed },
      ...{ decisions: made.decisions, shards: made.shards },
    });
    await writeManifest(out, manifest);
    if (made.owed === 0) await work.remove();
    return manifest;
  } finally {
    await work.close();
  }
}

async function makeRelease(
  pool: Pool,
  work: WorkFolder,
  options: CurateOptions & { readonly recipe: CurationRecipe },
) {
  const { recipe, client, captions, describe, signal, onProgress } = options;
  const funnel = curationFunnel();
  const made = hashOf([readPackageJson().version, pool.fingerprint]);
  const at = (stage: CurationProgress["stage"], total: number): StageOptions => {
    signal?.throwIfAborted();
    const onImages = (done: number) => onProgress?.({ stage, done, total });
    onImages(0);
    return { work, made, funnel, recipe, client, signal, onImages };
  };
  await countRecords(pool, { work, funnel });
  const licensed = await keepLicensed(pool, { work, funnel });
  const filtered = await filterRecords(licensed, at("quality", licensed.length));
  const distinct = await removeExactCopies(filtered.kept, at("exact duplicates", filtered.kept.length));
  const unlike = await removeNearCopies(distinct, describe, at("near duplicates", distinct.length));
  const reviewed = await reviewRecords(unlike.kept, at("review", unlike.kept.length));
  const captioned = await captionRecords(reviewed, captions, at("captions", reviewed.length));
  const records = captioned.kept;
  const owed = filtered.owes + captioned.owes;
  const wanted = splitSizes(records.length, recipe);
  if (records.length === 0 || wanted.val + wanted.test > records.length)
    throw new Error(
      tooFew(pool, { left: records.length, wanted: wanted.val + wanted.test, owed, why: captioned.why }),
    );
  const drawn = drawSplits(
    records.map(({ releaseKey }) => releaseKey),
    recipe,
    unlike.joined,
  );
  const plan = planShards(drawn, recipe);
  await writeDecisions(work.out, "splits", splitRows(plan, records));
  const { onImages } = at("shards", records.length);
  const shards: WrittenShard[] = [];
  for (const shard of plan) {
    shards.push(await writeShard(shard, records, { work, signal }));
    onImages(shards.reduce((sum, { images }) => sum + images, 0));
  }
  signal?.throwIfAborted();
  const counts = (split: Split): WrittenSplit => ({
    images: drawn[split].length,
    wanted: split === "train" ? records.length - wanted.val - wanted.test : wanted[split],
    shards: plan.filter((shard) => shard.split === split).length,
  });
  return {
    ...{ funnel, shards, describedBy: unlike.describedBy, owed },
    decisions: await Promise.all(tableNames.map((table) => writtenFile(work.out, table))),
    splits: { train: counts("train"), val: counts("val"), test: counts("test") },
  };
}

function* splitRows(
  plan: readonly PlannedShard[],
  records: readonly CaptionedRecord[],
): Generator<SplitDecision, void, undefined> {
  for (const { split, name, images } of plan)
    for (const image of images) {
      const { record, releaseKey } = records[image]!;
      yield { key: record.key, releaseKey, split, shard: name };
    }
}
