/** The rows of the table of Frechet distances under six encoders. */
import { loadClaims } from "../load.js";

/** The encoders of the table. */
export const sixEncoders = ["inception", "convnext", "dinov2", "mae", "siglip", "clip"] as const;

/** The row of the real validation images. */
export const validationImages = "six-encoders/50k-validation-images";

/** The generators of the table: the first part of their claims' ids, and their kind. */
export function generators(): { readonly id: string; readonly kind: string }[] {
  return [...loadClaims().values()]
    .filter(({ id }) => id.startsWith("six-encoders/") && id.endsWith("/kind"))
    .map(({ id, value }) => ({ id: id.slice(0, -"/kind".length), kind: String(value) }))
    .filter(({ id }) => id !== validationImages);
}
