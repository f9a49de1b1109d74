/** Text out of a file as messages may show it: names in weights and archives are hostile. */

/** Characters of a name that a message shows. */
const SHOWN_CHARACTERS = 100;

/**
 * A name from a file for a message: what could steer a terminal or turn the direction of text becomes a question mark,
 * and a long name is cut.
 * @example shownName("a\u001b[2Jb") // "a?[2Jb"
 */
export function shownName(name: string): string {
  const start = name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}...` : name;
  return shownText(start);
}

/** A text that may quote a file, whole, with the same characters taken out. */
export function shownText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "?");
}
