/**
 * What a size term can mean: x = distance / b, of n rows' moments to those of a set of N images.
 *
 * 1/n - 1/N where the set holds the rows, 1/n + 1/N where it is an independent one of the same law, 1/N - 1/n where it is
 * a part of the rows.
 */
import type { Interval } from "../core/index.js";

/** One set that moments may be of. */
export interface ReferenceReading {
  readonly set: "the rows" | "a set that holds the rows" | "an independent set" | "a part of the rows";
  /** Infinity where x is what no finite number makes, but one within its interval is. */
  readonly count: number;
  /** 95 %; Infinity where no number is too large. */
  readonly interval: Interval;
}

/** A size term with its interval. */
export interface SizeTermRange extends Interval {
  readonly value: number;
}

/**
 * Every set that a size term allows.
 * @example readingsOf({ value: 9e-4, low: 8e-4, high: 9.5e-4 }, 1000)[0] // a set that holds the rows: 10,000
 */
export function readingsOf({ value, low, high }: SizeTermRange, n: number): ReferenceReading[] {
  const holding = (x: number) => (x < 1 / n ? 1 / (1 / n - x) : Number.POSITIVE_INFINITY);
  const independent = (x: number) => (x > 1 / n ? 1 / (x - 1 / n) : Number.POSITIVE_INFINITY);
  const part = (x: number) => 1 / (x + 1 / n);
  const readings: ReferenceReading[] = [];
  if (low < 1 / n)
    readings.push({
      set: "a set that holds the rows",
      count: holding(value),
      interval: { low: holding(low), high: holding(high) },
    });
  if (high > 1 / n)
    readings.push({
      set: "an independent set",
      count: independent(value),
      interval: { low: independent(high), high: independent(low) },
    });
  readings.push({
    set: "a part of the rows",
    count: part(value),
    interval: { low: part(high), high: part(low) },
  });
  return readings;
}

/**
 * The readings in words, after "The moments are".
 * @example readingsText(readings, 1000) // "of about 10,000 images (95 %: ...) if those hold the 1,000 rows, or of ..."
 */
export function readingsText(readings: readonly ReferenceReading[], n: number): string {
  return readings
    .map(({ set, count, interval }) => {
      const range = `95 %: ${text(interval.low)} ${interval.high === Number.POSITIVE_INFINITY ? "or more" : `to ${text(interval.high)}`}`;
      const about =
        count === Number.POSITIVE_INFINITY ? `of very many (${range})` : `of about ${text(count)} (${range})`;
      if (set === "a part of the rows") return `${about} of the rows alone`;
      return set === "an independent set"
        ? `${about} independent images, if their law is that of the rows`
        : `${about} images that hold the ${text(n)} rows`;
    })
    .join(", or ");
}

/** Three digits: more is not known. */
function text(count: number): string {
  return Number(count.toPrecision(3)).toLocaleString("en-US");
}
