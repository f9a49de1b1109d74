/** Runs a reader that asks for ranges over bytes that are there, or over a part of a source. */
import type { ByteSource } from "./byte-source.js";
import { rangeFeed } from "./feed.js";
import type { Reading } from "./reading.js";

/**
 * Runs a reader over bytes that are all there.
 * @example runReading(reader, bytes)
 */
export function runReading<T>(reader: Reading<T>, bytes: Uint8Array): T {
  let step = reader.next();
  while (!step.done) {
    const { value: need } = step;
    need.end = bytes.length;
    step = reader.next(bytes.subarray(need.offset, need.offset + need.length));
  }
  return step.value;
}

/**
 * Runs a reader over a range of a source, as if the range were all there is.
 * @param offset where the range begins
 * @param length its bytes, all inside the source
 */
export async function runReadingAt<T>(
  reader: Reading<T>,
  source: ByteSource,
  offset: number,
  length: number,
): Promise<T> {
  const feed = rangeFeed(source, offset, length);
  let step = reader.next();
  while (!step.done) {
    const given = feed.take(step.value);
    step = reader.next(given instanceof Promise ? await given : given);
  }
  return step.value;
}
