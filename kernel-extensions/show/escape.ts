/**
 * Text from data made harmless: the one place where captions, attributions, keys and messages become part of HTML,
 * Markdown, SVG, an address or a terminal's line.
 *
 * Two steps everywhere: first what cannot be seen is made visible (control characters, marks that turn the direction
 * of writing, halves of surrogate pairs), then what the target language would read as markup is escaped.
 */

/** The address that stands where a forbidden one was given. */
export const BLOCKED_ADDRESS = "about:blank#blocked";

/** Attributes longer than this are no addresses that a person wrote, but embedded pictures may be. */
const EMBEDDED_PICTURE: RegExp = /^data:image\/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/=]*$/i;

// Control characters but tab and line feed; marks of direction; line separators; byte order mark; interlinear marks.
const INVISIBLE: RegExp =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g;

/**
 * The text with everything that acts without being seen written out as an escape, lone surrogates as U+FFFD.
 * Tabs and line feeds stay; carriage returns before a line feed are dropped. Safe for a terminal.
 * @example visibleText("a\u202eb\u001b[31m") // "a\\u{202e}b\\u{1b}[31m"
 */
export function visibleText(text: string): string {
  return wellFormed(text.replace(/\r\n/g, "\n")).replace(
    INVISIBLE,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}

/** Visible text in one line: each run of white space is one space. */
export function oneLine(text: string): string {
  return visibleText(text.replace(/\s+/g, " ").trim());
}

/**
 * At most `limit` characters of a text, with the count of those left out.
 * @param limit at least 1, in code points
 * @example truncate("abcdefgh", 3) // "abc… (+5 characters)"
 */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text.slice(0, 2 * limit + 2)).slice(0, limit);
  const kept = characters.join("");
  const rest = countCodePoints(text) - characters.length;
  if (rest === 0) return text;
  return `${kept}… (+${rest.toLocaleString("en-US")} ${rest === 1 ? "character" : "characters"})`;
}

/**
 * Text for HTML and SVG, between tags as well as in a quoted attribute.
 * @example escapeHtml(`<b title="x">`) // "&lt;b title=&quot;x&quot;&gt;"
 */
export function escapeHtml(text: string): string {
  return visibleText(text).replace(/[&<>"'`]/g, (character) => HTML_ENTITIES[character] ?? character);
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * Text for Markdown, as one line: what could begin a heading, a list, a link, a picture, HTML, mathematics or an
 * address that links itself becomes a character reference. A point between digits and a hyphen between letters stay.
 * @example escapeMarkdown("![x](y) 1.5") // "&#33;&#91;x&#93;&#40;y&#41; 1.5"
 */
export function escapeMarkdown(text: string): string {
  const line = oneLine(text);
  return line.replace(/[!"#$&'()*+\-.:<=>@[\\\]_`{|}~]/g, (character, at: number) => {
    const before = line[at - 1] ?? "";
    const after = line[at + 1] ?? "";
    if (character === "." && /\d/.test(before) && /\d/.test(after)) return character;
    if (character === "-" && /[\p{L}\d]/u.test(before) && /[\p{L}\d]/u.test(after)) return character;
    return `&#${character.charCodeAt(0)};`;
  });
}

/**
 * An address that a browser may follow: http, https, mailto, a relative one, or an embedded PNG, JPEG, GIF or WebP;
 * anything else (`javascript:`, `data:text/html`, ...) becomes `BLOCKED_ADDRESS`. Not yet escaped for its context.
 * @example safeAddress("java\tscript:alert(1)") // "about:blank#blocked"
 */
export function safeAddress(address: string): string {
  // Browsers drop these before they look for the scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  const seen = wellFormed(address).replace(/[\u0000-\u0020\u007f-\u009f\u2028\u2029]+/g, "");
  const scheme = /^[^/?#]*?:/.exec(seen)?.[0].toLowerCase();
  if (scheme === undefined || ["http:", "https:", "mailto:"].includes(scheme)) return seen;
  return EMBEDDED_PICTURE.test(seen) ? seen : BLOCKED_ADDRESS;
}

function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

function countCodePoints(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
