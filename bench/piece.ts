/** The form of a benchmark: one file a piece of work, each row ours against a peer's in the same run. */

/** A measured value beside the peer's. */
export interface BenchRow {
  readonly work: string;
  readonly unit: string;
  /** The median of our runs. */
  readonly ours: number;
  readonly runs: number;
  /** What the issue of the work allows at the most, where it names a limit. */
  readonly atMost?: number;
  readonly peer: PeerValue;
}

/** The median of the peer's runs, or why there is none. */
export type PeerValue =
  | { readonly name: string; readonly value: number; readonly skipped?: undefined }
  | { readonly name: string; readonly value?: undefined; readonly skipped: string };

/** One piece of work. */
export interface Piece {
  readonly name: string;
  /** @param progress is called with one line before each run */
  measure(progress: (line: string) => void): Promise<BenchRow[]>;
}

/**
 * The median.
 * @throws RangeError where there is no value
 * @example median([3, 1, 2, 10]) // 2.5
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined)
    throw new RangeError("Cannot take the median: at least one value is needed, got none");
  return (lower + upper) / 2;
}
