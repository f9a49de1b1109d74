/**
 * The HTML report: the ledger of claims, then every notebook, in one file that opens from the file system, loads
 * nothing, and is the same byte for byte whenever its input is.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeCell } from "./code.js";
import { escapeHtml } from "./escape.js";
import { type LedgerView, ledgerHtml, VERDICTS } from "./ledger.js";
import { type Heading, type MarkdownContext, markdownCell } from "./markdown.js";
import {
  corpusLine,
  type NamedNotebook,
  type NotebookCell,
  notebookAnchor,
  notebookName,
} from "./notebook.js";
import { type ChartCounter, outputHtml } from "./outputs.js";
import { pageHtml } from "./page-html.js";
import { chartLibraries, ownFile } from "./scripts.js";

/** What a report is made of. */
export interface ReportInput {
  /** In the order in which they are to be read. */
  readonly notebooks: readonly NamedNotebook[];
  readonly ledger: LedgerView;
  readonly title?: string;
  /** The corpus that the notebooks used, in words; by default what `00-start` says in its first output. */
  readonly corpus?: string;
}

const TITLE = "The GPIC paper, taken apart and put together again";

/**
 * Writes the report as `index.html` into a folder, which is made where it is missing.
 * @param input the notebooks, the ledger and `out`, the folder
 * @returns the file and its size in bytes
 * @throws RangeError where the ledger's counts are not those of its rows
 * @example await buildReport({ notebooks, ledger, out: "report" }) // { file: "report/index.html", bytes: 1432017 }
 */
export async function buildReport(
  input: ReportInput & { readonly out: string },
): Promise<{ readonly file: string; readonly bytes: number }> {
  const bytes = Buffer.from(reportHtml(input), "utf8");
  const file = join(input.out, "index.html");
  await mkdir(input.out, { recursive: true });
  await writeFile(file, bytes);
  return { file, bytes: bytes.length };
}

/**
 * The report as HTML.
 * @throws RangeError where the ledger's counts are not those of its rows
 */
export function reportHtml(input: ReportInput): string {
  const { notebooks, ledger, title = TITLE, corpus = corpusLine(notebooks) } = input;
  const charts: ChartCounter = { next: 1 };
  const usedIds = new Set<string>(notebooks.map(({ path }) => notebookAnchor(path)));
  const sections = notebooks.map((each) => notebookHtml(each, notebooks, usedIds, charts));
  const ledgerSection = ledgerHtml(
    ledger,
    notebooks.map(({ path }) => path),
  );
  const libraries = charts.next > 1 ? chartLibraries() : [];
  const html = `<nav class="contents" aria-label="Contents"><p class="contents-title">Contents</p><ol>
<li><a href="#ledger">The ledger of claims</a></li>
${sections.map(({ contents }) => contents).join("\n")}
</ol></nav>
<main id="report" tabindex="-1">
<header class="opening"><h1>${escapeHtml(title)}</h1>
${openingHtml(corpus, ledger)}</header>
<section id="ledger" aria-labelledby="ledger-title"><h2 id="ledger-title">The ledger of claims</h2>
${ledgerSection}
</section>
${sections.map(({ html }) => html).join("\n")}
<footer class="colophon"><p>Made by gpic-lab from its notebooks.${charts.next > 1 ? " Charts are drawn by Vega, Vega-Lite and vega-embed, whose licences stand in this file." : ""} Nothing is loaded from elsewhere.</p></footer>
</main>`;
  return pageHtml({
    ...{ title, style: ownFile("report.css"), libraries, script: ownFile("page.js"), html },
    main: { id: "report", skip: "Skip to the report" },
  });
}

function openingHtml(corpus: string | undefined, { counts }: LedgerView): string {
  const used =
    corpus === undefined
      ? "The notebooks do not say which corpus they used."
      : `The notebooks say which corpus they used: <strong><bdi>${escapeHtml(corpus)}</bdi></strong>`;
  const onlyMachinery = VERDICTS.find(({ kind }) => kind === "machinery only")!;
  const reproduced = counts.reproduced ?? 0;
  const claim =
    reproduced === 0
      ? "No number of the paper is called reproduced here."
      : `${reproduced.toLocaleString("en-US")} of the paper’s claims are called reproduced here.`;
  return (
    `<p class="lead">This report sets each number of the paper beside what these notebooks measured, and says which of the two can be compared. ${claim}</p>` +
    `<p class="corpus">${used}</p>` +
    `<p class="caution">Values measured on the sample corpus are not comparable with the paper’s. They show that the code runs, and their verdict is <em>${onlyMachinery.kind}</em>.</p>`
  );
}

function notebookHtml(
  { path, notebook }: NamedNotebook,
  all: readonly NamedNotebook[],
  usedIds: Set<string>,
  charts: ChartCounter,
): { readonly html: string; readonly contents: string } {
  const anchor = notebookAnchor(path);
  const notebookAnchors = new Map(
    all.map((each) => [`${notebookName(each.path)}.ipynb`, notebookAnchor(each.path)]),
  );
  const headings: Heading[] = [];
  const cells = notebook.cells.map((cell) => {
    if (cell.type === "code") return codeCellHtml(cell, charts);
    if (cell.type !== "markdown") return "";
    const context: MarkdownContext = {
      idPrefix: anchor,
      notebookAnchors,
      usedIds,
      ...(cell.attachments === undefined ? {} : { attachments: cell.attachments }),
    };
    const rendered = markdownCell(cell.source, context);
    headings.push(...rendered.headings);
    return `<div class="prose">${rendered.html}</div>`;
  });
  const name = notebookName(path);
  const titled = headings[0]?.level === 2;
  const title = titled ? headings[0]!.text : name;
  const heading = titled ? "" : `<h2>${escapeHtml(name)}</h2>`;
  const inner = headings
    .filter(({ level }) => level === 3)
    .map(({ id, text }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>`)
    .join("");
  return {
    html: `<section class="notebook" id="${anchor}" aria-label="${escapeHtml(title)}"><p class="running">Notebook <code>${escapeHtml(name)}</code></p>${heading}\n${cells.filter((cell) => cell !== "").join("\n")}\n</section>`,
    contents: `<li><a href="#${anchor}">${escapeHtml(title)}</a>${inner === "" ? "" : `<ol>${inner}</ol>`}</li>`,
  };
}

function codeCellHtml(cell: NotebookCell, charts: ChartCounter): string {
  const outputs = (cell.outputs ?? [])
    .map((output) => outputHtml(output, charts))
    .filter((html) => html !== "");
  const code = codeCell(cell.source);
  if (outputs.length === 0) return code;
  return `<div class="cell">${code}<div class="outputs">${outputs.map((html) => `<div class="output">${html}</div>`).join("\n")}</div></div>`;
}
