/** What the paper says of the release's images, for estimates that cannot read them all. */
import { claim } from "../../lib/claims/index.js";

/** Images of so many shards of the release, about (section 2.5). */
export function imagesOfShards(shards: number): number {
  return shards * claim("corpus/images-per-train-shard-approx").number;
}

/** The mean size of the release's pictures in pixels. */
export function typicalPicture(): { readonly width: number; readonly height: number } {
  return { width: claim("corpus/mean-width-px").number, height: claim("corpus/mean-height-px").number };
}
