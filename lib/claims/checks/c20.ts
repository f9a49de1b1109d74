/** C20: the claim of Figure 9 on another published table, with 31 systems under six encoders (arXiv:2604.28190v1). */
import { type EncoderRow, encoderTable, type SixEncoder, saturation } from "../../benchmark/index.js";
import type { CheckResults } from "./value.js";

/** How many systems score lower than the validation images. */
export function c20(): CheckResults {
  const { generators, validationImages } = encoderTable();
  const trained = generators.filter(({ loss }) => loss !== undefined);
  const published = generators.filter(({ loss }) => loss === undefined);
  const below = (rows: readonly EncoderRow[], encoder: SixEncoder): number =>
    saturation({
      real: validationImages.distances[encoder],
      generated: rows.map(({ distances }) => distances[encoder]),
    }).below;
  return {
    published: published.length,
    "below-in-fid": below(published, "inception"),
    trained: trained.length,
    "trained-below-in-fid": below(trained, "inception"),
    systems: generators.length,
    "below-in-fd-dinov2": below(generators, "dinov2"),
    "below-in-convnext": below(generators, "convnext") > 0,
    "below-in-mae": below(generators, "mae") > 0,
    "below-in-siglip": below(generators, "siglip") > 0,
    "below-in-clip": below(generators, "clip") > 0,
  };
}
