/**
 * Whether a caption is English: by its letters, and by the small words of prose.
 *
 * A model that reads a foreign sign may go on in its language. Words between double quotation marks are copies and do not
 * count; nor do words of other languages with a capital within the text, which are names (Los Angeles). Known limits: tags have no small words, so a tag in another language of Latin letters is not found; nor is prose
 * that mixes languages with English ahead.
 */
import type { CaptionType } from "../corpus/index.js";

/** Share of letters that must be Latin ones, outside of copies. */
const LEAST_LATIN_SHARE = 0.9;
/** Words below which small words say nothing. */
const LEAST_WORDS = 6;

/** English words that hold sentences together, and some that captions are made of. */
const ENGLISH = new Set(
  (
    "a an the and or but of in on at by to from with without for near under over above below behind beside between " +
    "through against along around across into onto inside outside while that which its it their there is are has have " +
    "were be been being does did not nor than then up down out off both many few more most any who whose what when where " +
    "how one two three several some other each next as his her he she they them " +
    "wearing standing sitting holding lying looking white black red blue green yellow brown gray small"
  ).split(" "),
);

/**
 * The same of German, French, Spanish, Portuguese, Italian and Dutch. What is an English word too is in neither list: den,
 * van, met, do, no, con, due, lo, um, op, para.
 */
const OTHER = new Set(
  (
    "der das und ein eine einem einen einer ist sind mit auf dem im vor neben unter hinter zwei " +
    "le la les des du un une et est sont dans avec sur sous deux au aux " +
    "el los las una y es en sobre dos del por junto " +
    "os uma da na com em ao " +
    "il gli della di che sono nel nella su accanto " +
    "de het een naast twee zijn"
  ).split(" "),
);

/**
 * What speaks against a caption being English; undefined where nothing does.
 * @example notEnglish("short", "Ein rotes Boot liegt vor einem Strand") // "3 words of other languages, 0 of English"
 */
export function notEnglish(type: CaptionType, text: string): string | undefined {
  const own = text.replace(/"[^"\n]{0,300}"|“[^”\n]{0,300}”/g, " ");
  const letters = own.match(/\p{L}/gu)?.length ?? 0;
  const latin = own.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (latin < LEAST_LATIN_SHARE * letters) return `${letters - latin} of ${letters} letters are not Latin`;
  if (type === "tag") return undefined;
  const words = own.match(/\p{L}+/gu) ?? [];
  if (words.length < LEAST_WORDS) return undefined;
  const english = words.filter((word) => ENGLISH.has(word.toLowerCase())).length;
  const other = words.filter((word, i) => OTHER.has(i === 0 ? word.toLowerCase() : word)).length;
  return english === 0 || other > english
    ? `${other} words of other languages, ${english} of English`
    : undefined;
}
