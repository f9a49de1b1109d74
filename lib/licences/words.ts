/**
 * Reads a licence's name as words: what looks the same to a reader of Latin script becomes the same, and nothing else.
 *
 * Letters of A to Z lose their case, spaces and dashes of every kind become separators, the accents of the European
 * wordings of Creative Commons are dropped. Nothing is decomposed or mapped by compatibility: a Cyrillic "С", a
 * full-width "Ｂ" or a zero-width space stays what it is, becomes a word of its own, and no licence has such a word.
 */

const ACCENTS: readonly (readonly [RegExp, string])[] = [
  [/[àáâãäÀÁÂÃÄ]/g, "a"],
  [/[çÇ]/g, "c"],
  [/[èéêëÈÉÊË]/g, "e"],
  [/[ìíîïÌÍÎÏ]/g, "i"],
  [/[ñÑ]/g, "n"],
  [/[òóôõöÒÓÔÕÖ]/g, "o"],
  [/[ùúûüÙÚÛÜ]/g, "u"],
  [/ß/g, "ss"],
];

/** Dashes of typography, the no-break hyphen, the minus sign, the underscore of wiki titles. */
const DASHES = /[\u2010-\u2015\u2212_]/g;
/** Numbers with their dots, runs of letters, and every other sign that separates nothing alone. */
const WORD = /\d+(?:\.\d+)*|[a-z]+|[^\sa-z\d\-.:"'“”‘’«»]/g;

/**
 * The same text in small letters A to Z without the accents of European languages.
 * @example fold("Licence “PATERNITÉ”") // "licence “paternite”"
 */
export function fold(text: string): string {
  let folded = text.replace(DASHES, "-").replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  if (/[^\0-\x7f]/.test(folded)) for (const [from, to] of ACCENTS) folded = folded.replace(from, to);
  return folded;
}

/**
 * The words of a folded text; signs that join or divide licences (comma, bar, slash, plus, brackets) are words.
 * @example wordsOf("cc-by-sa-3.0,2.5") // ["cc", "by", "sa", "3.0", ",", "2.5"]
 */
export function wordsOf(folded: string): string[] {
  return folded.match(WORD) ?? [];
}

/**
 * The key by which names are looked up: the words, one space apart.
 * @example keyOf("Public-Domain Mark 1.0") // "public domain mark 1.0"
 */
export function keyOf(text: string): string {
  return wordsOf(fold(text)).join(" ");
}
