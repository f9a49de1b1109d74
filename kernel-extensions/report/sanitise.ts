/**
 * What of HTML reaches the report: an allow-list of elements, attributes and styles, kept by sanitize-html.
 *
 * Notebook outputs hold text from the web. What shows it has escaped it already; this is the second wall, and the
 * page's content security policy is the third. SVG never passes here: it is shown as a picture, where it is inert.
 */
import sanitizeHtml from "sanitize-html";
import { withoutControls } from "./escape.js";

const TEXT_ELEMENTS = [
  ..."a abbr b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em".split(" "),
  ..."figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span".split(" "),
  ..."strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr progress meter".split(" "),
];
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*$/;
// Words, numbers, colours and var(): no url(), no quotes, no escapes, so that no style can load or leave its box.
const STYLE_VALUE =
  /^(?!.*(?:url|expression|image|image-set|src|element|attr)\s*\()[\w\s#%.,()/+*-]{1,200}$/i;
const STYLE_NAMES = [
  ..."text-align text-decoration vertical-align white-space word-break overflow-wrap line-height".split(" "),
  ..."color background background-color opacity font font-family font-size font-style font-weight".split(" "),
  ..."font-variant-numeric display gap row-gap column-gap align-items justify-content flex flex-wrap".split(
    " ",
  ),
  ..."flex-direction flex-grow flex-shrink flex-basis grid-template-columns width min-width max-width".split(
    " ",
  ),
  ..."height min-height max-height aspect-ratio object-fit overflow overflow-x overflow-y".split(" "),
  ..."margin margin-top margin-right margin-bottom margin-left".split(" "),
  ..."padding padding-top padding-right padding-bottom padding-left".split(" "),
  ..."border border-top border-right border-bottom border-left border-radius border-collapse".split(" "),
  ..."border-spacing border-color list-style".split(" "),
];

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: TEXT_ELEMENTS,
  allowedAttributes: {
    "*": ["style", "title", "lang", "dir", "role", "aria-label", "aria-hidden"],
    a: ["href", "rel"],
    img: ["src", "alt", "width", "height"],
    td: ["colspan", "rowspan"],
    th: ["colspan", "rowspan", "scope"],
    col: ["span"],
    ol: ["start"],
    details: ["open"],
    progress: ["value", "max"],
    meter: ["value", "min", "max"],
  },
  allowedClasses: { "*": ["hljs", "hljs-*", "language-*", "gpic-*"] },
  allowedStyles: { "*": Object.fromEntries(STYLE_NAMES.map((name) => [name, [STYLE_VALUE]])) },
  allowedSchemes: ["https", "http", "mailto"],
  allowedSchemesByTag: { img: ["data"] },
  allowProtocolRelative: false,
  disallowedTagsMode: "discard",
  nonTextTags: [
    "script",
    "style",
    "textarea",
    "option",
    "noscript",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
  ],
  exclusiveFilter: ({ tag, attribs }) => tag === "img" && !PICTURE.test(attribs.src ?? ""),
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: "noopener noreferrer" } }),
  },
};

const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"];
const OWN_OPTIONS: sanitizeHtml.IOptions = {
  ...OPTIONS,
  allowedAttributes: {
    ...(OPTIONS.allowedAttributes as Record<string, string[]>),
    ...Object.fromEntries(HEADINGS.map((tag) => [tag, ["id"]])),
  },
};

/**
 * The part of `html` that may be shown: known elements and attributes, styles that load nothing, pictures that are
 * carried as data, links with http, https, mailto or a place in the page.
 * @param html markup of any origin
 * @param options `keepHeadingIds` for markup whose headings were given their ids by the report itself
 * @example sanitise('<b onclick="f()">x</b><script>f()</script>') // "<b>x</b>"
 */
export function sanitise(html: string, options: { readonly keepHeadingIds?: boolean } = {}): string {
  return sanitizeHtml(withoutControls(html), options.keepHeadingIds === true ? OWN_OPTIONS : OPTIONS);
}
