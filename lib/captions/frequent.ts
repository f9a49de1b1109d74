/**
 * The most frequent of very many things in bounded memory.
 *
 * Method: Misra and Gries (1982), in batches. Where more distinct things than places were seen, counts are too low
 * by at most `error`, and what occurs more often than that is never missing. With places enough, error is 0.
 */

/** A thing and how often it occurred. */
export interface Counted {
  readonly text: string;
  /** Too low by at most the counter's error. */
  readonly count: number;
  /** Of all things counted. */
  readonly share: number;
}

/** The most frequent things, and how exact they are. */
export interface Frequent {
  /** Most frequent first; equal ones in the order of their code units. */
  readonly top: readonly Counted[];
  /** Things counted, repeats included. */
  readonly total: number;
  /** Distinct things; undefined where there were more than places. */
  readonly distinct: number | undefined;
  /** How much too low a count can be; 0 means that all are exact. */
  readonly error: number;
}

/** Distinct things remembered if nothing else is said: about 20 MB of short words. */
export const FREQUENT_PLACES = 200_000;

/** Counts things. */
export class FrequentCounter {
  readonly #counts = new Map<string, number>();
  readonly #places: number;
  #total = 0;
  #error = 0;

  /** @param places the most distinct things to remember, at least 2 */
  constructor(places: number = FREQUENT_PLACES) {
    if (!Number.isSafeInteger(places) || places < 2)
      throw new RangeError(`Cannot count: at least 2 places are needed, got ${places}`);
    this.#places = places;
  }

  add(thing: string): void {
    this.#total++;
    this.#counts.set(thing, (this.#counts.get(thing) ?? 0) + 1);
    if (this.#counts.size > this.#places) this.#makeRoom();
  }

  /** @param size how many to give */
  top(size: number): Frequent {
    const top = [...this.#counts]
      .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
      .slice(0, size)
      .map(([text, count]) => ({ text, count, share: count / this.#total }));
    const distinct = this.#error === 0 ? this.#counts.size : undefined;
    return { top, total: this.#total, distinct, error: this.#error };
  }

  /** Takes the median count off every count, which frees half of the places at least. */
  #makeRoom(): void {
    const counts = [...this.#counts.values()].sort((a, b) => a - b);
    const step = counts[counts.length >> 1]!;
    this.#error += step;
    for (const [thing, count] of this.#counts)
      if (count <= step) this.#counts.delete(thing);
      else this.#counts.set(thing, count - step);
  }
}
