/**
 * Text from data made harmless for credits: Markdown, HTML, CSV and JSON Lines.
 *
 * First what acts without being seen is written out (control characters, marks that turn the direction of writing,
 * lone surrogates), then what the format would read as markup is escaped. JSON keeps every character, as an escape.
 */

/** Longest address that becomes a link. */
const MAX_LINK_CHARS = 2048;

const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u001f\u007f-\u009f]+/g;
const UNSEEN = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
/** Words of visible ASCII, one space apart: most keys, names and addresses. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * One line of text in which everything can be seen: control characters and line ends are a space, marks of direction
 * and other unseen characters are written out, halves of surrogate pairs are U+FFFD.
 * @example visibleLine("a\u202eb\nc") // "a[U+202E]b c"
 */
function visibleLine(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(CONTROL, " ")
    .replace(UNSEEN, (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`)
    .replace(LONE_SURROGATE, "\ufffd")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * Text inside a paragraph, a heading or a list item of Markdown (CommonMark and GitHub's), where it stays text.
 * @example markdownText("# *a* <b>") // "\\# \\*a\\* \\<b\\>"
 */
export function markdownText(text: string): string {
  return visibleLine(text)
    .replace(/[\\`*_{}[\]<>&#|~^$!@]/g, "\\$&")
    .replace(/:(?=\S)/g, "\\:")
    .replace(/\.(?=\S)/g, "\\.")
    .replace(/^([-+=:])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

/** An address inside the pointed brackets of a Markdown link; of `safeUrl`. */
export function markdownAddress(url: string): string {
  return url.replace(/&/g, "&amp;");
}

/** Text for HTML, between tags and in quoted attributes. */
export function htmlText(text: string): string {
  return visibleLine(text).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * A cell of CSV (RFC 4180). A cell that a spreadsheet would take for a formula (it begins with = + - @, or with their
 * full-width forms) gets an apostrophe in front; that is the one way in which a cell differs from its visible text.
 * @example csvCell('=1+"1"') // "\"'=1+\"\"1\"\"\""
 */
export function csvCell(text: string): string {
  const line = visibleLine(text);
  const guarded = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(line) ? `'${line}` : line;
  return /[",]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** One line of JSON; every character is kept, those that act unseen as escapes. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value).replace(
    /[\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )}\n`;
}

/**
 * An address that may become a link: http or https, without user and password, in ASCII as a browser would ask for
 * it, without a sign that Markdown or HTML could read.
 * @returns undefined where it may not
 * @example safeUrl("javascript:alert(1)") // undefined
 */
export function safeUrl(address: string): string | undefined {
  const text = address.trim();
  if (text.length > MAX_LINK_CHARS || !/^(?:https?:)?\/\/\S+$/i.test(text)) return undefined;
  const absolute = text.startsWith("//") ? `https:${text}` : text;
  if (!URL.canParse(absolute)) return undefined;
  const { protocol, username, password, hostname, href } = new URL(absolute);
  if (!/^https?:$/.test(protocol) || username !== "" || password !== "" || !hostname.includes("."))
    return undefined;
  return href.replace(
    /[^\w\-.~:/?#@!$&+,;=%]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
