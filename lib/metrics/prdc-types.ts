/** What precision, recall, density and coverage are asked for, and what they answer. */
import type { PairControl } from "./neighbours-tiles.js";

/** How PRDC is taken; what is left out is the reference's way, but for the seed, which the reference lacks. */
export interface PrdcOptions extends PairControl {
  /** Neighbours that make a row's ball; all at once. Default [5]. */
  readonly k?: readonly number[];
  /** Rows of each side at the most, drawn by the seed; Infinity for all. Default 10,000. */
  readonly maxRows?: number;
  /** Default 0. */
  readonly seed?: number | string;
}

/** The four values for one k. */
export interface PrdcValues {
  readonly k: number;
  /** Share of generated images inside the ball of a real one: fidelity. */
  readonly precision: number;
  /** Share of real images inside the ball of a generated one: diversity. */
  readonly recall: number;
  /** Balls of real images that a generated one lies in, over k: fidelity; 1 in the mean for equal laws, may be more. */
  readonly density: number;
  /** Share of real images whose ball holds a generated one: diversity. */
  readonly coverage: number;
}

/** What each image did for one k, in the order of the rows that were drawn. */
export interface PrdcHits {
  readonly k: number;
  readonly real: {
    /** Distance to the k-th nearest other real image: the radius of the ball. */
    readonly radius: Float64Array;
    /** 1 where a generated image lies in its ball. */
    readonly isCovered: Uint8Array;
    /** 1 where it lies in the ball of a generated image. */
    readonly isRecalled: Uint8Array;
  };
  readonly generated: {
    readonly radius: Float64Array;
    /** Balls of real images that it lies in; it counts for precision where this is not 0. */
    readonly balls: Uint32Array;
  };
}

/** PRDC of two sets. */
export interface Prdc {
  /** The values, one for each k, in the order that they were asked for. */
  readonly k: readonly PrdcValues[];
  readonly hits: readonly PrdcHits[];
  /** Numbers of the rows that were drawn, rising. */
  readonly rows: { readonly real: Uint32Array; readonly generated: Uint32Array };
  readonly seed: number | string;
  /** Pairs that rounding of products left in doubt and their own distance in float64 decided. */
  readonly decidedExactly: number;
}
