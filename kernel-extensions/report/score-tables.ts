/** The words and tables of a score's page. */
import {
  countText,
  type DisclosurePoint,
  type DisclosureStatus,
  type SampleSizeEffect,
  SCORE_NAMES,
  type Score,
  type ScoreName,
} from "../../lib/benchmark/index.js";
import { escapeHtml } from "./escape.js";

/** What each number means, in a line, and where it is best. */
const MEANINGS: Readonly<
  Record<ScoreName, { readonly title: string; readonly meaning: string; readonly best: string }>
> = {
  fd: {
    title: "Frechet distance",
    meaning: "How far the features of the generated images lie from those of real ones, as two Gaussians.",
    best: "low",
  },
  fd_mu: { title: "… of the means", meaning: "The part that the average image makes.", best: "low" },
  fd_sigma: {
    title: "… of the covariances",
    meaning: "The part that spread and shape make: variety, style, what goes with what.",
    best: "low",
  },
  precision: {
    title: "Precision",
    meaning: "Share of generated images that look like a real one.",
    best: "high",
  },
  recall: { title: "Recall", meaning: "Share of real images that look like a generated one.", best: "high" },
  density: {
    title: "Density",
    meaning: "How crowded the neighbourhoods are that generated images fall into; 1 for equal laws.",
    best: "near 1",
  },
  coverage: {
    title: "Coverage",
    meaning: "Share of real images with a generated one among their nearest neighbours.",
    best: "high",
  },
  mmd: { title: "MMD", meaning: "A distance that assumes no Gaussian; about 0 for equal laws.", best: "low" },
};

const SIGNS: Readonly<Record<DisclosureStatus, string>> = {
  met: "✓",
  disclosed: "✓",
  "not met": "✗",
  "not known": "?",
};

/** The score in words, for the head of the page. */
export function leadHtml({ values, intervals, counts, sampleSize }: Score, reference: string): string {
  const fd = `<strong class="headline">FD ${scoreNumber(values.fd)}</strong>`;
  const range =
    intervals.fd === null
      ? ""
      : ` (95 %: ${scoreNumber(intervals.fd.low)} to ${scoreNumber(intervals.fd.high)})`;
  const of = `${counts.generated === null ? "an unknown number of" : countText(counts.generated)} images against <bdi>${escapeHtml(reference)}</bdi>`;
  if (sampleSize === undefined || values.fd === null) return `<p class="lead">${fd}${range}: ${of}.</p>`;
  const { perfect, generated } = sampleSize;
  return (
    `<p class="lead">${fd}${range}: ${of}. As many real images would not score 0 but about ` +
    `<strong>${scoreNumber(perfect)}</strong>, because ${countText(generated)} images are only a sample; ${ratioText(values.fd, sampleSize)}</p>`
  );
}

function ratioText(fd: number, { perfectInterval, ratio }: SampleSizeEffect): string {
  if (fd < perfectInterval.low)
    return "the score is below what images of the real law have in 97.5 % of draws: fewer outliers, repeats, or images shared with the reference.";
  if (fd <= perfectInterval.high) return "the score cannot be told from that of real images.";
  const times = ratio < 10 ? ratio.toFixed(1) : Math.round(ratio).toLocaleString("en-US");
  return `the score is <strong>${times} times</strong> that.`;
}

/** The numbers with their intervals and what they mean. */
export function valuesTable({ values, intervals }: Score): string {
  const rows = SCORE_NAMES.map((name) => {
    const { title, meaning, best } = MEANINGS[name];
    const [value, interval] = [values[name], intervals[name]];
    const range = interval === null ? "–" : `${scoreNumber(interval.low)} to ${scoreNumber(interval.high)}`;
    return (
      `<tr><th scope="row">${title} <code>${name}</code></th><td class="number">${value === null ? "–" : scoreNumber(value)}</td>` +
      `<td class="number range" data-label="95 %">${range}</td><td class="best" data-label="best">${best}</td><td class="meaning">${meaning}</td></tr>`
    );
  });
  return (
    '<div class="scroll"><table class="values"><thead><tr><th>Number</th><th class="number">Value</th><th class="number">95 % interval</th><th>Best</th><th>What it says</th></tr></thead>' +
    `<tbody>${rows.join("\n")}</tbody></table></div>`
  );
}

/** The points that make a number comparable. */
export function disclosureTable(points: readonly DisclosurePoint[]): string {
  const rows = points.map(
    ({ point, needed, status, reason }) =>
      `<tr class="is-${status.replace(" ", "-")}"><td class="status"><span class="sign" aria-hidden="true">${SIGNS[status]}</span> ${status}</td>` +
      `<th scope="row">${escapeHtml(point.replaceAll("_", " "))}<span class="needed">${escapeHtml(needed)}</span></th><td class="reason"><bdi>${escapeHtml(reason)}</bdi></td></tr>`,
  );
  return `<div class="scroll"><table class="points"><thead><tr><th>Status</th><th>Point, and what the paper’s table has</th><th>Here</th></tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}

/** Named facts. */
export function factsHtml(facts: Readonly<Record<string, string>>): string {
  const items = Object.entries(facts).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd><bdi>${escapeHtml(value)}</bdi></dd>`,
  );
  return `<dl class="gpic-facts">${items.join("\n")}</dl>`;
}

/**
 * A number of a score: four digits, and no exponent.
 * @example scoreNumber(76.25) // "76.25"
 */
export function scoreNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return scientific(value);
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** As people write small numbers: 7.17 × 10⁻⁵. */
function scientific(value: number): string {
  const [digits = "", power = ""] = value.toExponential(2).split("e");
  const raised = [...power.replace("+", "")]
    .map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)])
    .join("");
  return `${digits.replace("-", "−")} × 10${raised}`;
}

/** The last part of a path; whole paths of somebody's machine are nobody's business. */
export function shortName(name: string): string {
  return (
    name
      .replace(/[\\/]+$/, "")
      .split(/[\\/]/)
      .pop() || name
  );
}
