/**
 * Which type of caption an image gets (the paper's 2.4): tag 1 %, short 45 %, medium 45 %, long 9 %.
 *
 * The paper does not say how the type was drawn (silence 6). Here it hangs on the image's key and a seed alone, so that
 * no order, no shard and no second run changes it; the shares of many images are those asked for up to chance.
 */
import { createHash } from "node:crypto";
import { type CaptionType, captionTypes } from "../corpus/index.js";

/** The shares of the four types in percent; a test compares them with the claims of the paper. */
export const CAPTION_SHARES: { readonly [Type in CaptionType]: number } = {
  ...{ tag: 1, short: 45, medium: 45, long: 9 },
};

/** Bits of the hash that become a number: as many as a float64 holds. */
const HASH_HEX_DIGITS = 13;

/**
 * The type of an image's caption: the first 52 bits of SHA-256 of "seed:key", as a share of 1, against the shares added up:
 * the rule by which the sample's types were drawn (data/README.md).
 * @param key the image's name in its set
 * @param seed another seed, another draw; 0 if not given
 * @example drawCaptionType("a.jpg") // "short", on every machine
 */
export function drawCaptionType(key: string, seed: number | string = 0): CaptionType {
  const hash = createHash("sha256").update(`${seed}:${key}`).digest("hex");
  let percent = (Number.parseInt(hash.slice(0, HASH_HEX_DIGITS), 16) / 16 ** HASH_HEX_DIGITS) * 100;
  for (const type of captionTypes) {
    percent -= CAPTION_SHARES[type];
    if (percent < 0) return type;
  }
  return "long";
}
