/** A score as people read it in a terminal: the numbers, and beside them what they can be compared with. */
import {
  countText,
  disclosureText,
  SCORE_NAMES,
  type Score,
  trainingText,
} from "../../../lib/benchmark/index.js";
import { oneLine } from "../../show/escape.js";
import type { ScoreRun } from "./score-json.js";

/** The words of a score. */
export function scoreText(run: ScoreRun): string {
  const { score } = run;
  const { counts } = score;
  const of = `${run.model === undefined ? "" : `${oneLine(run.model)}: `}${known(counts.generated)} generated against ${known(counts.real)} real images, ${score.width} features each`;
  const lines = [
    of,
    "",
    ...SCORE_NAMES.map((name) => valueLine(name, score)),
    "",
    ...sampleSizeLines(score),
    ...(score.training === undefined
      ? []
      : [`  ${trainingText(score.training, score.counts.generatedRows)}`]),
    ...(score.reference === undefined ? [] : [`  ${score.reference.sentence}`]),
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
  const { generated, perfect, perfectInterval, ratio, method } = sampleSize;
  const range = `${numberText(perfectInterval.low)} to ${numberText(perfectInterval.high)}`;
  return [
    `  ${countText(generated)} perfect images would score an fd of about ${numberText(perfect)} (95 %: ${range}): this is ${numberText(ratio)} times that${method === "draws" ? " (by drawing as many real rows)" : ""}`,
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
 * Four digits and more, and an exponent only for what is nearly nothing.
 * @example numberText(76.2512) // "76.251"
 */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size > 0 && size < 0.001) return value.toExponential(2);
  const digits = size >= 10_000 ? 0 : size >= 1 ? 3 : 4;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function known(count: number | null): string {
  return count === null ? "an unknown number of" : countText(count);
}
