/**
 * Readers that do not read: generators that ask for ranges and are given bytes.
 *
 * A reader of a format written so runs over a file, a buffer, a server's ranges or a download alike, and knows of
 * none of them: whoever runs it decides how bytes come.
 */

/** A range that a reader asks for; one object may serve for all of its questions. */
export interface Need {
  /** First byte. */
  offset: number;
  /** Bytes wanted; fewer are given only where the source ends. */
  length: number;
  /** Nothing before this byte will be asked for again: whoever streams may forget it. At most `offset`. */
  keep: number;
  /** Where the source ends, told by who gives the bytes as soon as it is known. */
  end?: number;
}

/** A reader: yields needs, is given views that hold until it yields again, returns its result. */
export type Reading<T> = Generator<Need, T, Uint8Array>;
