/**
 * The page of a score: what it is, how sure, what it may be compared with, and which images made it. One file that
 * opens from the file system, loads nothing, and is the same byte for byte whenever its input is.
 *
 * Names of files and images, statements and messages are hostile text.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  countText,
  disclosureText,
  type SampleSize,
  type Score,
  type ScoreSide,
} from "../../lib/benchmark/index.js";
import { escapeHtml } from "./escape.js";
import { pageHtml } from "./page-html.js";
import { scoreCharts } from "./score-charts.js";
import { disclosureTable, factsHtml, leadHtml, shortName, valuesTable } from "./score-tables.js";
import { type ScoreTile, tilesHtml } from "./score-tiles.js";
import { ownFile } from "./scripts.js";

/** What a page of a score is made of. */
export interface ScorePage {
  readonly score: Score;
  readonly real: ScoreSide;
  readonly generated: ScoreSide;
  /** The model's name, where somebody stated it. */
  readonly model?: string | undefined;
  readonly sizes?: readonly SampleSize[] | undefined;
  /** Images without which the distance would fall most, and those that hold it down; with pictures where there are. */
  readonly worst: readonly ScoreTile[];
  readonly best: readonly ScoreTile[];
  /** Samples beside their nearest training images, the nearest first. */
  readonly nearest: readonly ScoreTile[];
  /** What the nearest training images say, a sentence. */
  readonly memorisation?: string | undefined;
  /** Facts for the end of the page: seeds, versions, hashes. */
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Writes the page and the score as JSON into a folder, which is made where it is missing.
 * @param json what `--json` prints
 * @returns the page's path
 * @example await writeScorePage(page, { ...score }, "val-score") // "val-score/index.html"
 */
export async function writeScorePage(page: ScorePage, json: unknown, folder: string): Promise<string> {
  const html = await scorePageHtml(page);
  const path = join(folder, "index.html");
  await mkdir(folder, { recursive: true });
  await writeFile(path, html);
  await writeFile(join(folder, "score.json"), `${JSON.stringify(json, null, 2)}\n`);
  return path;
}

/** The page as HTML. */
export async function scorePageHtml(page: ScorePage): Promise<string> {
  const { score, real, generated, model, worst, best, nearest, memorisation } = page;
  const title = `The score of ${model ?? shortName(generated.name)}`;
  const style = `${ownFile("report.css")}\n${ownFile("score.css")}`;
  const charts = await scoreCharts(page);
  const sections = [
    section("values", "The numbers", `${valuesTable(score)}${listHtml(score.missing)}`),
    section("comparable", "What it may be compared with", comparableHtml(page)),
    section("charts", "Pictures of the numbers", charts),
    worst.length + best.length > 0
      ? section(
          "images",
          "The images that made the distance",
          "<p>Each image’s share: the distance with it, less the distance without it, in per cent of the distance. An image that stands far from the real ones raises it; one that fills a place where real images are and generated ones lack lowers it.</p>" +
            `<h3>Raise it most, or lower it least</h3>${tilesHtml(worst)}<h3>Lower it most</h3>${tilesHtml(best)}`,
        )
      : "",
    memorisation === undefined
      ? ""
      : section(
          "training",
          "The nearest training images",
          `<p>${escapeHtml(memorisation)}</p>${tilesHtml(nearest)}`,
        ),
    section("made", "How it was made", factsHtml(page.facts)),
  ].filter((html) => html !== "");
  const html = `<main id="score" tabindex="-1">
<header class="opening"><h1>${escapeHtml(title)}</h1>
${leadHtml(score, shortName(real.name))}
<p class="caution">${escapeHtml(disclosureText(score.disclosure))}</p></header>
${sections.join("\n")}
<footer class="colophon"><p>Made by gpic-lab. Nothing is loaded from elsewhere; <code>score.json</code> beside this file holds the same for programs.</p></footer>
</main>`;
  return pageHtml({
    ...{ title, style, kind: "score", html },
    main: { id: "score", skip: "Skip to the score" },
  });
}

function section(id: string, title: string, html: string): string {
  return `<section id="${id}" class="part" aria-labelledby="${id}-title"><h2 id="${id}-title">${escapeHtml(title)}</h2>\n${html}\n</section>`;
}

function comparableHtml({ score, sizes }: ScorePage): string {
  const { reference: explained } = score;
  const reference = explained === undefined ? "" : `<p>${escapeHtml(explained.sentence)}</p>`;
  const listed =
    sizes === undefined || sizes.length < 2
      ? ""
      : `<p>The samples have ${sizes.length} sizes: ${sizes
          .slice(0, 5)
          .map((size) => `${size.widthPixels} × ${size.heightPixels} (${countText(size.count)})`)
          .join(", ")}${sizes.length > 5 ? ", and others" : ""}. Each was resized as the protocol says.</p>`;
  return `<p>The paper’s table is made under these conditions. A number that was made under others is not wrong, but it is another number.</p>${disclosureTable(score.disclosure)}${reference}${listed}`;
}

function listHtml(sentences: readonly string[]): string {
  return sentences.map((sentence) => `<p class="note">${escapeHtml(sentence)}</p>`).join("");
}
