/**
 * HTML's character references, as Python and ftfy resolve them (the two rules differ).
 *
 * Source: html.unescape of CPython, `unescape_html` of ftfy 6.3; the table of names is that of the npm package
 * `entities`, which is HTML5's.
 */
import { decodeHTML, decodeHTMLStrict } from "entities";

const REFERENCE = /&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g;
const CLOSED_REFERENCE = /&#?[0-9A-Za-z]{1,24};/g;
/** 0x80 to 0x9F; the five holes stand for themselves. Node's TextDecoder reads windows-1252 as Latin-1 in some versions. */
const WINDOWS_1252_UPPER = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/**
 * The text with character references resolved as HTML5 does, with or without a closing semicolon.
 * @example unescapeHtml("fish &amp chips &#x41;") // "fish & chips A"
 */
export function unescapeHtml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (found) => (found[1] === "#" ? numbered(found) : decodeHTML(found)));
}

/**
 * The text with closed references resolved only, and with the names of lower-case letters also in capitals.
 * @example unescapeClosedHtml("P&EACUTE;REZ &amp chips") // "PÉREZ &amp chips"
 */
export function unescapeClosedHtml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(CLOSED_REFERENCE, (found) => {
    if (found[1] === "#") {
      const character = unescapeHtml(found);
      return character.includes(";") ? found : character;
    }
    const named = decodeHTMLStrict(found);
    if (named !== found) return named;
    const lower = found.toLowerCase();
    if (found !== lower.toUpperCase() || unescapeHtml(found) !== found) return found;
    const lowerNamed = decodeHTMLStrict(lower);
    return lowerNamed === lower ? found : lowerNamed.toUpperCase();
  });
}

/** The character of a byte from 0x80 to 0x9F in Windows-1252. */
export function windows1252(byte: number): string {
  return WINDOWS_1252_UPPER[byte - 0x80]!;
}

function numbered(reference: string): string {
  const digits = reference.replace(/^&#|;$/g, "");
  const code = /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  if (code === 0) return "\ufffd";
  if (code === 0x0d) return "\r";
  if (code >= 0x80 && code <= 0x9f) return windows1252(code);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return "\ufffd";
  return isNoCharacter(code) ? "" : String.fromCodePoint(code);
}

/** What HTML5 calls a control or a noncharacter, and Python leaves out. */
function isNoCharacter(code: number): boolean {
  return (
    (code >= 0x01 && code <= 0x08) ||
    code === 0x0b ||
    (code >= 0x0e && code <= 0x1f) ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0xfdd0 && code <= 0xfdef) ||
    (code & 0xfffe) === 0xfffe
  );
}
