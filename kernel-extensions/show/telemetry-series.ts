/** A measurement over the last minute, as a line to be drawn, and over all the time, as mean and largest. */

/** How far back a chart looks. */
export const WINDOW_MILLISECONDS = 60_000;

/** One moment of a series. */
export interface Moment {
  readonly atMilliseconds: number;
  readonly value: number;
}

/** A stream of measurements. */
export class Series {
  readonly #moments: Moment[] = [];
  #count = 0;
  #sum = 0;
  #largest = Number.NEGATIVE_INFINITY;

  /** Adds a measurement; null and what is no number leaves no trace. */
  add(atMilliseconds: number, value: number | null): void {
    if (value === null || !Number.isFinite(value)) return;
    this.#moments.push({ atMilliseconds, value });
    this.#count += 1;
    this.#sum += value;
    this.#largest = Math.max(this.#largest, value);
    while ((this.#moments[0]?.atMilliseconds ?? atMilliseconds) < atMilliseconds - WINDOW_MILLISECONDS)
      this.#moments.shift();
  }

  /** Those of the last minute, the oldest first. */
  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** The newest value; null where there is none. */
  get last(): number | null {
    return this.#moments.at(-1)?.value ?? null;
  }

  /** The mean of all that was ever added; null where there is none. */
  get mean(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }

  /** The largest that was ever added; null where there is none. */
  get largest(): number | null {
    return this.#count === 0 ? null : this.#largest;
  }
}
