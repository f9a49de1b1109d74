/**
 * Repairs glitches of a text as ftfy does, which CLIP's tokenizer asks before it counts.
 *
 * Source: `fix_text` of ftfy 6.3 (Robyn Speer), its rules written anew. Done, in its order, until nothing changes:
 * closed HTML references (unless the text has a "<"), C1 controls as Windows-1252, Latin ligatures, full and half
 * width, curly quotes, line breaks, surrogates, terminal escapes, control characters, NFC.
 * Not done: `fix_encoding`, the repair of UTF-8 that was read in a one-byte encoding ("cafÃ©"): it is a
 * heuristic of some forty hand-made patterns and tables under ftfy's own licence, and captions by a model do not need it.
 * `mayBeMisread` tells the texts on which that difference can show. Texts of over a million characters without a
 * line break are not cut in pieces here.
 */
import { unescapeClosedHtml, windows1252 } from "./html-entities.js";

const LIGATURES: ReadonlyMap<string, string> = new Map(
  "Ĳ=IJ ĳ=ij ŉ=ʼn Ǳ=DZ ǲ=Dz ǳ=dz Ǆ=DŽ ǅ=Dž ǆ=dž Ǉ=LJ ǈ=Lj ǉ=lj Ǌ=NJ ǋ=Nj ǌ=nj ﬀ=ff ﬁ=fi ﬂ=fl ﬃ=ffi ﬄ=ffl ﬅ=ſt ﬆ=st"
    .split(" ")
    .map((pair) => [pair.slice(0, 1), pair.slice(2)]),
);
const LIGATURE = new RegExp(`[${[...LIGATURES.keys()].join("")}]`, "g");
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal escapes begin with one
const TERMINAL_ESCAPE = /\x1b\[[\p{Nd};]*[a-zA-Z]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROLS = /[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** Printable ASCII without "&": nothing of it is ever changed. */
const SOUND = /^[\t\n\x20-\x25\x27-\x7e]*$/;

/**
 * The text without ligatures, curly quotes, odd widths, control characters and closed HTML references, in NFC.
 * @example fixText("\u201cﬁne\u201d &hellip;") // '"fine" …'
 */
export function fixText(text: string): string {
  if (SOUND.test(text)) return text;
  let unescapes = true;
  return text
    .split(/(?<=\n)/)
    .map((segment) => {
      // one "<" ends it for the rest of the text too
      if (segment.includes("<")) unescapes = false;
      return fixSegment(segment, unescapes);
    })
    .join("");
}

/**
 * Whether a text holds a sequence that looks like UTF-8 read as Windows-1252, so that ftfy might repair more
 * than `fixText` does; it errs on the side of saying yes.
 * @example mayBeMisread("cafÃ©") // true
 */
export function mayBeMisread(text: string): boolean {
  return MISREAD.test(unescapeClosedHtml(text));
}

const MISREAD = /[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\ufffd]|[\u0080-\u009f]/;

function fixSegment(segment: string, unescapes: boolean): string {
  let text = segment;
  for (;;) {
    const before = text;
    if (unescapes) text = unescapeClosedHtml(text);
    text = text
      .replace(/[\u0080-\u009f]/g, (control) => windows1252(control.charCodeAt(0)))
      .replace(LIGATURE, (ligature) => LIGATURES.get(ligature)!)
      .replace(/\u3000/g, " ")
      .replace(/[\uff01-\uffef]/g, (wide) => wide.normalize("NFKC"))
      .replace(/[\u201c-\u201f]/g, '"')
      .replace(/[\u02bc\u2018-\u201b]/g, "'")
      .replace(/\r\n|[\r\u2028\u2029\u0085]/g, "\n")
      .replace(LONE_SURROGATE, "\ufffd")
      .replace(TERMINAL_ESCAPE, "")
      .replace(CONTROLS, "")
      .normalize("NFC");
    if (text === before) return text;
  }
}
