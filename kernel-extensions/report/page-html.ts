/** The HTML around what a page says: policy, style, scripts, theme; the same for the report and for a score. */
import { escapeHtml } from "./escape.js";
import { contentSecurityPolicy, ownFile } from "./scripts.js";

/** What stands in a page. */
export interface PageParts {
  readonly title: string;
  readonly style: string;
  /** Run at the end: what the page's own script needs, and that script, which follows the theme's button. */
  readonly libraries?: readonly string[];
  readonly script?: string;
  /** Class of the body. */
  readonly kind?: string;
  /** Id of the main part, and what the link to it is called. */
  readonly main: { readonly id: string; readonly skip: string };
  /** HTML inside of the layout. */
  readonly html: string;
}

/** A whole page, which loads nothing. */
export function pageHtml({ title, style, libraries = [], script = "", kind, main, html }: PageParts): string {
  const theme = ownFile("theme.js");
  const atEnd = [...libraries, `${ownFile("theme-button.js")}${script}`];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy([theme, ...atEnd], [style])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
<script>${theme}</script>
</head>
<body${kind === undefined ? "" : ` class="${kind}"`}>
<a class="skip" href="#${main.id}">${main.skip}</a>
<button type="button" id="theme" class="needs-script">Dark</button>
<div class="layout">
${html}
</div>
${atEnd.map((text) => `<script>${text}</script>`).join("\n")}
</body>
</html>
`;
}
