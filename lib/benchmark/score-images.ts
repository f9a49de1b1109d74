/** The images that made a Frechet distance: those without which it would fall most, and those that hold it down. */
import { momentsOf } from "../features/index.js";
import { frechetInfluence } from "../metrics/index.js";
import type { ScoreSides } from "./score-checks.js";
import { NOT_OF_ROWS } from "./score-intervals.js";
import { isWhole } from "./score-side.js";

/** One generated image and what it does. */
export interface ImageInfluence {
  /** Its number among the rows. */
  readonly row: number;
  /** Its name, where the features name their images. */
  readonly key: string | undefined;
  /** The distance with it, less that without it: positive raises the distance. */
  readonly influence: number;
}

/** The images at both ends, 20 at the most, the most extreme first. */
export interface InfluentialImages {
  readonly mostHelpful: readonly ImageInfluence[];
  readonly leastHelpful: readonly ImageInfluence[];
}

/** Fewer images cannot be left out one at a time. */
const MIN_IMAGES = 4;

/**
 * Finds them.
 * @returns undefined where there are no rows, or too few, or the distance is not of them; that last with a reason
 */
export async function influentialImages(
  { real, generated }: ScoreSides,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<{ readonly images: InfluentialImages | undefined; readonly missing: readonly string[] }> {
  const { rows, keys } = generated;
  if (rows === undefined || rows.count < MIN_IMAGES) return { images: undefined, missing: [] };
  if (!isWhole(generated))
    return { images: undefined, missing: [`Which images made the distance is not known: ${NOT_OF_ROWS}.`] };
  const { influence, mostHelpful, leastHelpful } = await frechetInfluence(
    { real: momentsOf(real), generated: rows },
    options,
  );
  const image = (row: number): ImageInfluence => ({ row, key: keys?.[row], influence: influence[row]! });
  // with few images the two ends would share some
  const half = Math.floor(rows.count / 2);
  const images = {
    mostHelpful: mostHelpful.slice(0, half).map(image),
    leastHelpful: leastHelpful.slice(0, half).map(image),
  };
  return { images, missing: [] };
}
