/**
 * What captions speak of: their most frequent nouns, adjectives and colours.
 *
 * Parts of speech by winkNLP (see `tagWords`), which errs: in "the small red boat" it takes "small" for an adverb, in a
 * list of tags "leaves" for a verb. Every word is counted by its lemma. Colours are found by a list, as
 * adjectives and nouns alike, so an orange that is a fruit counts as a colour; "reddish" and "blue-green" do not.
 */
import { tagWords } from "../text/index.js";
import type { Captions } from "./caption.js";
import { type Frequent, FrequentCounter } from "./frequent.js";

/** The eleven basic colour terms of English (Berlin and Kay 1969), and the commonest others of captions. */
export const colourNames: ReadonlySet<string> = new Set(
  (
    "black white red green yellow blue brown orange pink purple gray " +
    "beige tan cream gold golden silver turquoise teal navy maroon violet magenta cyan lavender ivory bronze"
  ).split(" "),
);

/** The words of captions by what they are. */
export interface CaptionWords {
  readonly captions: number;
  /** Common nouns. */
  readonly nouns: Frequent;
  /** Adjectives, colours among them. */
  readonly adjectives: Frequent;
  /** "grey" is counted as "gray" (its lemma here). */
  readonly colours: Frequent;
}

/**
 * The most frequent nouns, adjectives and colours.
 * @param options `top`: how many of each to give (20), `places`: distinct words that are remembered (200,000)
 */
export async function captionWords(
  captions: Captions,
  options: { readonly top?: number; readonly places?: number } = {},
): Promise<CaptionWords> {
  const { top = 20, places } = options;
  const nouns = new FrequentCounter(places);
  const adjectives = new FrequentCounter(places);
  const colours = new FrequentCounter(places);
  let count = 0;
  for await (const { caption } of captions) {
    count++;
    for (const { lemma, pos } of tagWords(caption)) {
      if (pos === "NOUN") nouns.add(lemma);
      if (pos === "ADJ") adjectives.add(lemma);
      if (colourNames.has(lemma) && (pos === "ADJ" || pos === "NOUN" || pos === "PROPN")) colours.add(lemma);
    }
  }
  return {
    captions: count,
    nouns: nouns.top(top),
    adjectives: adjectives.top(top),
    colours: colours.top(top),
  };
}
