/**
 * winkNLP with its light English model, kept within bounds: long words and a growing memory.
 *
 * The library (wink-nlp 2.4) is fast on sentences and quadratic in the length of a word (100,000 apostrophes in a row
 * take it half a minute), and it remembers every word it has met (about 100 bytes each).
 */
import { createRequire } from "node:module";
import type winkNLP from "wink-nlp";
import type { Model, WinkMethods } from "wink-nlp";

/** No word of a caption is longer; of longer ones the middle is left out before the library reads them. */
const LONGEST_WORD = 64;
/** After so many texts the library is set up anew (60 ms), which frees the words it remembers. */
const TEXTS_REMEMBERED = 500_000;

/** The model's steps that a reader needs: sentence boundaries, and parts of speech. */
export type WinkPipe = readonly ("sbd" | "pos")[];

/**
 * A reader of English texts that runs the steps of `pipe`.
 * @returns a function from a text to winkNLP, ready to read it, and the text without the middle of overlong words
 */
export function winkReader(
  pipe: WinkPipe,
): (text: string) => { readonly nlp: WinkMethods; readonly text: string } {
  let nlp: WinkMethods | undefined;
  let texts = 0;
  return (text) => {
    if (nlp === undefined || texts++ >= TEXTS_REMEMBERED) {
      // loaded with the first text: whoever only adds up the paper's numbers needs no model
      const require = createRequire(import.meta.url);
      const load = require("wink-nlp") as typeof winkNLP;
      nlp = load(require("wink-eng-lite-web-model") as Model, [...pipe]);
      texts = 1;
    }
    return { nlp, text: withoutOverlongWords(text) };
  };
}

function withoutOverlongWords(text: string): string {
  if (text.length <= LONGEST_WORD) return text;
  const half = LONGEST_WORD / 2;
  return text.replace(OVERLONG, (word) => `${word.slice(0, half)}${word.slice(-half)}`);
}

const OVERLONG = new RegExp(`\\S{${LONGEST_WORD + 1},}`, "g");
