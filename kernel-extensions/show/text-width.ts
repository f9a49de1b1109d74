/** How wide text is: in columns of a terminal, and roughly in pixels of a sans-serif font. */

const WIDE: RegExp =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NO_WIDTH: RegExp = /\p{Mn}|\p{Me}|[\u200b-\u200d]|[\ufe00-\ufe0f]/u;

// Advance widths of Helvetica and its metric twins (Arial, Liberation Sans), in thousandths of the font size.
const NARROW = "ijl'|.,:;!I []()/\\ft-";
const BROAD = "mwMW@%";

/** The columns that a text takes in a terminal. */
export function terminalWidth(text: string): number {
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** The text filled up with spaces to `width` columns of a terminal; longer text stays as it is. */
export function pad(text: string, width: number, side: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - terminalWidth(text)));
  return side === "left" ? space + text : text + space;
}

/**
 * The approximate width of a text in a sans-serif font, the same on every machine.
 * @param fontPixels the font's size
 */
export function pixelWidth(text: string, fontPixels: number): number {
  let thousandths = 0;
  for (const character of text) {
    if (NO_WIDTH.test(character)) continue;
    if (WIDE.test(character)) thousandths += 1000;
    else if (NARROW.includes(character)) thousandths += 310;
    else if (BROAD.includes(character)) thousandths += 880;
    else thousandths += /\p{Lu}/u.test(character) ? 690 : 556;
  }
  return (thousandths * fontPixels) / 1000;
}

/**
 * A text broken into at most `lines` lines of at most `widthPixels`, between words where it can be; the last one ends
 * with an ellipsis where something is left out.
 */
export function wrapText(text: string, widthPixels: number, fontPixels: number, lines: number): string[] {
  const wrapped: string[] = [];
  let rest = text.trim();
  while (rest !== "" && wrapped.length < lines) {
    const last = wrapped.length === lines - 1;
    const fitting = fitLength(rest, widthPixels, fontPixels);
    if (fitting >= rest.length) {
      wrapped.push(rest);
      return wrapped;
    }
    const space = rest.lastIndexOf(" ", fitting);
    const end = space > fitting / 3 ? space : Math.max(1, fitting);
    if (last) {
      const shortened = rest.slice(0, fitLength(rest, widthPixels - pixelWidth("…", fontPixels), fontPixels));
      wrapped.push(`${shortened.trimEnd()}…`);
    } else wrapped.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return wrapped;
}

/** The UTF-16 length of the longest beginning of a text that fits. */
function fitLength(text: string, widthPixels: number, fontPixels: number): number {
  let width = 0;
  let length = 0;
  for (const character of text) {
    width += pixelWidth(character, fontPixels);
    if (width > widthPixels) return length;
    length += character.length;
  }
  return length;
}
