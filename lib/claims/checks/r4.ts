/** R4: whether an encoder that a generator was trained on still judges it (arXiv:2604.28190v1, rows with a Frechet loss). */

import { encoderTable, sixEncoders } from "../../benchmark/index.js";
import { ranks } from "../../core/index.js";
import type { CheckResults } from "./value.js";

/** Ranks among all systems, 1 for the smallest distance, of those that were trained on FD-Inception. */
export function r4(): CheckResults {
  const { generators, validationImages } = encoderTable();
  const trained = generators.flatMap(({ loss }, i) => (loss === "FD-Inception" ? [i] : []));
  const places = sixEncoders.map((encoder) => {
    const ranking = ranks(generators.map(({ distances }) => distances[encoder]));
    return { encoder, places: trained.map((i) => ranking[i] ?? Number.NaN) };
  });
  const own = places.flatMap(({ encoder, places }) => (encoder === "inception" ? places : []));
  const others = places.flatMap(({ encoder, places }) => (encoder === "inception" ? [] : places));
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const times = trained.flatMap((i) => {
    const row = generators[i];
    return row === undefined ? [] : [row.distances.dinov2 / validationImages.distances.dinov2];
  });
  return {
    systems: trained.length,
    "worst-rank-inception": Math.max(...own),
    "mean-rank-inception": mean(own),
    "mean-rank-elsewhere": mean(others),
    "best-rank-elsewhere": Math.min(...others),
    "worst-rank-elsewhere": Math.max(...others),
    "least-times-validation-in-dinov2": Math.min(...times),
  };
}
