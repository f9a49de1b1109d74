/**
 * Traces that a caption came out of a chat: Markdown, JSON, meta phrases, labels, marks of the model.
 *
 * The lists of phrases are ours: the prompts forbid the kind, not the wording. Every pattern takes linear time.
 */

/** A piece of a text and where it begins. */
export interface Found {
  /** At most 80 characters of it. */
  readonly found: string;
  /** Offset in UTF-16 units. */
  readonly at: number;
}

const LONGEST_EVIDENCE = 80;

/**
 * The first match of a pattern.
 * @param pattern without the flag g
 */
export function find(pattern: RegExp, text: string): Found | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : { found: match[0].trim().slice(0, LONGEST_EVIDENCE), at: match.index };
}

const MEDIUM_WORD = "(?:image|photo|photograph|picture|scene|shot|snapshot|frame|view)";
const SHOWS =
  "(?:shows?|showing|depicts?|depicting|features?|captures?|portrays?|presents?|displays?|contains?|is of)";

/** A beginning that speaks of the picture instead of what is in it: "The image shows", "This is a", "In this scene". */
export const META_OPENING: RegExp = new RegExp(
  `^["'“‘\\s]*(?:` +
    `(?:the|this|an?)(?: [\\w-]+)? ${MEDIUM_WORD} (?:${SHOWS}|of)\\b` +
    `|in (?:the|this) ${MEDIUM_WORD}\\b` +
    `|(?:this|that|here|it) (?:is|was|${SHOWS})\\b|(?:these|those|here) are\\b` +
    `|(?:we|you|one)(?: can)? see\\b|(?:shown|pictured|depicted|seen) (?:here|is|are)\\b` +
    `|(?:image|photo|photograph|picture) of\\b)`,
  "i",
);

/** The same, anywhere in the text. */
export const META_PHRASE: RegExp = new RegExp(
  `\\b(?:the|this) (?:image|photo|photograph|picture) ${SHOWS}\\b|\\bin (?:the|this) (?:image|photo|photograph|picture)\\b`,
  "i",
);

/** A line that begins as an item of a list. */
export const LIST_ITEM: RegExp = /^ {0,8}(?:[-*•+] |\d{1,3}[.)] )\S?/m;
/** A line that begins as a heading of Markdown, or is nothing but a label: "Caption:". */
export const HEADING: RegExp = /^ {0,3}#{1,6} \S?|^ {0,3}[\w ]{1,40}:[ \t]*$/m;
/** Emphasis, code, tables, links of Markdown. */
export const MARKDOWN: RegExp = /\*\*[^*\n]|(?<!\w)__[^_\n]|```|`[^`\n]{1,200}`|^ {0,3}\|.{0,200}\||\]\(/m;
/** The beginning of an object or a list of JSON, or a member of one. */
export const JSON_TEXT: RegExp =
  /^\s{0,20}(?:\{\s{0,20}["}]|\[\s{0,20}["{\]])|"\w{1,40}"\s{0,5}:\s{0,5}["{[\d]/;
/** Elements of HTML and entities. */
export const HTML_TEXT: RegExp = /<\/?[a-z][a-z0-9]{0,10}(?:\s[^<>]{0,200})?\/?>|&(?:[a-z]{2,8}|#\d{1,6});/i;
/** A label before the caption: "Caption:", "Short caption:", "Tags:". */
export const LABEL: RegExp =
  /^["'*\s]*(?:(?:short|medium|long|dense|final|image|tag)[ -])?(?:captions?|descriptions?|tags?|output|answer|response)\W{0,3}:/i;
/** A model that talks to its user. */
export const CHAT: RegExp =
  /^\W{0,3}(?:(?:sure|certainly|of course|okay|absolutely)[,!.:]|here(?:'s| is| are)(?: an?| the| your)?\b.{0,40}\b(?:caption|description|tags)\b|i(?:['’]m| am) sorry\b|sorry,|i can(?:['’]|no)t |as an ai\b)/i;
/** Marks of chat templates and of thinking. */
export const TEMPLATE_MARK: RegExp = /<\|[a-z_]{1,40}\|>|<\/?think>|<\/?(?:s|assistant|user)>|\[\/?INST\]/i;
