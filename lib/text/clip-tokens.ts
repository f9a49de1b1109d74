/**
 * CLIP tokens: byte pair encoding as OpenAI's tokenizer does it, which decides what fits into 77 places.
 *
 * Source: `SimpleTokenizer` of OpenAI's CLIP in open_clip 3.3 (which knows the marks as `<start_of_text>` and
 * `<end_of_text>`; OpenAI's first version wrote `<|startoftext|>`, which is ordinary text here).
 * Known differences: misread UTF-8 is not repaired (see fix-text), and letters are those of the Unicode version of
 * the JavaScript engine, which may know a few hundred rare ones more than the Python at hand.
 */
import { mergeTokens } from "./clip-merge.js";
import { clipMarks, clipVocabulary } from "./clip-vocabulary.js";
import { fixText } from "./fix-text.js";
import { unescapeHtml } from "./html-entities.js";

/** How many places CLIP's text encoder has, with the marks of start and end. */
export const CLIP_CONTEXT = 77;

/** Words whose tokens are remembered; beyond it the memory starts anew. Captions of a shard use about 20,000. */
const CACHED_WORDS = 65_536;
/** Longer words are not remembered, so that hostile text cannot fill the memory. */
const CACHED_WORD_LENGTH = 48;

const PIECE =
  /<start_of_text>|<end_of_text>|'[sſ]|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;
// U+0345 is in no class of the reference (its folded form is a letter, it is not), so it parts like a space
const GAPS = /(?:\p{White_Space}|\u0345)+/gu;
const PLAIN = /^[\x20-\x25\x27-\x7e]*$/;
const utf8 = new TextEncoder();
const cache = new Map<string, Uint16Array>();

/**
 * The ids of a text's tokens, without the marks of start and end.
 * @example clipTokens("a red bicycle") // [320, 736, 11652]
 */
export function clipTokens(text: string): number[] {
  const ids: number[] = [];
  for (const piece of pieces(text)) for (const id of tokensOf(piece)) ids.push(id);
  return ids;
}

/**
 * How many tokens of CLIP a text has, without the marks of start and end: 75 fit into its 77 places.
 * @example countClipTokens("a red bicycle leaning on a brick wall") // 8
 */
export function countClipTokens(text: string): number {
  let count = 0;
  for (const piece of pieces(text)) count += tokensOf(piece).length;
  return count;
}

/** The words, digits and runs of signs of a text as CLIP reads it: repaired, unescaped, in lower case. */
function pieces(text: string): readonly string[] {
  if (PLAIN.test(text)) return text.toLowerCase().match(PIECE) ?? [];
  const cleaned = unescapeHtml(unescapeHtml(fixText(text)))
    .toLowerCase()
    .replace(GAPS, " ");
  return cleaned.match(PIECE) ?? [];
}

function tokensOf(piece: string): Uint16Array {
  const known = cache.get(piece);
  if (known !== undefined) return known;
  const tokens = encode(piece);
  if (piece.length <= CACHED_WORD_LENGTH) {
    if (cache.size >= CACHED_WORDS) cache.clear();
    // a copy: a piece of a match would keep its whole caption in memory
    cache.set(Buffer.from(piece).toString(), tokens);
  }
  return tokens;
}

function encode(piece: string): Uint16Array {
  if (piece === "<start_of_text>") return Uint16Array.of(clipMarks.start);
  if (piece === "<end_of_text>") return Uint16Array.of(clipMarks.end);
  const vocabulary = clipVocabulary();
  const tokens = Uint16Array.from(utf8.encode(piece), (byte) => vocabulary.byteIds[byte]!);
  tokens[tokens.length - 1]! += 256;
  return mergeTokens(tokens, vocabulary);
}
