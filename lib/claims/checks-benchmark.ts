/** Checks C11 to C20: the distances of the oracle tables, coverage, rankings, the baseline, Figure 9. */
import { claim, loadClaims } from "./find.js";
import type { CheckResults } from "./load.js";

const value = (id: string): number => claim(id).number;
const SECONDS_AN_HOUR = 3600;
const subsets = ["full", "lite", "nano", "val", "test-50k"] as const;

/** The largest gap between fd_mu + fd_sigma and the printed distance. */
function largestGap(encoder: "dinov2" | "inception", table: "table2" | "table-b1"): number {
  const gap = (subset: string) =>
    value(`table-b2/${subset}/${encoder}-fd-mu`) +
    value(`table-b2/${subset}/${encoder}-fd-sigma`) -
    value(`${table}/${subset}/fd`);
  return Math.max(...subsets.map((subset) => Math.abs(gap(subset))));
}

const reference = () => value("protocol/reference-images");
const sampled = () => value("protocol/generated-images");
const distance = (subset: string) =>
  value(`table-b2/${subset}/dinov2-fd-mu`) + value(`table-b2/${subset}/dinov2-fd-sigma`);

/** FD = b (1/n - 1/N) where the n images are among the N. */
const slopeInside = () => distance("test-50k") / (1 / sampled() - 1 / reference());
/** FD = b (1/n + 1/N) where they are not. */
const slopeOutside = () => distance("test-50k") / (1 / sampled() + 1 / reference());
const predicted = (slope: number, images: number) => slope * (1 / images + 1 / reference());
const tierImages = (tier: string) => value(`corpus/tier/${tier}/images`);
const trace = () => value("table-b2/test-50k/dinov2-fd-mu") / (1 / sampled() - 1 / reference());

/** Expected coverage of two samples of one law, n a side: 1 - prod (n - i) / (2n - i), i = 1 to k. */
function expectedCoverage(neighbours: number): number {
  const images = value("protocol/generated-images");
  let missed = 1;
  for (let i = 1; i <= neighbours; i++) missed *= (images - i) / (2 * images - i);
  return 1 - missed;
}

function meanCoverage(): number {
  const printed = ["table2", "table-b1"].flatMap((table) =>
    subsets.map((subset) => value(`${table}/${subset}/coverage`)),
  );
  return printed.reduce((sum, one) => sum + one, 0) / printed.length;
}

/**
 * Kendall's W of `raters` untied rankings of `items`: 12 S / (raters^2 (items^3 - items)), with S the squared
 * deviations of the rank sums, of which every second integer can occur.
 */
function reachableConcordances(raters: number, items: number): number[] {
  const scale = raters ** 2 * (items ** 3 - items);
  return Array.from({ length: Math.floor(scale / 12 / 2) + 1 }, (_, i) => (12 * 2 * i) / scale);
}

const printedConcordance = () => value("backbones/kendall-w");
const concordances = () =>
  reachableConcordances(value("backbones/configurations"), value("backbones/models"));
const nearestConcordance = (raters: number, items: number) =>
  reachableConcordances(raters, items).reduce((best, one) =>
    Math.abs(one - printedConcordance()) < Math.abs(best - printedConcordance()) ? one : best,
  );

const steps = () => value("baseline/images") / value("baseline/batch");
const imagesPerSecond = () => value("baseline/images") / (value("baseline/hours") * SECONDS_AN_HOUR);
const guidances = () =>
  [...loadClaims().values()]
    .filter(({ id }) => /^table3\/[^/]+\/cfg$/.test(id))
    .map((one) => one.number)
    .sort((a, b) => a - b);
const guidedDistance = (place: number) => value(`table3/${guidances().at(place)}/fd`);
const changeOf = (from: number, to: number) => guidedDistance(to) / guidedDistance(from) - 1;

/** Systems of the six-encoder table, without those trained on a Frechet loss where `published`. */
function systems(published: boolean): string[] {
  return [...loadClaims().values()]
    .filter(
      ({ id, value: kind }) => id.startsWith("six-encoders/") && id.endsWith("/kind") && kind !== "reference",
    )
    .filter(({ value: kind }) => !published || kind !== "trained on a Frechet loss")
    .map(({ id }) => id.slice("six-encoders/".length, -"/kind".length));
}

function belowValidation(column: string, names: readonly string[]): number {
  const real = value(`six-encoders/(50k validation images)/${column}`);
  return names.filter((name) => value(`six-encoders/${name}/${column}`) < real).length;
}

/** By id of the reading. */
export const benchmarkChecks: CheckResults = {
  "C11/dinov2": () => largestGap("dinov2", "table2"),
  "C11/inception": () => largestGap("inception", "table-b1"),
  "C12/b": slopeInside,
  "C12/val-predicted": () => predicted(slopeInside(), value("corpus/val-images")),
  "C12/val-predicted-if-outside": () => predicted(slopeOutside(), value("corpus/val-images")),
  "C12/independent-50k": () => predicted(slopeInside(), sampled()),
  "C13/trace": trace,
  "C13/val-mean-term": () => predicted(trace(), value("corpus/val-images")),
  "C13/train-shift-full": () => distance("full") - predicted(slopeInside(), tierImages("full")),
  "C13/train-shift-nano": () => distance("nano") - predicted(slopeInside(), tierImages("nano")),
  "C14/k4": () => expectedCoverage(4),
  "C14/k5": () => expectedCoverage(5),
  "C14/k6": () => expectedCoverage(6),
  "C14/printed-mean": meanCoverage,
  "C16/nearest-below": () => Math.max(...concordances().filter((one) => one < printedConcordance())),
  "C16/nearest-above": () => Math.min(...concordances().filter((one) => one > printedConcordance())),
  "C16/six-items": () => nearestConcordance(value("backbones/configurations"), value("backbones/models") + 1),
  "C16/mean-spearman": () => {
    const raters = value("backbones/configurations");
    return (raters * printedConcordance() - 1) / (raters - 1);
  },
  "C17/steps": steps,
  "C17/warm-up": () => Math.round(steps() * value("baseline/warmup-share")),
  "C17/images-per-second": imagesPerSecond,
  "C17/images-per-second-gpu": () => imagesPerSecond() / value("baseline/gpus"),
  "C17/gpu-hours": () => value("baseline/hours") * value("baseline/gpus"),
  "C18/first-step": () => changeOf(0, 1),
  "C18/second-step": () => changeOf(1, 2),
  "C18/against-oracle": () => guidedDistance(-1) / value("table2/test-50k/fd"),
  "C18/best-is-largest": () => value("baseline/sampling-best-cfg") === guidances().at(-1),
  "C20/below-validation-fid": () => belowValidation("fd_inception", systems(true)),
  "C20/published-systems": () => systems(true).length,
  "C20/below-validation-fd-dinov2": () => belowValidation("fd_dinov2", systems(false)),
};
