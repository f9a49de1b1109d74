/**
 * Markdown as HTML: the notebooks' own cells, which may hold <details> for hidden answers, and Markdown that a cell
 * put out, in which markup stays text. Both pass the sanitiser.
 */
import MarkdownIt from "markdown-it";
import { highlight } from "./code.js";
import { withoutControls } from "./escape.js";
import { joinText } from "./notebook.js";
import { sanitise } from "./sanitise.js";

/** A heading of a Markdown cell, for the table of contents. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

/** What a Markdown cell needs to know of the page around it. */
export interface MarkdownContext {
  /** Before each heading's id, unique in the page. */
  readonly idPrefix: string;
  /** Links to other notebooks: file name to anchor. */
  readonly notebookAnchors: ReadonlyMap<string, string>;
  /** Pictures that the cell carries: name to mime bundle. */
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Ids that are taken; those of the cell are added. */
  readonly usedIds: Set<string>;
}

const settings = { typographer: false, linkify: false, highlight };
const own = new MarkdownIt({ ...settings, html: true });
const foreign = new MarkdownIt({ ...settings, html: false });
own.validateLink = validLink;

/**
 * A Markdown cell of a notebook as HTML. Headings go one level down, because the report's title stands above them.
 * @returns the HTML, and the headings in their order
 */
export function markdownCell(
  source: string,
  context: MarkdownContext,
): { readonly html: string; readonly headings: readonly Heading[] } {
  const env = {};
  const tokens = own.parse(withoutControls(source), env);
  const headings: Heading[] = [];
  tokens.forEach((token, index) => {
    if (token.type === "heading_open") {
      const level = Math.min(6, Number(token.tag.slice(1)) + 1);
      const text = plainText(tokens[index + 1]?.children ?? []);
      const id = freeId(`${context.idPrefix}-${slug(text)}`, context.usedIds);
      token.tag = `h${level}`;
      token.attrSet("id", id);
      headings.push({ level, text, id });
    } else if (token.type === "heading_close") {
      token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
    }
    for (const child of token.children ?? []) {
      if (child.type === "link_open")
        child.attrSet("href", reportLink(String(child.attrGet("href") ?? ""), context));
      if (child.type === "image") child.attrSet("src", picture(String(child.attrGet("src") ?? ""), context));
    }
  });
  const html = own.renderer.render(tokens, own.options, env);
  return { html: boxed(sanitise(html, { keepHeadingIds: true })), headings };
}

/** Markdown that a cell put out, as HTML: markup in it stays text. */
export function markdownOutput(source: string): string {
  return boxed(sanitise(foreign.render(withoutControls(source))));
}

/** HTML whose tables scroll inside a box of their own, so that the page never does. */
export function boxed(html: string): string {
  return html
    .replace(/<table\b/g, '<div class="scroll" tabindex="0"><table')
    .replace(/<\/table>/g, "</table></div>");
}

function validLink(url: string): boolean {
  return /^(?:https?:|mailto:|attachment:|data:image\/|#|[^:]*$)/i.test(url.trim());
}

function reportLink(href: string, context: MarkdownContext): string {
  const [file = "", fragment] = href.split("#");
  const anchor = context.notebookAnchors.get(decodeName(file));
  if (anchor !== undefined) return `#${anchor}`;
  if (file === "" && fragment !== undefined) return `#${context.idPrefix}-${slug(decodeName(fragment))}`;
  // A path beside the notebook leads nowhere from the report: an empty scheme makes the sanitiser drop it.
  return /^(?:https?|mailto):/i.test(href) ? href : "none:";
}

function picture(source: string, context: MarkdownContext): string {
  if (!source.startsWith("attachment:")) return source;
  const bundle = context.attachments?.[decodeName(source.slice("attachment:".length))] ?? {};
  const [type, bytes] = Object.entries(bundle).find(([name]) => name.startsWith("image/")) ?? [];
  return type === undefined ? "none:" : `data:${type};base64,${joinText(bytes).replace(/\s+/g, "")}`;
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text).split("/").pop() ?? "";
  } catch {
    return text;
  }
}

function plainText(tokens: readonly { readonly type: string; readonly content: string }[]): string {
  return tokens
    .filter(({ type }) => type !== "html_inline")
    .map(({ content }) => content)
    .join("");
}

function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return words === "" ? "part" : words;
}

function freeId(wanted: string, used: Set<string>): string {
  let id = wanted;
  for (let count = 2; used.has(id); count += 1) id = `${wanted}-${count}`;
  used.add(id);
  return id;
}
