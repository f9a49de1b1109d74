/** A score as `compare` and `evaluate` print it with --json: gpic-eval's names first, then what it takes to judge them. */
import {
  BENCHMARK_RULES,
  disclosureText,
  type ImageInfluence,
  isComparable,
  type ReferenceExplanation,
  type SampleSize,
  SCORE_NAMES,
  type Score,
  type ScoreSide,
} from "../../../lib/benchmark/index.js";
import type { Interval } from "../../../lib/core/index.js";
import type { ExtractFailure } from "../../../lib/features/index.js";
import { readPackageJson } from "../../../lib/io/index.js";
import { shortName } from "../../report/score-tables.js";

/** What a score was made of, and when. */
export interface ScoreRun {
  readonly score: Score;
  readonly real: ScoreSide;
  readonly generated: ScoreSide;
  /** Images that no features could be made of. */
  readonly failures?: readonly ExtractFailure[] | undefined;
  readonly sizes?: readonly SampleSize[] | undefined;
  /** The model's name, where somebody stated it. */
  readonly model?: string | undefined;
  /** ISO 8601. */
  readonly time: string;
  readonly seconds: number;
}

/** The score as plain JSON. */
export function scoreJson(run: ScoreRun): Record<string, unknown> {
  const { score, real, generated, time, seconds, failures = [], sizes } = run;
  const { values, intervals, missing, counts, width, perK, disclosure } = score;
  const maker = generated.provenance;
  return {
    ...values,
    model: run.model ?? null,
    intervals: Object.fromEntries(SCORE_NAMES.map((name) => [name, pair(intervals[name])])),
    missing,
    counts: {
      real: counts.real,
      real_rows: counts.realRows,
      generated: counts.generated,
      generated_rows: counts.generatedRows,
      generated_failed: counts.generatedFailed,
    },
    width,
    sample_size: sampleSizeJson(score),
    frechet_health: healthJson(score),
    prdc_by_k: perK,
    images: imagesJson(score),
    training: trainingJson(score),
    protocol: maker?.protocol ?? null,
    encoder:
      maker === undefined
        ? null
        : {
            id: maker.encoder.id,
            layer: maker.encoder.layer,
            weights_sha256: maker.encoder.weightsSha256,
          },
    rules: {
      neighbours: BENCHMARK_RULES.neighbours,
      neighbour_rows: BENCHMARK_RULES.neighbourRows,
      mmd_subsets: BENCHMARK_RULES.mmdSubsets,
      mmd_subset_rows: BENCHMARK_RULES.mmdSubsetRows,
    },
    seeds: { draws: score.seed },
    devices: [...new Set(generated.provenance?.makers.map(({ device }) => device) ?? [])],
    disclosure: {
      comparable: isComparable(disclosure),
      sentence: disclosureText(disclosure),
      points: disclosure,
    },
    reference: score.reference === undefined ? null : explanationJson(score.reference),
    real: sideJson(real),
    generated: sideJson(generated),
    image_sizes:
      sizes?.map(({ widthPixels, heightPixels, count }) => ({
        width_px: widthPixels,
        height_px: heightPixels,
        count,
      })) ?? null,
    failed: failures,
    versions: versionsOf(generated),
    time,
    seconds,
  };
}

/** What the law says of a reference, as plain JSON. */
export function explanationJson(explanation: ReferenceExplanation): Record<string, unknown> {
  const { rows, distance, bias, kind, count, interval, readings, seed, sentence } = explanation;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    ...{ rows, distance, bias: finite(bias), kind, images: finite(count) },
    images_interval: pair(interval),
    readings: readings.map((reading) => ({
      ...{ set: reading.set, images: finite(reading.count), images_interval: pair(reading.interval) },
    })),
    ...{ seed, sentence },
  };
}

function sampleSizeJson({ sampleSize }: Score) {
  if (sampleSize === undefined) return null;
  const { bias, generated, real, method, perfect, perfectInterval, ratio } = sampleSize;
  return {
    ...{ b: bias?.b ?? null, scatter: bias?.scatter ?? null, method, generated, real },
    ...{ perfect_images_fd: perfect, perfect_images_fd_interval: pair(perfectInterval), ratio },
  };
}

function trainingJson({ training }: Score) {
  if (training === undefined) return null;
  const {
    name,
    images,
    heldOut,
    flagged,
    flaggedByChance,
    threshold,
    falseAlarmRate,
    authenticity,
    gap,
    nearest,
  } = training;
  return {
    ...{ name: shortName(name), images, held_out: heldOut, flagged, flagged_by_chance: flaggedByChance },
    ...{ threshold, false_alarm_rate: falseAlarmRate },
    authenticity: { generated: authenticity.generated, held_out: authenticity.heldOut },
    frechet_gap: { training: gap.training, held_out: gap.heldOut, p_value: gap.pValue, rows: gap.rows },
    nearest: nearest.map(({ row, key, trainingRow, trainingKey, distance, pValue, isFlagged }) => ({
      ...{ row, key: key ?? null, training_row: trainingRow, training_key: trainingKey ?? null },
      ...{ distance, p_value: pValue, flagged: isFlagged },
    })),
  };
}

function healthJson({ health }: Score) {
  const { method, real, generated, smallestEigenvalue, largestEigenvalue, rounding } = health;
  return {
    ...{ method, real, generated },
    ...{ smallest_eigenvalue: smallestEigenvalue, largest_eigenvalue: largestEigenvalue, rounding },
  };
}

function imagesJson({ images }: Score) {
  if (images === undefined) return null;
  const plain = (some: readonly ImageInfluence[]) =>
    some.map(({ row, key, influence }) => ({ row, key: key ?? null, influence }));
  return { most_helpful: plain(images.mostHelpful), least_helpful: plain(images.leastHelpful) };
}

function sideJson({ name, sha256, notes }: ScoreSide) {
  return { name: shortName(name), sha256: sha256 ?? null, notes };
}

/** Versions of all that took part, by name. */
export function versionsOf({ provenance }: ScoreSide): Record<string, string> {
  const makers = provenance?.makers ?? [];
  return {
    ...Object.fromEntries(makers.flatMap(({ versions }) => Object.entries(versions))),
    "gpic-lab": readPackageJson().version,
    node: process.versions.node,
  };
}

/** An interval as [low, high]; JSON has no infinity. */
export function pair(interval: Interval | null | undefined): [number | null, number | null] | null {
  if (interval === null || interval === undefined || Number.isNaN(interval.low)) return null;
  const end = (value: number) => (Number.isFinite(value) ? value : null);
  return [end(interval.low), end(interval.high)];
}
