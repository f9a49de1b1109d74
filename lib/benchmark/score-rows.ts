/** What numbers need that are made of the rows of both sides, and how they are given. */
import type { Interval } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import type { ScoreSides } from "./score-checks.js";

/** A value and its interval. */
export interface ScoreEstimate {
  readonly value: number;
  readonly interval: Interval | null;
}

/** How rows are drawn. */
export interface DrawOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** The rows of both sides, or why there are none. */
export function rowsOf({
  real,
  generated,
}: ScoreSides):
  | { readonly real: FeatureRows; readonly generated: FeatureRows }
  | { readonly missing: string } {
  if (real.rows !== undefined && generated.rows !== undefined)
    return { real: real.rows, generated: generated.rows };
  const which =
    real.rows !== undefined
      ? "the generated side has"
      : generated.rows !== undefined
        ? "the real side has"
        : "both sides have";
  return { missing: `${which} a mean and a covariance alone` };
}
