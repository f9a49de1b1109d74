/**
 * What perfect images of some number score, measured: as many real rows drawn, held against other ones, again and again.
 *
 * Asks for no law of the sample size, so it holds for fewer images than features too. The rest of the rows stands for a
 * reference of N images: a distance to half of the rest beside each says what the rest's own size adds, and the line in
 * 1/m through the two is followed to 1/N.
 *
 * Draws of n out of R rows share rows. A new set of the law scatters about their mean with s^2 / (1 - n/R) times
 * 1 + n/R + 1/draws, where s^2 is what was seen between draws: the first factor gives back what drawing without
 * replacement takes, the others are the rows' own scatter and the mean's. Approximation: the line in 1/m; half of what it
 * takes away counts as error.
 */
import { normalQuantile, Random, studentQuantile } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { frechetDistance, pickRows } from "../metrics/index.js";

/** Distances of perfect images. */
export interface PerfectDraws {
  /** Their mean, at the reference's size. */
  readonly value: number;
  /** How far one such score lies from it, as a share of it: a standard deviation. */
  readonly scatter: number;
  readonly draws: number;
}

/** What is drawn. */
export interface PerfectDrawsOptions {
  /** Images of the score: at least 2, at most half of the rows. */
  readonly generatedCount: number;
  /** Images that the reference's moments are of. */
  readonly referenceCount: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Draws, each of two distances; fewer of wide features, which scatter less and cost more. */
const DRAWS = { narrow: 20, wide: 10, wideFrom: 512 };
/** Rows for the other side, as a multiple of columns and of images: beyond that the line in 1/m says the rest. */
const OTHERS = { perColumn: 8, perImage: 4 };

/**
 * Draws.
 * @param rows of the real side
 * @throws RangeError where the rows are not finite; the signal's reason
 * @example (await perfectDraws(rows, { generatedCount: 20, referenceCount: 1200, seed: 0 })).value
 */
export async function perfectDraws(
  rows: FeatureRows,
  { generatedCount: n, referenceCount, seed, signal }: PerfectDrawsOptions,
): Promise<PerfectDraws> {
  const { count, width } = rows;
  const draws = width >= DRAWS.wideFrom ? DRAWS.wide : DRAWS.narrow;
  const others = Math.min(count - n, Math.max(OTHERS.perColumn * width, OTHERS.perImage * n));
  const half = Math.floor(others / 2);
  const random = new Random(`perfect ${seed}`);
  const order = Array.from({ length: count }, (_, row) => row);
  const found: number[] = [];
  let added = 0;
  for (let draw = 0; draw < draws; draw++) {
    const dealt = random.shuffle(order);
    const generated = pickRows(rows, dealt.slice(0, n));
    const against = async (wanted: number) => {
      signal?.throwIfAborted();
      return (await frechetDistance({ real: pickRows(rows, dealt.slice(n, n + wanted)), generated })).fd;
    };
    const fd = await against(others);
    found.push(fd);
    added += ((await against(half)) - fd) / draws;
  }
  const mean = found.reduce((sum, fd) => sum + fd, 0) / draws;
  const seen = found.reduce((sum, fd) => sum + (fd - mean) ** 2, 0) / (draws - 1);
  const slope = Math.max(0, added) / (1 / half - 1 / others);
  const moved = slope * (1 / referenceCount - 1 / others);
  const share = n / count;
  // few draws tell their own scatter badly: Student's t for the normal law's quantile
  const few = studentQuantile(0.975, draws - 1) / normalQuantile(0.975);
  const spread = few * Math.sqrt((seen / (1 - share)) * (1 + share + 1 / draws));
  const value = mean + moved;
  return { value, scatter: Math.hypot(spread, moved / 2) / value, draws };
}
