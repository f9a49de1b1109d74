/**
 * The benchmark's score of a set of generated images, under the names that gpic-eval gives its numbers.
 *
 * Section 3 of the paper; the conventions are those of `BENCHMARK_RULES`. A value that the features at hand cannot give
 * is null, and `missing` says why: nothing is estimated in its place.
 */
import type { Interval } from "../core/index.js";
import type { FrechetHealth, PrdcValues } from "../metrics/index.js";
import type { DisclosurePoint } from "./disclosure-types.js";
import type { ReferenceExplanation } from "./reference-explain.js";
import type { InfluentialImages } from "./score-images.js";
import type { SampleSizeEffect } from "./score-sample-size.js";
import type { TrainingFinding } from "./score-training.js";

/** The names of a score's numbers, as gpic-eval writes them. */
export type ScoreName = "fd" | "fd_mu" | "fd_sigma" | "precision" | "recall" | "density" | "coverage" | "mmd";

/** The names in the order in which they are shown. */
export const SCORE_NAMES: readonly ScoreName[] = [
  ...(["fd", "fd_mu", "fd_sigma"] as const),
  ...(["precision", "recall", "density", "coverage", "mmd"] as const),
];

/** The numbers; null is one that the features cannot give. */
export type ScoreValues = { readonly [name in ScoreName]: number | null };

/** 95 % intervals of the numbers. */
export type ScoreIntervals = { readonly [name in ScoreName]: Interval | null };

/** Images and rows that numbers are of. */
export interface ScoreCounts {
  /** Images that the real mean and covariance are of; null where nothing says. */
  readonly real: number | null;
  /** Rows of the real side; 0 where it has moments alone. */
  readonly realRows: number;
  readonly generated: number | null;
  readonly generatedRows: number;
  /** Images of the samples that no features could be made of. */
  readonly generatedFailed: number;
}

/** A score with what it takes to judge it. */
export interface Score {
  readonly values: ScoreValues;
  readonly intervals: ScoreIntervals;
  /** Why a value or its interval is null, and what else a reader must know of the numbers: a sentence each. */
  readonly missing: readonly string[];
  readonly counts: ScoreCounts;
  readonly width: number;
  /** How well the Frechet distance is known from its numbers: ranks, the smallest eigenvalue, rounding. */
  readonly health: FrechetHealth;
  /** From how many images the reference's moments are, by the law; undefined where it says so, or cannot tell. */
  readonly reference: ReferenceExplanation | undefined;
  /** Precision, recall, density and coverage for each k. */
  readonly perK: readonly PrdcValues[];
  /** The score of perfect images of the same number; undefined where it is not known. */
  readonly sampleSize: SampleSizeEffect | undefined;
  /** The images at both ends; undefined where there are no rows. */
  readonly images: InfluentialImages | undefined;
  /** Samples near training images; undefined where no training features were given. */
  readonly training: TrainingFinding | undefined;
  /** Of every draw. */
  readonly seed: number;
  readonly disclosure: readonly DisclosurePoint[];
}
