/** How captions begin: their first one to three words, by type. */
import { type CaptionType, captionTypes } from "../corpus/index.js";
import { words } from "../text/index.js";
import type { Captions } from "./caption.js";
import { type Frequent, FrequentCounter } from "./frequent.js";

/** The openings of the captions of one type. */
export interface TypeOpenings extends Frequent {
  readonly caption_type: CaptionType;
  /** How many words an opening has. */
  readonly words: number;
}

/** Only the beginning of a caption is looked at. */
const BEGINNING = 256;

/**
 * The most frequent first words of captions, in lower case and without punctuation.
 * @param options `words` of an opening (1 to 3; 2 if not given), `top`: how many to give (20), `places`: distinct
 * openings that are remembered a type (200,000), see `Frequent.error`
 * @example (await captionOpenings(captions, { words: 1 }))[0].top[0] // { text: "a", count: 41, share: 0.55 }
 */
export async function captionOpenings(
  captions: Captions,
  options: { readonly words?: 1 | 2 | 3; readonly top?: number; readonly places?: number } = {},
): Promise<TypeOpenings[]> {
  const { words: size = 2, top = 20, places } = options;
  if (size !== 1 && size !== 2 && size !== 3)
    throw new RangeError(`Cannot count openings: they have 1, 2 or 3 words, got ${size}`);
  const counters = new Map(captionTypes.map((type) => [type, new FrequentCounter(places)]));
  for await (const { caption_type, caption } of captions) {
    const opening = words(caption.slice(0, BEGINNING)).slice(0, size).join(" ");
    counters.get(caption_type)!.add(opening);
  }
  return captionTypes
    .map((caption_type) => ({ caption_type, words: size, ...counters.get(caption_type)!.top(top) }))
    .filter(({ total }) => total > 0);
}
