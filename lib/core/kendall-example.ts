/** Rankings that have a given Kendall's W: a proof that the value is possible where there are too many to count. */
import { Random } from "./random.js";

/** Moves of one search; eight raters of six items need some hundreds. */
const MOST_MOVES = 20_000;
/** One move in so many is made though it leads away, so that no search is caught. */
const DETOUR = 20;

/**
 * Untied rankings whose rank sums deviate by a given S, by a seeded search from full agreement.
 * @param wanted `raters` and `items`, at least 2 each; `s`, the sum of squared deviations of the rank sums
 * @param options `seed` of the search
 * @returns raters x items, ranks from 1; undefined where none was found, which proves nothing
 * @throws RangeError where raters or items are not integers of at least 2
 * @example rankingsWithS({ raters: 2, items: 3, s: 2 }, { seed: 1 }) // [[1, 2, 3], [3, 1, 2]], or like it
 */
export function rankingsWithS(
  { raters, items, s }: { readonly raters: number; readonly items: number; readonly s: number },
  { seed }: { readonly seed: number | string },
): number[][] | undefined {
  for (const [name, count] of Object.entries({ raters, items }))
    if (!Number.isSafeInteger(count) || count < 2)
      throw new RangeError(`Cannot search rankings: ${name} is an integer of at least 2, got ${count}`);
  const random = new Random(seed);
  const rankings = Array.from({ length: raters }, () => Array.from({ length: items }, (_, i) => i + 1));
  const deviations = Array.from({ length: items }, (_, i) => raters * (i + 1 - (items + 1) / 2));
  let found = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0);
  for (let move = 0; found !== s && move < MOST_MOVES; move++) {
    const ranking = rankings[random.integer(raters)] as number[];
    const low = random.integer(items - 1) + 1;
    const a = ranking.indexOf(low);
    const b = ranking.indexOf(low + 1);
    // item a rises by one rank and item b falls by one
    const next = found + 2 * ((deviations[a] ?? 0) - (deviations[b] ?? 0)) + 2;
    if (Math.abs(next - s) > Math.abs(found - s) && random.integer(DETOUR) !== 0) continue;
    [ranking[a], ranking[b]] = [low + 1, low];
    deviations[a] = (deviations[a] ?? 0) + 1;
    deviations[b] = (deviations[b] ?? 0) - 1;
    found = next;
  }
  return found === s ? rankings : undefined;
}
