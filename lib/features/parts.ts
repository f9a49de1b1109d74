/** Parts of a set on their way to features: who has which, and where what was made of them goes. */
import type { ImagePart } from "../images/index.js";
import type { ExtractedPart, ExtractFailure, RowBlock } from "./extract-types.js";
import type { Moments } from "./moments.js";

/** A part that is this process' to extract. */
export interface PartWork {
  readonly part: ImagePart;
  /** Takes rows in the order of the images; keys.length x width, row-major. */
  add(rows: Float32Array, keys: readonly string[]): Promise<void>;
  /** Takes an image that no features could be made of. */
  fail(failure: ExtractFailure): void;
  /** Makes it count; where another process took it over, what was made is thrown away and the part asked for again. */
  finish(): Promise<void>;
}

/** All parts of a set. */
export interface PartStore {
  /**
   * A part that is neither finished nor in somebody's hands; waits for those that others have, as they may die.
   * Undefined where all are finished, or in this process' own hands.
   */
  next(): Promise<PartWork | undefined>;
  /** Whether `next` has to be asked again: a part was lost, and who took it may die. */
  readonly hasMore: boolean;
  /** The parts that are finished so far, by name. */
  readonly finished: ReadonlyMap<string, ExtractedPart>;
  /** What finished parts hold: they stay readable when the store is closed. */
  readonly contents: PartContents;
  /** Throws away what is not finished, and gives it back. */
  close(): Promise<void>;
}

/** What finished parts hold. */
export interface PartContents {
  keys(part: string): Promise<string[]>;
  moments(part: string): Promise<Moments>;
  rowBlocks(part: string): AsyncGenerator<RowBlock, void, undefined>;
}
