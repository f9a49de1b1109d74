/** What must hold of a curation before its first picture, and of what is left before its first shard. */
import { existsSync, realpathSync } from "node:fs";
import type { Pool } from "./pool.js";
import type { CurationRecipe } from "./recipe.js";
import { splitSizes } from "./splits.js";

interface TooFew {
  readonly left: number;
  readonly wanted: number;
  readonly owed: number;
  /** What became of the first image without a caption. */
  readonly why: string;
}

/** The words where fewer images are left than val and test are to have. */
export function tooFew({ name }: Pool, { left, wanted, owed, why }: TooFew): string {
  const needed = left === 0 ? "images that every stage keeps" : `at least ${wanted} images for val and test`;
  const first = why === "" ? "" : `; the first without a caption: ${why}`;
  const next = owed > 0 ? `; the model owes ${owed} answers, for which the same call asks again` : "";
  return `Cannot curate ${name}: ${needed} are needed, got ${left}${first}${next}`;
}

/** @throws Error where the release would be written over its pool */
export function checkPlaces(name: string, out: string): void {
  if (existsSync(name) && existsSync(out) && realpathSync(name) === realpathSync(out))
    throw new Error(
      `Cannot curate into ${out}: another folder than the pool's is needed, got the pool itself`,
    );
}

/**
 * What can be known before any picture is looked at.
 * @throws RangeError where the recipe names an image that the pool does not have, or takes more than it has
 */
export function checkRecipe({ records }: Pool, { review, val, test, shards }: CurationRecipe): void {
  const known = new Set(review.length === 0 ? [] : records.map(({ key }) => key));
  const stranger = review.find(({ key }) => !known.has(key));
  if (stranger !== undefined)
    throw new RangeError(
      `Cannot review images: keys of the pool are needed, got ${JSON.stringify(stranger.key)}, which it has not`,
    );
  const wanted = splitSizes(records.length, { val, test });
  const least = Math.max(
    1,
    wanted.val + wanted.test,
    (shards.train ?? 0) + (shards.val ?? 0) + (shards.test ?? 0),
  );
  if (records.length < least)
    throw new RangeError(
      `Cannot curate a pool: at least ${least} images are needed for val, test and shards, got ${records.length}`,
    );
}
