/** The charts of a score's page, as still pictures: where the score lies, its two parts, and what depends on k. */
import { BENCHMARK_RULES, type Score, type ScoreSide } from "../../lib/benchmark/index.js";
import { type ChartSpec, COLOURS, chart, render } from "../show/index.js";
import { escapeHtml } from "./escape.js";
import { paperRows } from "./score-paper-rows.js";
import { scoreNumber } from "./score-tables.js";

/** What charts are drawn of. */
export interface ChartedScore {
  readonly score: Score;
  /** Whose provenance says of which encoder and preparation the distance is. */
  readonly generated: ScoreSide;
}

const WIDTH = 380;
/** Distances that lie further apart, as a factor, are drawn on a scale of factors. */
const WIDE = 8;

/** All charts that the score has values for. */
export async function scoreCharts({ score, generated }: ChartedScore): Promise<string> {
  const drawn = [await ladder(score, generated), await parts(score), await byNeighbours(score)];
  return `<div class="charts">${drawn.filter((html) => html !== "").join("\n")}</div>`;
}

async function ladder(score: Score, generated: ScoreSide): Promise<string> {
  const { values, intervals, sampleSize, counts } = score;
  const rows: { what: string; fd: number; low?: number; high?: number; kind: string }[] = [
    {
      ...{ what: "this score", fd: values.fd ?? Number.NaN, kind: "generated" },
      ...(intervals.fd === null ? {} : intervals.fd),
    },
  ];
  if (sampleSize !== undefined)
    rows.push({
      ...{ what: `as many real images (${sampleSize.generated.toLocaleString("en-US")})`, kind: "real" },
      fd: sampleSize.perfect,
      ...sampleSize.perfectInterval,
    });
  const paper = paperRows(score, generated);
  for (const { what, fd } of paper.rows) rows.push({ what, fd, kind: "the paper's" });
  if (rows.length < 2) return "";
  const extent = rows.flatMap(({ fd, low, high }) => [fd, low ?? fd, high ?? fd]);
  // a scale of factors has no place for 0
  const least = Math.min(...extent);
  const isWide = least > 0 && Math.max(...extent) > WIDE * least;
  const order = rows.toSorted((a, b) => a.fd - b.fd).map(({ what }) => what);
  const y = { field: "what", type: "nominal", sort: order, title: null, axis: { labelLimit: 220 } } as const;
  const spec: ChartSpec = {
    width: WIDTH - 120,
    height: { step: 30 },
    data: rows,
    layer: [
      {
        transform: [{ filter: "isValid(datum.low)" }],
        mark: { type: "rule", strokeWidth: 4, opacity: 0.35 },
        encoding: {
          y,
          x: { field: "low", type: "quantitative" },
          x2: { field: "high" },
          color: { field: "kind", type: "nominal" },
        },
      },
      {
        mark: { type: "point", size: 90, filled: true, opacity: 1 },
        encoding: {
          y,
          x: {
            field: "fd",
            type: "quantitative",
            scale: isWide ? { type: "log", nice: true } : { type: "linear", zero: true },
            title: isWide ? "Frechet distance, each step of the scale a factor" : "Frechet distance",
            axis: { tickCount: 4 },
          },
          color: {
            field: "kind",
            type: "nominal",
            title: null,
            legend: { orient: "bottom", symbolOpacity: 1 },
          },
        },
      },
    ],
  };
  const images = counts.generated === null ? "" : "Smaller is better. ";
  return await figure(spec, "Where the score lies", `${images}The bars are 95 % intervals. ${paper.why}`);
}

async function parts({ values }: Score): Promise<string> {
  const { fd, fd_mu, fd_sigma } = values;
  if (fd === null || fd_mu === null || fd_sigma === null) return "";
  const order = ["means", "covariances"];
  const spec: ChartSpec = {
    width: WIDTH,
    height: 46,
    data: [
      { part: "means", fd: fd_mu, rank: 0 },
      { part: "covariances", fd: fd_sigma, rank: 1 },
    ],
    mark: { type: "bar", height: 34 },
    encoding: {
      x: {
        field: "fd",
        type: "quantitative",
        stack: "zero",
        title: "Frechet distance",
        axis: { tickCount: 5 },
      },
      color: {
        field: "part",
        type: "nominal",
        title: null,
        sort: order,
        scale: { domain: order, range: [COLOURS.categories[4]!, COLOURS.categories[2]!] },
        legend: { orient: "bottom" },
      },
      order: { field: "rank" },
    },
  };
  const share = fd > 0 ? Math.round((100 * fd_mu) / fd) : 0;
  return figure(
    spec,
    "What the distance is made of",
    `${share} % of it is the distance of the means (${scoreNumber(fd_mu)}), ${100 - share} % what spread and shape add (${scoreNumber(fd_sigma)}).`,
  );
}

async function byNeighbours({ perK }: Score): Promise<string> {
  if (perK.length < 2) return "";
  const names = ["precision", "recall", "density", "coverage"] as const;
  const { neighbours } = BENCHMARK_RULES;
  const x = {
    field: "k",
    type: "quantitative",
    title: "neighbours that make a neighbourhood, k",
    axis: { tickMinStep: 1, tickCount: perK.length },
    scale: { domain: [1, perK.at(-1)!.k], zero: false, nice: false },
  } as const;
  const spec: ChartSpec = {
    width: WIDTH,
    height: 220,
    data: perK.flatMap((row) => names.map((name) => ({ k: row.k, value: row[name], name }))),
    layer: [
      {
        data: [{ k: neighbours }],
        mark: { type: "rule", strokeDash: [4, 4], color: COLOURS.text },
        encoding: { x },
      },
      {
        mark: { type: "line", point: true },
        encoding: {
          x,
          y: { field: "value", type: "quantitative", title: "value", scale: { zero: true } },
          color: {
            field: "name",
            type: "nominal",
            title: null,
            sort: [...names],
            scale: {
              domain: [...names],
              range: [0, 1, 2, 3].map((at) => COLOURS.categories[at]!),
            },
            legend: { orient: "bottom" },
          },
        },
      },
    ],
  };
  return figure(
    spec,
    "Neighbours: how the four depend on k",
    `The benchmark takes k = ${neighbours} (dashed). All but density rise with k by construction: only values of one k compare.`,
  );
}

async function figure(spec: ChartSpec, title: string, words: string): Promise<string> {
  const bundle = await render(await chart(spec));
  const svg = String(bundle["image/svg+xml"] ?? "");
  const [, width = "", height = ""] =
    /<svg\b[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"/.exec(svg) ?? [];
  const size = width === "" ? "" : ` width="${width}" height="${height}"`;
  const alt = escapeHtml(`${title}. ${String(bundle["text/plain"] ?? "")}`.slice(0, 600));
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return `<figure><h3>${escapeHtml(title)}</h3><div class="plate"><img src="${source}" alt="${alt}"${size}></div><figcaption>${escapeHtml(words)}</figcaption></figure>`;
}
