/**
 * Where in a piece of HTML or SVG a value is about to be inserted: a reader of the fixed parts of a template, after
 * the states of the HTML standard's tokenizer as far as templates need them.
 */

/** The place at the end of what has been read. */
export type MarkupContext =
  | { readonly place: "text" }
  /** `written`: what the attribute's value holds so far. */
  | {
      readonly place: "attribute";
      readonly name: string;
      readonly quote: '"' | "'";
      readonly written: string;
    }
  /** A place where no value is safe, by name. */
  | { readonly place: "forbidden"; readonly what: string };

/** Elements whose content is not text: a value there could not be escaped. */
const RAW_ELEMENTS = [
  "script",
  "style",
  "textarea",
  "title",
  "xmp",
  "iframe",
  "noembed",
  "noframes",
  "noscript",
  "plaintext",
];

type State =
  | { at: "text" }
  | { at: "comment" }
  | { at: "tag"; element: string }
  | { at: "attribute"; element: string; name: string; quote: '"' | "'"; from: number }
  | { at: "unquoted"; element: string }
  | { at: "raw"; element: string };

/**
 * Reads markup from its beginning to its end.
 * @param svg whether it is SVG alone, where `title` and `text` hold plain text
 * @example contextAfter(`<a href="`, false) // { place: "attribute", name: "href", quote: '"', written: "" }
 */
export function contextAfter(markup: string, svg: boolean): MarkupContext {
  let state: State = { at: "text" };
  let position = 0;
  const raw = svg ? ["script", "style"] : RAW_ELEMENTS;
  while (position < markup.length) [state, position] = step(markup, position, state, raw);
  switch (state.at) {
    case "text":
      return { place: "text" };
    case "attribute":
      return { place: "attribute", name: state.name, quote: state.quote, written: markup.slice(state.from) };
    case "comment":
      return { place: "forbidden", what: "a comment" };
    case "raw":
      return { place: "forbidden", what: `the element <${state.element}>` };
    default:
      return { place: "forbidden", what: "a tag outside a quoted attribute" };
  }
}

function step(markup: string, position: number, state: State, raw: readonly string[]): [State, number] {
  switch (state.at) {
    case "text":
      return stepText(markup, position);
    case "comment": {
      const end = markup.indexOf("-->", position);
      return end < 0 ? [state, markup.length] : [{ at: "text" }, end + 3];
    }
    case "raw": {
      const end = new RegExp(`</${state.element}[\\s/>]`, "i").exec(markup.slice(position));
      if (end === null) return [state, markup.length];
      return [{ at: "tag", element: `/${state.element}` }, position + end.index + end[0].length - 1];
    }
    case "unquoted":
    case "tag":
      return stepTag(markup, position, state, raw);
    case "attribute": {
      const end = markup.indexOf(state.quote, position);
      return end < 0 ? [state, markup.length] : [{ at: "tag", element: state.element }, end + 1];
    }
  }
}

function stepText(markup: string, position: number): [State, number] {
  const open = markup.indexOf("<", position);
  if (open < 0) return [{ at: "text" }, markup.length];
  if (markup.startsWith("<!--", open)) return [{ at: "comment" }, open + 4];
  const tag = /^<(\/?[a-z][^\s/>]*|[!?])/i.exec(markup.slice(open, open + 100));
  // A lone "<" at the very end could become a tag by the value that follows.
  if (tag === null)
    return open >= markup.length - 2 && /^<\/?$/.test(markup.slice(open))
      ? [{ at: "tag", element: "" }, markup.length]
      : [{ at: "text" }, open + 1];
  return [{ at: "tag", element: (tag[1] ?? "").toLowerCase() }, open + tag[0].length];
}

function stepTag(
  markup: string,
  position: number,
  state: State & { element: string },
  raw: readonly string[],
): [State, number] {
  const { element } = state;
  const rest = markup.slice(position);
  const end = /^[\s/]*>/.exec(rest);
  if (end !== null)
    return [raw.includes(element) ? { at: "raw", element } : { at: "text" }, position + end[0].length];
  const attribute = /^[\s/]*([^\s/>=]+)\s*=\s*(["'])/.exec(rest);
  if (attribute !== null) {
    const from = position + attribute[0].length;
    const quote = attribute[2] === "'" ? "'" : '"';
    return [{ at: "attribute", element, name: (attribute[1] ?? "").toLowerCase(), quote, from }, from];
  }
  const bare = /^[\s/]*[^\s/>=]+(?:\s*=\s*[^\s"'>]+)?/.exec(rest);
  if (bare !== null) return [{ at: "unquoted", element }, position + bare[0].length];
  return [{ at: "tag", element }, markup.length];
}
