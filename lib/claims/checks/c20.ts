/** C20: the claim of Figure 9 on another published table, with 31 systems under six encoders (arXiv:2604.28190v1). */

import { generators, validationImages } from "./six-encoders.js";
import { type CheckResults, value } from "./value.js";

/** How many systems score lower than the validation images. */
export function c20(): CheckResults {
  const systems = generators();
  const trained = systems.filter(({ kind }) => kind === "trained on a Frechet loss");
  const published = systems.filter(({ kind }) => kind !== "trained on a Frechet loss");
  const below = (list: typeof systems, encoder: string): number =>
    list.filter(({ id }) => value(`${id}/fd_${encoder}`) < value(`${validationImages}/fd_${encoder}`)).length;
  return {
    published: published.length,
    "below-in-fid": below(published, "inception"),
    trained: trained.length,
    "trained-below-in-fid": below(trained, "inception"),
    systems: systems.length,
    "below-in-fd-dinov2": below(systems, "dinov2"),
    "below-in-convnext": below(systems, "convnext") > 0,
    "below-in-mae": below(systems, "mae") > 0,
    "below-in-siglip": below(systems, "siglip") > 0,
    "below-in-clip": below(systems, "clip") > 0,
  };
}
