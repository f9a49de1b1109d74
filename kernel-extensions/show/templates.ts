/**
 * Tagged templates for HTML, Markdown and SVG. The fixed parts are markup; every inserted value is text, escaped for
 * the place where it stands, but for pieces that the same template made.
 */
import { jupyterDisplay } from "./displayable.js";
import { BLOCKED_ADDRESS, escapeHtml, escapeMarkdown, safeAddress, visibleText } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { contextAfter, type MarkupContext } from "./markup-context.js";

/** The languages of the templates. */
export type MarkupKind = "html" | "md" | "svg";

const MIME_TYPES: Readonly<Record<MarkupKind, string>> = {
  html: "text/html",
  md: "text/markdown",
  svg: "image/svg+xml",
};

const ADDRESS_ATTRIBUTES = [
  "href",
  "xlink:href",
  "src",
  "action",
  "formaction",
  "poster",
  "cite",
  "background",
  "data",
];
/** Attributes that hold a program or a document, or several addresses. */
const FORBIDDEN_ATTRIBUTES: RegExp = /^(?:on.*|srcdoc|srcset|ping|style|attributename|values|from|to|by)$/;
/** Numbers, lengths, colours and names: nothing that could end a declaration or call a function. */
const STYLE_VALUE: RegExp = /^[\w .,%#-]*$/;
const KIND_BRAND = Symbol.for("gpic-lab.markup");

/** A piece of markup that displays itself, and that the same template inserts as it is. */
export class Markup {
  readonly kind: MarkupKind;
  /** The markup itself. */
  readonly source: string;
  readonly [KIND_BRAND]: true = true;

  /** Use `html`, `md` or `svg`. */
  constructor(kind: MarkupKind, source: string) {
    this.kind = kind;
    this.source = source;
  }

  toString(): string {
    return this.source;
  }

  [jupyterDisplay](): MimeBundle {
    const text = this.kind === "md" ? this.source : textOf(this.source);
    const source = this.kind === "svg" ? withNamespace(this.source) : this.source;
    return { [MIME_TYPES[this.kind]]: source, "text/plain": text || `[${MIME_TYPES[this.kind]}]` };
  }
}

/**
 * HTML whose inserted values are text; arrays are joined; null, undefined and false insert nothing.
 * @returns markup that displays itself; `html` and `svg` pieces may be inserted
 * @throws {TypeError} where a value stands in a script, a style sheet, a comment, a tag or an event handler
 * @example html`<p title="${caption}">${names.map((name) => html`<b>${name}</b> `)}</p>`
 */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup(
    "html",
    fill(parts, values, (before, value) => insertMarkup("html", before, value)),
  );
}

/**
 * SVG whose inserted values are text, by the same rules as `html`.
 * @example svg`<svg viewBox="0 0 9 9"><title>${caption}</title><rect width="${width}" height="9"/></svg>`
 */
export function svg(parts: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup(
    "svg",
    fill(parts, values, (before, value) => insertMarkup("svg", before, value)),
  );
}

/**
 * Markdown whose inserted values are text: no link, heading, picture, HTML or mathematics can come out of them.
 * A value right after `](` is an address, one between backticks is code.
 * @throws {TypeError} where a value stands in an HTML tag: use `html`
 * @example md`The caption says **${caption}** ([source](${url})).`
 */
export function md(parts: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup("md", fill(parts, values, insertMarkdown));
}

/**
 * Markdown that the notebook's author writes, shown as it is. For text from data use `md`.
 * @example markdown("## Result")
 */
export function markdown(text: string): Markup {
  if (typeof text !== "string")
    throw new TypeError(`Cannot show Markdown: a text is needed, got ${typeof text}`);
  return new Markup("md", text);
}

function fill(
  parts: TemplateStringsArray,
  values: readonly unknown[],
  insert: (before: string, value: unknown) => string,
): string {
  let source = parts[0] ?? "";
  values.forEach((value, index) => {
    for (const item of flatten(value)) source += insert(source, item);
    source += parts[index + 1] ?? "";
  });
  return source;
}

function flatten(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  return value === null || value === undefined || value === false ? [] : [value];
}

function isMarkup(value: unknown): value is Markup {
  return typeof value === "object" && value !== null && (value as Partial<Markup>)[KIND_BRAND] === true;
}

function insertMarkup(kind: "html" | "svg", before: string, value: unknown): string {
  const context = contextAfter(before, kind === "svg");
  if (context.place === "text" && isMarkup(value) && (value.kind === kind || value.kind === "svg"))
    return value.source;
  const text = visibleText(String(value));
  if (context.place === "text") return escapeHtml(text);
  if (context.place === "forbidden")
    throw new TypeError(
      `Cannot insert a value into ${context.what} of ${kind}: put it between tags or into a quoted attribute`,
    );
  return insertAttribute(context, text);
}

function insertAttribute(context: MarkupContext & { place: "attribute" }, text: string): string {
  if (context.name === "style" && STYLE_VALUE.test(text)) return escapeHtml(text);
  if (FORBIDDEN_ATTRIBUTES.test(context.name))
    throw new TypeError(
      `Cannot insert a value into the attribute "${context.name}": what it holds is more than text, got ${JSON.stringify(text.slice(0, 40))}`,
    );
  if (!ADDRESS_ATTRIBUTES.includes(context.name)) return escapeHtml(text);
  if (context.written === "") return escapeHtml(safeAddress(text));
  // The beginning may be half of a scheme: only the whole tells.
  return safeAddress(context.written + text) === BLOCKED_ADDRESS ? "" : escapeHtml(text);
}

function insertMarkdown(before: string, value: unknown): string {
  const code = openCode(before);
  if (isMarkup(value) && value.kind === "md" && code === "none") return value.source;
  const text = String(value);
  if (code === "block") return visibleText(text).replace(/`/g, "ˋ").replace(/~/g, "˜");
  if (code === "inline") return visibleText(text.replace(/\s+/g, " ")).replace(/`/g, "ˋ");
  if (/<\/?[a-z!?][^>]*$/i.test(before))
    throw new TypeError("Cannot insert a value into an HTML tag of md: use html for the element");
  if (/\]\(<?\s*$/.test(before)) return markdownAddress(safeAddress(text));
  const destination = /\]\(<?([^\s()<>]+)$/.exec(before)?.[1];
  if (destination !== undefined)
    return safeAddress(destination + text) === BLOCKED_ADDRESS ? "" : markdownAddress(text);
  return escapeMarkdown(text);
}

function markdownAddress(address: string): string {
  return visibleText(address).replace(/[\s()<>[\]\\"'`*_|$&]/g, (character) =>
    character === "&" ? "&amp;" : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** Whether the end of a Markdown text lies in a code block or code span that its backticks have opened. */
function openCode(before: string): "none" | "inline" | "block" {
  let fence: string | undefined;
  let paragraph = "";
  for (const line of before.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (
      fence === undefined &&
      mark !== undefined &&
      !line.slice(line.indexOf(mark) + mark.length).includes("`")
    )
      fence = mark;
    else if (fence !== undefined && mark?.startsWith(fence) && /^ {0,3}[`~]+\s*$/.test(line))
      fence = undefined;
    else if (fence === undefined) paragraph = line.trim() === "" ? "" : `${paragraph}\n${line}`;
    if (fence !== undefined) paragraph = "";
  }
  if (fence !== undefined) return "block";
  let span: string | undefined;
  for (const [run] of paragraph.matchAll(/(?<!\\)`+/g)) {
    if (span === undefined) span = run;
    else if (run === span) span = undefined;
  }
  return span === undefined ? "none" : "inline";
}

function withNamespace(source: string): string {
  return /^\s*<svg(?![^>]*\sxmlns=)/.test(source)
    ? source.replace("<svg", `<svg xmlns="http://www.w3.org/2000/svg"`)
    : source;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  "#96": "`",
  nbsp: " ",
};

function textOf(markup: string): string {
  return markup
    .replace(/<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<(?:br|\/p|\/tr|\/li|\/h\d|\/div)\b[^>]*>/gi, "\n")
    .replace(/<(?:[^>"']|"[^"]*"|'[^']*')*>/g, " ")
    .replace(/&([a-z]+|#\d+);/gi, (whole, name: string) => NAMED[name.toLowerCase()] ?? whole)
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n\s*/g, "\n")
    .trim();
}
