/**
 * 95 % intervals of a Frechet distance, by leaving blocks of images out.
 *
 * A reference whose moments are of more images than it keeps rows of is taken as it is: its own scatter is then small
 * against that of the samples, and not in the interval.
 */
import type { Interval } from "../core/index.js";
import { momentsOf } from "../features/index.js";
import { drawBlocks, type JackknifeEstimate, jackknifeFrechet } from "../metrics/index.js";
import type { ScoreSides } from "./score-checks.js";
import { isWhole } from "./score-side.js";

/** Blocks of each side: each costs a distance, and half as many widen the interval by 8 %. */
const BLOCKS = { narrow: 20, wide: 10, wideFrom: 512 };
/** Fewer images make blocks of too few. */
const MIN_IMAGES = 40;

/** Why rows say nothing of a distance. */
export const NOT_OF_ROWS = "the generated mean and covariance are not those of the rows beside them";

/** Intervals of the three numbers, or why there are none. */
export interface FrechetIntervals {
  readonly intervals: { readonly [name in "fd" | "fd_mu" | "fd_sigma"]: Interval | null };
  readonly missing: readonly string[];
}

/**
 * Takes the intervals.
 * @param options.seed of the dealing of images to blocks
 */
export async function frechetIntervals(
  { real, generated }: ScoreSides,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<FrechetIntervals> {
  const { rows, width } = generated;
  const blocks = width >= BLOCKS.wideFrom ? BLOCKS.wide : BLOCKS.narrow;
  if (rows === undefined) return none("the generated side has a mean and a covariance alone");
  if (rows.count < MIN_IMAGES)
    return none(`at least ${MIN_IMAGES} generated images are needed, got ${rows.count}`);
  if (!isWhole(generated)) return none(NOT_OF_ROWS);
  const isScattered = real.rows !== undefined && real.rows.count >= MIN_IMAGES && isWhole(real);
  const estimate = await jackknifeFrechet(
    {
      real: isScattered
        ? await drawBlocks(real.rows, { blocks, seed: `real ${seed}`, signal })
        : momentsOf(real),
      generated: await drawBlocks(rows, { blocks, seed: `generated ${seed}`, signal }),
    },
    { signal },
  );
  const fixed = isScattered
    ? []
    : ["The intervals take the reference as it is: they hold the scatter of the generated images alone."];
  return {
    intervals: {
      fd: above0(estimate.fd),
      fd_mu: above0(estimate.fd_mu),
      fd_sigma: above0(estimate.fd_sigma),
    },
    missing: fixed,
  };
}

function none(why: string): FrechetIntervals {
  return {
    intervals: { fd: null, fd_mu: null, fd_sigma: null },
    missing: [`No interval of the Frechet distance: ${why}.`],
  };
}

/** No distance is below 0. */
function above0({ interval: { low, high } }: JackknifeEstimate): Interval {
  return { low: Math.max(0, low), high };
}
