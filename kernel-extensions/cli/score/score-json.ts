/** A score as `compare` and `evaluate` print it with --json: gpic-eval's names first, then what it takes to judge them. */
import { disclosureText, SCORE_NAMES, type Score, type ScoreSide } from "../../../lib/benchmark/index.js";
import type { Interval } from "../../../lib/core/index.js";
import { readPackageJson } from "../../../lib/io/index.js";

/** What a score was made of, and when. */
export interface ScoreRun {
  readonly score: Score;
  readonly real: ScoreSide;
  readonly generated: ScoreSide;
  /** ISO 8601. */
  readonly time: string;
  readonly seconds: number;
}

/** The score as plain JSON. */
export function scoreJson({ score, real, generated, time, seconds }: ScoreRun): Record<string, unknown> {
  const { values, intervals, missing, counts, width, disclosure } = score;
  const maker = generated.provenance ?? real.provenance;
  return {
    ...values,
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
    protocol: maker?.protocol ?? null,
    encoder:
      maker === undefined
        ? null
        : {
            id: maker.encoder.id,
            layer: maker.encoder.layer,
            weights_sha256: maker.encoder.weightsSha256,
          },
    devices: [...new Set(generated.provenance?.makers.map(({ device }) => device) ?? [])],
    disclosure: {
      comparable: disclosure.every(({ status }) => status === "met"),
      sentence: disclosureText(disclosure),
      points: disclosure,
    },
    real: sideJson(real),
    generated: sideJson(generated),
    versions: versionsOf(generated),
    time,
    seconds,
  };
}

function sideJson({ name, sha256, notes }: ScoreSide) {
  return { name, sha256: sha256 ?? null, notes };
}

function versionsOf({ provenance }: ScoreSide): Record<string, string> {
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
