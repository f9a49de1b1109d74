/**
 * What a cell put out, as HTML: of each bundle the richest form that the report can show safely. Charts are stills
 * with their specification beside them; the page draws them when they come into view.
 */
import { AnsiUp } from "ansi_up";
import { escapeHtml, scriptJson } from "./escape.js";
import { boxed, markdownOutput } from "./markdown.js";
import { joinText, type NotebookOutput } from "./notebook.js";
import { sanitise } from "./sanitise.js";

// More than this of one stream is a log, not a result; the notebook itself still has all of it.
const LONGEST_TEXT = 100_000;
// A description that is read aloud: a few sentences.
const LONGEST_DESCRIPTION = 600;
const VEGA_LITE = /^application\/vnd\.vegalite\.v\d+\+json$/;
const RASTER = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** Gives each chart of a page its number. */
export interface ChartCounter {
  next: number;
}

/**
 * One output as HTML.
 * @param charts counts the charts of the page; raised by each chart
 * @returns "" for an output that has nothing to show
 */
export function outputHtml(output: NotebookOutput, charts: ChartCounter): string {
  if (output.type === "stream") return streamHtml(output.text ?? "", output.name === "stderr");
  if (output.type === "error") return errorHtml(output);
  return output.data === undefined ? "" : bundleHtml(output.data, charts);
}

function streamHtml(text: string, isError: boolean): string {
  if (text.trim() === "") return "";
  return `<pre class="stream${isError ? " stderr" : ""}" tabindex="0">${ansiHtml(text)}</pre>`;
}

function errorHtml({ ename = "Error", evalue = "", traceback = [] }: NotebookOutput): string {
  const text = traceback.length > 0 ? traceback.join("\n") : `${ename}: ${evalue}`;
  return `<div class="failure" role="note" aria-label="Error ${escapeHtml(ename)}"><pre tabindex="0">${ansiHtml(text)}</pre></div>`;
}

function bundleHtml(data: Readonly<Record<string, unknown>>, charts: ChartCounter): string {
  const words = joinText(data["text/plain"]);
  const chart = Object.entries(data).find(([type]) => VEGA_LITE.test(type))?.[1];
  if (typeof chart === "object" && chart !== null) return chartHtml(chart, data, words, charts);
  const html = sanitise(joinText(data["text/html"])).trim();
  if (html !== "") return `<div class="rich">${boxed(html)}</div>`;
  const still = stillHtml(data, words);
  if (still !== "") return `<figure class="picture">${still}</figure>`;
  const markdown = joinText(data["text/markdown"]);
  if (markdown.trim() !== "") return `<div class="prose">${markdownOutput(markdown)}</div>`;
  return words.trim() === "" ? "" : `<pre class="value" tabindex="0">${ansiHtml(words)}</pre>`;
}

function chartHtml(
  specification: object,
  data: Readonly<Record<string, unknown>>,
  words: string,
  charts: ChartCounter,
): string {
  const id = `chart-${charts.next}`;
  charts.next += 1;
  const label = describe(words, "Chart");
  const still = stillHtml(data, words) || `<pre class="value">${label}</pre>`;
  return (
    `<figure class="chart" id="${id}"><div class="still">${still}</div>` +
    `<div class="live" role="img" aria-label="${label}" hidden></div>` +
    `<script type="application/json">${scriptJson(specification)}</script></figure>`
  );
}

/** SVG is shown as a picture and not as markup: no script in it runs, nothing in it loads, its ids stay its own. */
function stillHtml(data: Readonly<Record<string, unknown>>, words: string): string {
  const alt = describe(words, "Picture without a description");
  const svg = joinText(data["image/svg+xml"]);
  if (svg.trim() !== "") {
    const size = svgSize(svg);
    return `<img src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}" alt="${alt}"${size}>`;
  }
  for (const type of RASTER) {
    const bytes = joinText(data[type]).replace(/\s+/g, "");
    if (bytes !== "" && /^[A-Za-z0-9+/]+=*$/.test(bytes))
      return `<img src="data:${type};base64,${bytes}" alt="${alt}">`;
  }
  return "";
}

function describe(words: string, otherwise: string): string {
  return escapeHtml([...words.trim()].slice(0, LONGEST_DESCRIPTION).join("") || otherwise);
}

function svgSize(svg: string): string {
  const tag = /<svg\b[^>]*>/.exec(svg)?.[0] ?? "";
  const width = /\bwidth="(\d+(?:\.\d+)?)(?:px)?"/.exec(tag)?.[1];
  const height = /\bheight="(\d+(?:\.\d+)?)(?:px)?"/.exec(tag)?.[1];
  return width === undefined || height === undefined ? "" : ` width="${width}" height="${height}"`;
}

function ansiHtml(text: string): string {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  ansi.url_allowlist = {};
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all but tab, line feed and escape are taken out
  const clean = overwritten(text).replace(/[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g, "\ufffd");
  const shown = clean.length > LONGEST_TEXT ? clean.slice(0, LONGEST_TEXT) : clean;
  const rest = clean.length - shown.length;
  const note =
    rest > 0 ? `\n<em>${rest.toLocaleString("en-US")} more characters are in the notebook.</em>` : "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what ansi_up left of broken sequences
  return ansi.ansi_to_html(shown.replace(/\n+$/, "")).replace(/\u001b/g, "\ufffd") + note;
}

/** A carriage return goes back to the line's beginning, as in a terminal: what was there is written over. */
function overwritten(text: string): string {
  return text
    .replace(/\r+\n/g, "\n")
    .split("\n")
    .map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line).split("\r").pop() ?? "")
    .join("\n");
}
