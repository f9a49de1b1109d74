/**
 * Counts words, sentences and characters of a text.
 *
 * Words are what stands between white space ("well-lit", "3.5" and "-" are one word each): the count of `wc` and of
 * `text.split()`, which published caption lengths use as a rule. Words without their punctuation: see `words`.
 * Sentences are those of winkNLP's English model. It knows abbreviations ("Mt. Fuji", "U.S. flag", "No. 5",
 * "7 p.m. on"), numbers ("3.5 m") and closing quotes; a list of tags is one sentence. Known faults: "waits...
 * Then it jumps" is one sentence, 'says "Go!" and runs' two, "1. A dog." two, and only a blank line, not a line
 * break, ends a sentence without a full stop; full stops of other scripts (。) are no boundary.
 * Intl.Segmenter is two to three times as fast and knows the full stops of other scripts, but cuts after "Mt.", "Dr.",
 * "St." and initials.
 */
import { winkReader } from "./wink.js";

/** Lengths of a text. */
export interface TextCounts {
  /** Runs of what is not white space. */
  readonly words: number;
  readonly sentences: number;
  /** Unicode code points. */
  readonly characters: number;
}

const readSentences = winkReader(["sbd"]);

/**
 * The lengths of a text; all are 0 where there is nothing but white space, except its characters.
 * @example countText("A U.S. flag. It waves.") // { words: 5, sentences: 2, characters: 22 }
 */
export function countText(text: string): TextCounts {
  return { words: countWords(text), sentences: countSentences(text), characters: countCodePoints(text) };
}

/**
 * The sentences of a text, without the white space around them.
 * @example splitSentences("Mt. Fuji rises. Snow falls.") // ["Mt. Fuji rises.", "Snow falls."]
 */
export function splitSentences(text: string): string[] {
  if (text.trim() === "") return [];
  if (isOneSentence(text)) return [text.trim()];
  const reader = readSentences(text);
  return reader.nlp.readDoc(reader.text).sentences().out();
}

function countSentences(text: string): number {
  if (text.trim() === "") return 0;
  if (isOneSentence(text)) return 1;
  const sure = sureSentences(text);
  if (sure !== undefined) return sure;
  const reader = readSentences(text);
  return reader.nlp.readDoc(reader.text).sentences().length();
}

/** Nothing that could end a sentence before the end: the library would find one, in ten times the time. */
function isOneSentence(text: string): boolean {
  const boundary = text.search(BOUNDARY);
  if (boundary === -1) return true;
  return !/[^.!?"'”’)\]\s]/.test(text.slice(boundary)) && !/[\n\r\u2028\u2029]/.test(text);
}

const BOUNDARY = /[.!?\n\r\u2028\u2029]/;

/**
 * How many sentences a text has in which every full stop but the last stands between a word of four small letters or
 * more, no abbreviation that the library knows, and a space with a capitalised word; undefined for other texts.
 * There the library always finds a boundary (a test asks it), and most captions are of this kind.
 */
function sureSentences(text: string): number | undefined {
  if (!SURE_TEXT.test(text)) return undefined;
  let sentences = 1;
  for (const [, word] of text.matchAll(SURE_BOUNDARY)) {
    if (ABBREVIATIONS.has(word!)) return undefined;
    sentences++;
  }
  return sentences;
}

const SURE_BOUNDARY = /(?<![\w'’-])([a-z]{4,})\. (?=[A-Z])/g;
const SURE_TEXT =
  /^[A-Z][\w ,;'-]*(?:(?<![\w'’-])[a-z]{4,}\. [A-Z][a-z]* [a-z][\w ,;'-]*)*(?<=(?<![\w'’-])[a-z]{4,})\.$/;
/** Of four letters or more; the library takes them with a capital or without. */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  (
    "miss prof shri capt mass sept mont reps wash anon approx assoc conn mgmt mich colo calif kans figs minn " +
    "dept govt corp univ appt blvd vols inch mount saint tenn okla penn sens gens cols hons"
  ).split(" "),
);

function countWords(text: string): number {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i++) {
    const isSpace = isWhiteSpace(text.charCodeAt(i));
    if (!isSpace && !inWord) words++;
    inWord = !isSpace;
  }
  return words;
}

/** White space as Unicode has it; all of it is in the first plane. */
function isWhiteSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return WHITE_SPACE.test(String.fromCharCode(code));
}

const WHITE_SPACE = /\p{White_Space}/u;

function countCodePoints(text: string): number {
  let units = text.length;
  for (let i = 1; i < text.length; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800;
    if (isPair) units--;
  }
  return units;
}
