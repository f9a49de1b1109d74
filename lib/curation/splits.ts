/**
 * Splits and shards of a release (the paper's section 2.5): shuffled, tiers as nested prefixes of the train shards; and,
 * what the paper does not say, no image of one split with a near copy in another (silence 13).
 */
import { createHash } from "node:crypto";
import { Random } from "../core/index.js";
import { type Split, splits, type Tier } from "../corpus/index.js";
import { Components } from "../dedup/index.js";
import type { CurationRecipe } from "./recipe.js";

/** What decides how a release is laid out. */
export type LayoutChoices = Pick<
  CurationRecipe,
  "seed" | "order" | "val" | "test" | "imagesPerShard" | "shards" | "tierShards"
>;

/** One shard of the release that is to be. */
export interface PlannedShard {
  readonly split: Split;
  readonly number: number;
  /** "train/gpic_train_00000.tar" */
  readonly name: string;
  /** What the `split` field of its images says: the tiers that hold it; none outside train. */
  readonly tiers: readonly Tier[];
  /** Numbers of its images. */
  readonly images: readonly number[];
}

/**
 * Draws the split of each image. Images are put in an order; val, then test take groups in that order, whole and as long
 * as they fit; train has the rest. So a group larger than what is left of val and test is train's.
 * @param keys of the images: the draw depends on them and the seed, not on the order in which they come
 * @param joined pairs of keys whose images belong to one split; none where it is left out, and a pair with a key that is
 *   not among the images joins nothing
 * @returns the images of each split, in that order
 * @throws RangeError where val or test is no size, or both together are more than there is
 * @example drawSplits(["a", "b", "c"], { seed: "0", order: "hash", val: 1, test: 0.34 }).train.length // 1
 */
export function drawSplits(
  keys: readonly string[],
  { seed, order: by, val, test }: Pick<LayoutChoices, "seed" | "order" | "val" | "test">,
  joined: Iterable<readonly [string, string]> = [],
): { readonly [split in Split]: readonly number[] } {
  const sorted = keys.map((_, i) => i).sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  const order = by === "hash" ? byHash(sorted, keys, seed) : new Random(seed).shuffle(sorted);
  const drawn: { [split in Split]: number[] } = { train: [], val: [], test: [] };
  const places = new Map(order.map((image, place) => [image, place]));
  const wanted = splitSizes(keys.length, { val, test });
  if (wanted.val + wanted.test > keys.length)
    throw new RangeError(
      `Cannot draw splits: at least ${wanted.val + wanted.test} images are needed for val and test, got ${keys.length}`,
    );
  let left = groupsOf(order, keys, joined);
  for (const split of ["val", "test"] as const) {
    left = left.filter((group) => {
      if (drawn[split].length + group.length > wanted[split]) return true;
      drawn[split].push(...group);
      return false;
    });
  }
  drawn.train.push(...left.flat());
  for (const split of splits) drawn[split].sort((a, b) => places.get(a)! - places.get(b)!);
  return drawn;
}

function byHash(images: readonly number[], keys: readonly string[], seed: string): number[] {
  const hashes = keys.map((key) => createHash("sha256").update(`${seed}:${key}`).digest("hex"));
  return [...images].sort((a, b) => (hashes[a]! < hashes[b]! ? -1 : 1));
}

/** The images that belong together, each group and its images in the order given. */
function groupsOf(
  order: readonly number[],
  keys: readonly string[],
  joined: Iterable<readonly [string, string]>,
): number[][] {
  const components = new Components(order.length);
  const numbers = new Map(keys.map((key, number) => [key, number]));
  for (const [a, b] of joined) {
    const [first, second] = [numbers.get(a), numbers.get(b)];
    if (first !== undefined && second !== undefined) components.join(first, second);
  }
  const groups = new Map<number, number[]>();
  for (const image of order) {
    const root = components.find(image);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [image]);
    else group.push(image);
  }
  return [...groups.values()];
}

/** How many images val and test are to have; `drawSplits` may give them fewer, where groups do not fit. */
export function splitSizes(
  images: number,
  { val, test }: Pick<LayoutChoices, "val" | "test">,
): { readonly val: number; readonly test: number } {
  for (const [name, size] of Object.entries({ val, test }))
    if (!(size >= 0 && (size < 1 || Number.isSafeInteger(size))))
      throw new RangeError(
        `Cannot draw splits: ${name} is a share below 1 or a whole number, got ${String(size)}`,
      );
  const count = (size: number) => (size < 1 ? Math.round(size * images) : size);
  return { val: count(val), test: count(test) };
}

/**
 * Cuts splits into shards of nearly one size, in their order.
 * @throws RangeError where a split has fewer images than shards
 * @example planShards({ train: [2, 0], val: [1], test: [] }, PAPER_RECIPE).map(({ name }) => name)
 *   // ["train/gpic_train_00000.tar", "val/gpic_val_00000.tar"]
 */
export function planShards(
  drawn: { readonly [split in Split]: readonly number[] },
  { imagesPerShard, shards, tierShards }: Pick<LayoutChoices, "imagesPerShard" | "shards" | "tierShards">,
): PlannedShard[] {
  return splits.flatMap((split) => {
    const images = drawn[split];
    const count = images.length === 0 ? 0 : (shards[split] ?? Math.ceil(images.length / imagesPerShard));
    if (count > images.length)
      throw new RangeError(
        `Cannot cut ${split} into shards: at least an image for each of ${count} is needed, got ${images.length}`,
      );
    const [nano, lite] = tiersOf(count, tierShards);
    const cut = (i: number) => Math.floor((i * images.length) / count);
    return Array.from({ length: count }, (_, number): PlannedShard => {
      const tiers: Tier[] = [];
      if (split === "train") {
        if (number < nano) tiers.push("nano");
        if (number < lite) tiers.push("lite");
        tiers.push("full");
      }
      const name = `${split}/gpic_${split}_${String(number).padStart(5, "0")}.tar`;
      return { split, number, name, tiers, images: images.slice(cut(number), cut(number + 1)) };
    });
  });
}

/** Shards of nano and lite; of one that is given the other one, if it is not, is a part or has it as a part. */
function tiersOf(shards: number, { nano, lite }: LayoutChoices["tierShards"]): [nano: number, lite: number] {
  const share = (part: number) => Math.max(1, Math.round(shards * part));
  return [nano ?? Math.min(share(0.01), lite ?? shards), lite ?? Math.max(share(0.1), nano ?? 1)];
}
