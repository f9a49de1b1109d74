/** Made-up sides of a score: Gaussian rows by seed, with whatever a file may say of them. */
import type { ScoreSide } from "gpic-lab/benchmark";
import { Random } from "gpic-lab/core";
import { type FeatureRows, momentsOf, type Provenance } from "gpic-lab/features";

/** Rows whose columns have falling deviations, about a mean. */
export function gaussianRows(
  count: number,
  width: number,
  seed: string,
  { mean = 0, scale = 1 }: { readonly mean?: number; readonly scale?: number } = {},
): FeatureRows {
  const random = new Random(seed);
  const data = new Float32Array(count * width);
  for (let at = 0; at < data.length; at++)
    data[at] = mean + (scale * random.normal()) / Math.sqrt(1 + (at % width));
  return { data, count, width };
}

/** A side with nothing beside it. */
export function madeSide(name: string, rows: FeatureRows, more: Partial<ScoreSide> = {}): ScoreSide {
  return { name, width: rows.width, rows, notes: [], ...more };
}

/** A side that has moments alone. */
export function momentsSide(name: string, rows: FeatureRows, count?: number): ScoreSide {
  return { name, width: rows.width, moments: { ...momentsOf({ rows }), count }, notes: [] };
}

/** What gpic-lab writes beside features of the benchmark's encoder. */
export function madeProvenance(counted: number, more: Partial<Provenance> = {}): Provenance {
  return {
    protocol: "gpic",
    encoder: { id: "dinov2-vitl14", layer: "class token", weightsSha256: "ab".repeat(32), builder: 1 },
    images: { counted, failed: 0 },
    failures: [],
    makers: [{ device: "cuda:0", versions: { onnxruntime: "1.30.0" } }],
    ...more,
  };
}
