/** Text in other scripts than the Latin one: captions are asked for in English, but may copy signs. */
import { type Share, shareOf } from "../core/index.js";
import { type CaptionType, captionTypes } from "../corpus/index.js";
import type { Captions } from "./caption.js";

/** Scripts that are told apart; every other one is "other". */
const SCRIPTS = (
  "Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana " +
  "Kannada Katakana Khmer Lao Malayalam Myanmar Sinhala Tamil Telugu Thai Tibetan"
).split(" ");
const PATTERNS: readonly (readonly [string, RegExp])[] = SCRIPTS.map((name) => [
  name,
  new RegExp(`\\p{Script=${name}}`, "u"),
]);
// letters that belong to no script of their own, such as the ordinal signs, are not foreign
const FOREIGN_LETTER = /(?=\p{L})[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;
const KNOWN = new RegExp(SCRIPTS.map((name) => `\\p{Script=${name}}`).join("|"), "gu");

/**
 * The scripts, other than Latin, of a text's letters, in alphabetical order.
 * @example otherScripts("A sign reads 東京 タワー") // ["Han", "Katakana"]
 */
export function otherScripts(text: string): string[] {
  if (!FOREIGN_LETTER.test(text)) return [];
  const found = PATTERNS.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
  return FOREIGN_LETTER.test(text.replace(KNOWN, "")) ? [...found, "other"] : found;
}

/** The captions of one type with letters of other scripts. */
export interface TypeScripts extends Share {
  readonly caption_type: CaptionType;
  /** Captions by script; one can hold several. */
  readonly scripts: { readonly [script: string]: number };
}

/** The share of captions with letters of other scripts than Latin, by type. */
export async function otherScriptShares(captions: Captions): Promise<TypeScripts[]> {
  const counts = new Map(
    captionTypes.map((type) => [type, { all: 0, foreign: 0, scripts: new Map<string, number>() }]),
  );
  for await (const { caption_type, caption } of captions) {
    const count = counts.get(caption_type)!;
    count.all++;
    const scripts = otherScripts(caption);
    if (scripts.length > 0) count.foreign++;
    for (const script of scripts) count.scripts.set(script, (count.scripts.get(script) ?? 0) + 1);
  }
  return captionTypes
    .filter((type) => counts.get(type)!.all > 0)
    .map((caption_type) => {
      const { all, foreign, scripts } = counts.get(caption_type)!;
      return { caption_type, ...shareOf(foreign, all), scripts: Object.fromEntries([...scripts].sort()) };
    });
}
