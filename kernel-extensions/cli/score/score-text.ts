/** A score as people read it in a terminal: the numbers, and beside them what they can be compared with. */
import { disclosureText, SCORE_NAMES, type Score } from "../../../lib/benchmark/index.js";
import { oneLine } from "../../show/escape.js";
import type { ScoreRun } from "./score-json.js";

/** The words of a score. */
export function scoreText(run: ScoreRun): string {
  const { score } = run;
  const { counts } = score;
  const of = `${countText(counts.generated)} generated against ${countText(counts.real)} real images, ${score.width} features each`;
  const lines = [
    of,
    "",
    ...SCORE_NAMES.map((name) => valueLine(name, score)),
    "",
    ...sampleSizeLines(score),
    ...score.missing.map((sentence) => `  ${oneLine(sentence)}`),
    disclosureText(score.disclosure),
    ...score.disclosure
      .filter(({ status }) => status !== "met")
      .map(
        ({ point, status, reason }) =>
          `  ${status.padEnd(9)}  ${point.replaceAll("_", " ")}: ${oneLine(reason)}`,
      ),
  ];
  return `${lines.join("\n")}\n`;
}

function sampleSizeLines({ sampleSize }: Score): string[] {
  if (sampleSize === undefined) return [];
  const { generated, perfect, ratio } = sampleSize;
  return [
    `  ${countText(generated)} perfect images would score an fd of about ${numberText(perfect)}: this is ${numberText(ratio)} times that`,
  ];
}

function valueLine(name: (typeof SCORE_NAMES)[number], { values, intervals }: Score): string {
  const [value, interval] = [values[name], intervals[name]];
  if (value === null) return `  ${name.padEnd(10)}  not computed`;
  const range =
    interval === null ? "" : `   95 %: ${numberText(interval.low)} to ${numberText(interval.high)}`;
  return `  ${name.padEnd(10)}  ${numberText(value).padStart(9)}${range}`;
}

/**
 * Five digits, and never an exponent for what a score can be.
 * @example numberText(76.2512) // "76.251"
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.abs(value) >= 10_000 ? 0 : Math.abs(value) >= 1 ? 3 : 4;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function countText(count: number | null): string {
  return count === null ? "an unknown number of" : count.toLocaleString("en-US");
}
