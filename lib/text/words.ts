/**
 * The words of a text without punctuation, and their parts of speech.
 *
 * Parts of speech and lemmas are those of winkNLP's light English model (about 95 % right on news text by its
 * authors; captions are not news). In lists of tags, without sentences around them, it is less sure.
 */
import type { ItemToken } from "wink-nlp";
import { winkReader } from "./wink.js";

/** One word of a text. */
export interface TaggedWord {
  /** As it stands in the text. */
  readonly word: string;
  /** In lower case, without inflection: "dogs" is "dog". */
  readonly lemma: string;
  /** Universal Dependencies: NOUN, PROPN, ADJ, VERB, ... */
  readonly pos: string;
}

// letters, their marks and digits, joined by single apostrophes or hyphens
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;
const readTagged = winkReader(["pos"]);

/**
 * The words in lower case, without punctuation.
 * @example words("A well-lit café, 3.5 m.") // ["a", "well-lit", "café", "3", "5", "m"]
 */
export function words(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

/**
 * The words with lemma and part of speech; punctuation is left out.
 * @example tagWords("Two red dogs")[2] // { word: "dogs", lemma: "dog", pos: "NOUN" }
 */
export function tagWords(text: string): TaggedWord[] {
  const reader = readTagged(text);
  const { its } = reader.nlp;
  // the library's declarations give lemma an argument more than those of tokens may have
  const lemmaOf = its.lemma as unknown as typeof its.normal;
  const tagged: TaggedWord[] = [];
  reader.nlp
    .readDoc(reader.text)
    .tokens()
    .each((token: ItemToken) => {
      const pos = token.out(its.pos);
      if (pos === "PUNCT" || pos === "SYM" || pos === "SPACE") return;
      tagged.push({ word: token.out(), lemma: token.out(lemmaOf), pos });
    });
  return tagged;
}
