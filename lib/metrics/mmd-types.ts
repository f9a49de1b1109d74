/** What the maximum mean discrepancy is asked for, and what it answers. */
import type { Interval } from "../core/index.js";
import type { ProductType } from "./neighbours-product.js";
import type { PairControl } from "./neighbours-tiles.js";

/** What both estimates can be told. */
export interface MmdControl extends PairControl {
  /** Between 0 and 1, default 0.95. */
  readonly confidence?: number;
  /**
   * What products of rows are made in. Default float64 where that takes some seconds at most, else float32, whose error
   * at 10,000 x 1024 a side is about 1e-12 of the mean kernel.
   */
  readonly products?: ProductType;
}

/** The reference's estimate is asked for. */
export interface MmdOptions extends MmdControl {
  /** Default 100. */
  readonly subsets?: number;
  /** Rows of each side in a subset at the most, at least 2. Default 1000. */
  readonly subsetRows?: number;
  /** Default 0. */
  readonly seed?: number | string;
}

/** Squared maximum mean discrepancy of two sets. */
export interface MmdEstimate {
  /** Unbiased, so that it may be negative where the laws are one. */
  readonly mmd: number;
  readonly standardError: number;
  /** Normal around the estimate. */
  readonly interval: Interval;
  readonly confidence: number;
  readonly products: ProductType;
}

/** The mean over subsets; its standard error and interval are of the drawing of subsets from these rows alone. */
export interface Mmd extends MmdEstimate {
  /** The estimate of each subset. */
  readonly values: Float64Array;
  readonly subsetRows: number;
  readonly seed: number | string;
}

/** The estimate of all pairs; its standard error and interval are over new samples of as many images. */
export interface MmdAllPairs extends MmdEstimate {
  readonly counts: { readonly real: number; readonly generated: number };
}
