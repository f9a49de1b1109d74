/** Code as it stands in the report: highlighted while the report is built, folded where it is long. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import typescript from "highlight.js/lib/languages/typescript";
import { escapeHtml, withoutControls } from "./escape.js";

// A cell of the notebooks has at most 20 lines by their own rule; what is longer is set-up or a listing.
const FOLDED_ABOVE_LINES = 24;

hljs.registerLanguage("bash", bash);
hljs.registerLanguage("json", json);
hljs.registerLanguage("typescript", typescript);

/**
 * Code as HTML with classes for its colours; code of an unknown language is plain text.
 * @example highlight("1", "json") // '<span class="hljs-number">1</span>'
 */
export function highlight(code: string, language: string): string {
  const text = withoutControls(code);
  if (hljs.getLanguage(language) === undefined) return escapeHtml(text);
  return hljs.highlight(text, { language, ignoreIllegals: true }).value;
}

/**
 * The code of a cell: a block that can be scrolled, inside a fold where it is long.
 * @param source TypeScript
 */
export function codeCell(source: string): string {
  const text = source.replace(/\s+$/, "");
  if (text === "") return "";
  const lines = text.split("\n").length;
  const block = `<pre class="code" tabindex="0"><code class="hljs">${highlight(text, "typescript")}</code></pre>`;
  if (lines <= FOLDED_ABOVE_LINES) return block;
  const first = escapeHtml(text.split("\n", 1)[0]!.slice(0, 80));
  return `<details class="fold"><summary>Code, ${lines} lines <code>${first}</code></summary>${block}</details>`;
}
