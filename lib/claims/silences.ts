/** Where the paper does not say what a reproduction needs, and what this project chose there. */
import { readJson } from "./sources.js";

/** A question that the paper leaves open. */
export interface Silence {
  /** For example "silence/3". */
  readonly id: string;
  readonly question: string;
  /** What this project chose; null until a notebook has had to. */
  readonly choice: string | null;
}

let loaded: readonly Silence[] | undefined;

/** All silences, in order. */
export function loadSilences(): readonly Silence[] {
  loaded ??= readJson<readonly Silence[]>("silences.json");
  return loaded;
}

/**
 * One silence of the paper.
 * @param number its number, with or without the prefix "silence/"
 * @throws RangeError where there is none
 * @example silence("3").id // "silence/3"
 */
export function silence(number: string | number): Silence {
  const id = `silence/${String(number).replace(/^silence\//, "")}`;
  const found = loadSilences().find((one) => one.id === id);
  if (found === undefined)
    throw new RangeError(`Cannot find ${id.slice(0, 40)}: the numbers are 1 to ${loadSilences().length}`);
  return found;
}
