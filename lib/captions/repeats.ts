/**
 * Captions that repeat another one word for word, case and punctuation apart.
 *
 * Each normalised caption is remembered by 52 bits of a hash: among two million distinct ones, two different captions
 * are taken for the same with a probability of about 1 in 2,000.
 */
import { words } from "../text/index.js";
import type { Captions } from "./caption.js";

/** A caption that occurs more than once. */
export interface RepeatedCaption {
  /** As it was first seen to repeat. */
  readonly caption: string;
  readonly count: number;
}

/** What was found. */
export interface RepeatedCaptions {
  readonly captions: number;
  readonly distinct: number;
  /** Captions that say what an earlier one said. */
  readonly repeats: number;
  /** The most frequent ones. */
  readonly top: readonly RepeatedCaption[];
  /** Captions that came when all places were taken and match none: repeats among them are not counted. */
  readonly unseen: number;
}

/** Distinct captions remembered if nothing else is said: about 100 MB. */
const PLACES = 2_000_000;
/** Texts of repeated captions that are kept. */
const KEPT_TEXTS = 10_000;

/**
 * The captions that occur more than once: the same words in the same order.
 * @param options `top`: how many to give (20), `places`: distinct captions to remember (2,000,000)
 */
export async function repeatedCaptions(
  captions: Captions,
  options: { readonly top?: number; readonly places?: number } = {},
): Promise<RepeatedCaptions> {
  const { top = 20, places = PLACES } = options;
  const seen = new Set<number>();
  const repeated = new Map<number, { caption: string; count: number }>();
  let total = 0;
  let repeats = 0;
  let unseen = 0;
  for await (const { caption } of captions) {
    total++;
    const key = hash52(words(caption).join(" "));
    if (!seen.has(key)) {
      if (seen.size < places) seen.add(key);
      else unseen++;
      continue;
    }
    repeats++;
    const known = repeated.get(key);
    if (known !== undefined) known.count++;
    else if (repeated.size < KEPT_TEXTS) repeated.set(key, { caption, count: 2 });
  }
  const sorted = [...repeated.values()].sort((a, b) => b.count - a.count || (a.caption < b.caption ? -1 : 1));
  return { captions: total, distinct: seen.size, repeats, top: sorted.slice(0, top), unseen };
}

/** Two 32-bit hashes (multiply and xor, as cyrb53), 52 bits of them. */
function hash52(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (b >>> 12) * 0x1_0000_0000 + (a >>> 0);
}
