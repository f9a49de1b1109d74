/** A seeded draw of captions from a stream, for what is too slow or too large to do on all of them. */
import { Random } from "../core/index.js";
import type { Caption, Captions } from "./caption.js";

/** Options of whatever works on a draw. */
export interface DrawOptions {
  /** Seed of the draw and of what follows from it; 0 if not given. */
  readonly seed?: number | string;
  /** The most captions to draw; 20,000 if not given. */
  readonly limit?: number;
}

/** Captions drawn if nothing else is said: a few seconds of work for each function, about 20 MB. */
export const DRAWN_CAPTIONS = 20_000;

/**
 * At most `limit` captions, each as likely to be drawn (a reservoir), in the order of the stream.
 * @throws RangeError where the limit is not a positive integer
 */
export async function sampleCaptions(captions: Captions, options: DrawOptions = {}): Promise<Caption[]> {
  const { seed = 0, limit = DRAWN_CAPTIONS } = options;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new RangeError(`Cannot draw captions: the limit is a positive integer, got ${limit}`);
  const random = new Random(seed);
  const kept: { readonly at: number; readonly caption: Caption }[] = [];
  let at = 0;
  for await (const { caption_type, caption } of captions) {
    const place = at < limit ? at : random.integer(at + 1);
    // only the two fields: a record would keep its shard's reader alive
    if (place < limit) kept[place] = { at, caption: { caption_type, caption } };
    at++;
  }
  return kept.sort((a, b) => a.at - b.at).map((one) => one.caption);
}
