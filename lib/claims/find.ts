/** Asking for a claim, a check or a silence by its name. */
import type { Claim } from "./claim.js";
import { loadPaper, type Silence } from "./load.js";

/** All claims, by id. */
export function loadClaims(): ReadonlyMap<string, Claim> {
  return loadPaper().claims;
}

/**
 * The claim of that id.
 * @throws RangeError for an unknown id, with those that are nearest
 * @example claim("corpus/train-images").number // 100000000
 */
export function claim(id: string): Claim {
  const found = loadClaims().get(id);
  if (found === undefined)
    throw new RangeError(
      `Cannot find the claim "${id}"; the nearest are ${nearest(id, [...loadClaims().keys()]).join(", ")}`,
    );
  return found;
}

/**
 * A question that the paper leaves open, and the choice made here.
 * @param number 1 to 13, as listed in the ledger
 * @throws RangeError for another number
 */
export function silence(number: number): Silence {
  const found = loadPaper().silences.find(({ id }) => id === `silence/${number}`);
  if (found === undefined)
    throw new RangeError(
      `Cannot find silence ${number}: they are numbered 1 to ${loadPaper().silences.length}`,
    );
  return found;
}

/** All questions that the paper leaves open. */
export function silences(): readonly Silence[] {
  return loadPaper().silences;
}

/** The three names that need the fewest changes to become the given one. */
export function nearest(name: string, names: readonly string[]): string[] {
  return names
    .map((other) => ({ other, distance: editDistance(name, other) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ other }) => other);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row[j] = Math.min(
        previous[j]! + 1,
        row[j - 1]! + 1,
        previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    previous = row;
  }
  return previous[b.length]!;
}
