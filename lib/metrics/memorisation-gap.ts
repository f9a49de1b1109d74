/**
 * The gap of the Frechet distance between training and held-out images: a model that repeats what it was trained on is
 * nearer to the one than to the other.
 *
 * Both distances are of as many rows, drawn by the seed, as a distance grows with fewer. How large a gap chance makes is
 * told by permutations: training and held-out rows are dealt again at random, and the gap is taken anew (the paper's
 * section 3 takes the test set as its reference for this very reason, and gives no such figure). Known limit: dealing takes rows for exchangeable, so keep one crop of a photograph, not many.
 */
import { Random } from "../core/index.js";
import { featureMoments } from "../features/index.js";
import { drawRows } from "./draw.js";
import { frechetFrom } from "./frechet.js";
import type { MemorisationSets } from "./memorisation.js";
import { momentsOfRows, momentsOfSide } from "./moments-of-rows.js";
import { checkRows, checkWidths } from "./neighbours-rows.js";
import type { PairControl } from "./neighbours-tiles.js";
import { joinRows, pickRows } from "./pick-rows.js";

/** How the gap is taken. */
export interface FrechetGapOptions extends PairControl {
  /** Default 19: as many as tell a gap at one in twenty. A permutation costs two distances. */
  readonly permutations?: number;
  /** Default 0. */
  readonly seed?: number | string;
}

/** Two distances to the generated images, and their difference. */
export interface FrechetGap {
  /** Distance of the generated images to training images. */
  readonly training: number;
  /** Distance of the generated images to held-out ones. */
  readonly heldOut: number;
  /** heldOut - training: above 0 where the model is nearer to what it was trained on. */
  readonly gap: number;
  /** Gaps of rows that were dealt at random. */
  readonly byChance: Float64Array;
  /** (1 + chance gaps at least as large) / (1 + permutations): small where the model is nearer to its training images. */
  readonly pValue: number;
  /** Training and held-out rows each. */
  readonly rows: number;
  readonly seed: number | string;
}

const WORK = "take the gap of training and held-out images";

/**
 * The train/test gap of the Frechet distance.
 * @throws RangeError where a side has fewer than two rows, widths differ, numbers are not finite, or an option is out of
 * range
 * @throws the signal's reason where it stops the work
 * @example (await frechetGap({ training, heldOut, generated }, { seed: 1 })).pValue // 0.05: nearer to the training images
 */
export async function frechetGap(
  { training, heldOut, generated }: MemorisationSets,
  { permutations = 19, seed = 0, signal, onProgress }: FrechetGapOptions = {},
): Promise<FrechetGap> {
  for (const [which, set] of Object.entries({ training, heldOut, generated })) {
    checkRows(WORK, which, set);
    if (set.count < 2)
      throw new RangeError(`Cannot ${WORK}: at least 2 ${which} rows are needed, got ${set.count}`);
  }
  checkWidths(WORK, { training, heldOut, generated });
  if (!Number.isSafeInteger(permutations) || permutations < 0)
    throw new RangeError(`Cannot ${WORK}: permutations is an integer of at least 0, got ${permutations}`);
  const rows = Math.min(training.count, heldOut.count);
  const random = new Random(`gap ${seed}`);
  const dealt = joinRows([training, heldOut].map((set) => pickRows(set, drawRows(set.count, rows, random))));
  const drawn = Array.from({ length: dealt.count }, (_, row) => row);
  const distance = await frechetFrom(await momentsOfSide(generated, signal), { signal });
  const to = async (numbers: readonly number[]) =>
    (await distance(featureMoments(await momentsOfRows(dealt, { numbers, signal })))).fd;
  const distances = async (order: readonly number[], done: number) => {
    const first = await to(order.slice(0, rows));
    const second = await to(order.slice(rows));
    onProgress?.({ done, total: permutations + 1 });
    return { first, second };
  };
  const { first, second } = await distances(drawn, 1);
  const gap = second - first;
  const byChance = new Float64Array(permutations);
  for (let i = 0; i < permutations; i++) {
    const chance = await distances(random.shuffle(drawn), i + 2);
    byChance[i] = chance.second - chance.first;
  }
  const asLarge = byChance.reduce((count, chance) => count + (chance >= gap ? 1 : 0), 0);
  return {
    training: first,
    heldOut: second,
    gap,
    byChance,
    pValue: (1 + asLarge) / (1 + permutations),
    rows,
    seed,
  };
}
