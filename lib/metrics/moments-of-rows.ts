/** Moments of rows in memory, all or some, wide ones through the engine: the thread has turns, and a signal stops it. */
import { setImmediate } from "node:timers/promises";
import { type FeatureRows, featureMoments, Moments } from "../features/index.js";
import type { MeanAndCovariance } from "./frechet-check.js";

/** Rows between two turns: some hundredths of a second at a width of 1,024. */
const ROWS_AT_ONCE = 1024;

/**
 * Moments of rows.
 * @param features n x D
 * @param numbers of the rows that are taken, which may come again; all where it is left out
 * @returns settled moments
 * @throws RangeError where a number is not finite; the signal's reason
 * @example (await momentsOfRows(rows, [4, 4, 0])).count // 3
 */
export async function momentsOfRows(
  { data, count, width }: FeatureRows,
  {
    numbers,
    signal,
  }: { readonly numbers?: ArrayLike<number>; readonly signal?: AbortSignal | undefined } = {},
): Promise<Moments> {
  const moments = Moments.of(width);
  const total = numbers?.length ?? count;
  const gathered =
    numbers &&
    new (data instanceof Float64Array ? Float64Array : Float32Array)(Math.min(total, ROWS_AT_ONCE) * width);
  for (let first = 0; first < total; first += ROWS_AT_ONCE) {
    signal?.throwIfAborted();
    const some = Math.min(ROWS_AT_ONCE, total - first);
    for (let at = 0; numbers && at < some; at++) {
      const from = numbers[first + at]! * width;
      gathered!.set(data.subarray(from, from + width), at * width);
    }
    const rows = gathered?.subarray(0, some * width) ?? data.subarray(first * width, (first + some) * width);
    await moments.addRows(rows, some);
    await setImmediate();
  }
  await moments.settle();
  return moments;
}

/** A side's moments: its own, or those of its rows. */
export async function momentsOfSide(
  side: FeatureRows | MeanAndCovariance,
  signal: AbortSignal | undefined,
): Promise<MeanAndCovariance> {
  return "data" in side ? featureMoments(await momentsOfRows(side, { signal })) : side;
}
