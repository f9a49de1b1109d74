/** Exact copies, then the paper's rule for near ones, each removal with the image that stays for it. */
import { createHash } from "node:crypto";
import {
  type Deduplication,
  type Descriptors,
  deduplicate,
  forEachPair,
  type HashedImage,
  type HashedImages,
  hashImages,
  pairsOf,
  removeCopies,
  rowsOfKeys,
} from "../dedup/index.js";
import type { FeatureRows } from "../features/index.js";
import type { ImageSet } from "../images/index.js";
import type { SizedRecord } from "./filter-stage.js";
import type { CurationStage } from "./funnel.js";
import { poolSet } from "./pool.js";
import type { StageOptions } from "./stage.js";
import { type CopyDecision, writeDecisions } from "./tables.js";
import { hashOf } from "./work-folder.js";

/** A record with the SHA-256 of its picture's bytes, which becomes its key in the release. */
export interface HashedRecord extends SizedRecord {
  readonly releaseKey: string;
  readonly pixelsSha256: string;
}

/** What gives descriptors of images: a row for each key. In `folder` it may keep what it has finished. */
export type Describer = (
  set: ImageSet,
  keys: readonly string[],
  control: {
    readonly folder: string;
    /** SHA-256 of each picture's bytes, by key: committed descriptors are taken for their very pictures alone. */
    readonly bytesSha256: ReadonlyMap<string, string>;
    readonly signal: AbortSignal | undefined;
    readonly onImages: (done: number) => void;
  },
) => Promise<Descriptors>;

/** Looks for images with the same bytes or the same pixels; of each such group one stays. */
export async function removeExactCopies(
  sized: readonly SizedRecord[],
  options: StageOptions,
): Promise<HashedRecord[]> {
  const { work, recipe } = options;
  const { images, unread } = await hashAll(sized, options);
  const result = deduplicate(
    {
      images,
      bytesSha256: images.map(({ bytesSha256 }) => bytesSha256),
      pixelsSha256: images.map(({ pixelsSha256 }) => pixelsSha256),
      ...{ similar: { pairs: pairsOf([]), threshold: 0 }, similarityOf: () => 1 },
    },
    recipe.rule,
  );
  const decisions = decisionsOf(images, result);
  for (const { key } of unread) {
    const none = { keptKey: "", similarity: null, via: [], bytesSha256: "", pixelsSha256: "" };
    decisions.push({ key, outcome: "dropped", reason: "unreadable", ...none });
  }
  count(decisions, "exact duplicates", options);
  await writeDecisions(work.out, "exact-duplicates", decisions);
  const byKey = new Map(sized.map((one) => [one.record.key, one]));
  return Array.from(result.kept, (place) => {
    const { key, bytesSha256, pixelsSha256 } = images[place]!;
    return { ...byKey.get(key)!, releaseKey: bytesSha256, pixelsSha256 };
  });
}

async function hashAll(
  sized: readonly SizedRecord[],
  { work, made, signal, onImages }: StageOptions,
): Promise<HashedImages> {
  const set = poolSet(sized.map(({ record }) => record));
  const places = new Map(sized.map(({ record: { key } }, place) => [key, place]));
  const all: { images: HashedImage[]; unread: HashedImages["unread"][number][] } = { images: [], unread: [] };
  for (const part of set.parts) {
    const done = all.images.length + all.unread.length;
    const onProgress = (images: number) => onImages(done + images);
    const { images, unread } = await work.block("hashes", part.name, {
      of: hashOf([made, set.fingerprint]),
      make: () => hashImages({ ...set, parts: [part] }, { signal, onProgress }),
    });
    for (const image of images) all.images.push({ ...image, place: places.get(image.key)! });
    all.unread.push(...unread);
    onImages(all.images.length + all.unread.length);
  }
  return all;
}

/**
 * Applies the rule for near copies.
 * @returns who stays, and the pairs at or above the recipe's threshold for splits, by their keys in the release
 */
export async function removeNearCopies(
  hashed: readonly HashedRecord[],
  describe: Describer,
  options: StageOptions,
): Promise<{
  readonly kept: HashedRecord[];
  readonly joined: readonly (readonly [string, string])[];
  readonly describedBy: string;
}> {
  const { work, made, recipe, signal, onImages } = options;
  const keys = hashed.map(({ record: { key } }) => key);
  const images = hashed.map(({ record, widthPixels, heightPixels }, place) => ({
    ...{ key: record.key, widthPixels, heightPixels, sizeBytes: record.imageBytes, place },
  }));
  const set = poolSet(hashed.map(({ record }) => record));
  const described = await describe(set, keys, {
    bytesSha256: new Map(hashed.map(({ record: { key }, releaseKey }) => [key, releaseKey])),
    // by the images, which are others when a verdict that was owed has come
    ...{ folder: work.path("descriptors", hashOf([made, set.fingerprint]).slice(0, 16)), signal, onImages },
  });
  const rows = rowsOfKeys(keys, described);
  const joinThreshold = Math.min(recipe.rule.graphThreshold, recipe.splitThreshold);
  const result = await removeCopies(
    { images, rows },
    {
      ...{ rule: recipe.rule, joinThreshold },
      journal: work.path(`pairs-${hashOf([rowsHash(rows), joinThreshold]).slice(0, 16)}`),
      signal,
      onProgress: ({ compared, total }) =>
        onImages(Math.floor((hashed.length * compared) / Math.max(1, total))),
    },
  );
  const decisions = decisionsOf(
    hashed.map(({ record: { key }, releaseKey, pixelsSha256 }) => ({
      key,
      bytesSha256: releaseKey,
      pixelsSha256,
    })),
    result,
  );
  count(decisions, "near duplicates", options);
  await writeDecisions(work.out, "near-duplicates", decisions);
  const kept = Array.from(result.kept, (place) => hashed[place]!);
  const name = (place: number) => hashed[place]!.releaseKey;
  const joined: (readonly [string, string])[] = [];
  forEachPair(result.join.pairs, (first, second, similarity) => {
    if (similarity >= recipe.splitThreshold) joined.push([name(first), name(second)]);
  });
  return { kept, joined, describedBy: described.from };
}

function rowsHash({ data }: FeatureRows): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash("sha256").update(bytes).digest("hex");
}

function decisionsOf(
  images: readonly Pick<HashedImage, "key" | "bytesSha256" | "pixelsSha256">[],
  { removed }: Deduplication,
): CopyDecision[] {
  const byKey = new Map(removed.map((removal) => [removal.key, removal]));
  return images.map(({ key, bytesSha256, pixelsSha256 }): CopyDecision => {
    const hashes = { bytesSha256, pixelsSha256 };
    const removal = byKey.get(key);
    if (removal === undefined)
      return { key, outcome: "kept", reason: "", keptKey: "", similarity: null, via: [], ...hashes };
    const { keptKey, similarity, rule, via } = removal;
    return { key, outcome: "dropped", reason: rule, keptKey, similarity, via, ...hashes };
  });
}

function count(
  decisions: readonly CopyDecision[],
  stage: CurationStage,
  { funnel }: Pick<StageOptions, "funnel">,
): void {
  for (const { outcome, reason } of decisions) if (outcome !== "kept") funnel.drop(stage, reason);
}
