/** What a way of preparing images is: crop, resize, rounding, and the normalisation that its network begins with. */
import type { Pixels, PreparedImage } from "./pixels.js";

/** The ways of preparing an image that are known by name. */
export type ProtocolId =
  | "gpic"
  | "gpic-256"
  | "pytorch-fid"
  | "tf-fid"
  | "clean-fid"
  | "torchmetrics"
  | "edm2"
  | "sscd-320"
  | "sscd-288";

/** What a network does first: (value - mean) / std for each channel, value in 0..255. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** A way from decoded pixels to what a network takes. */
export interface Protocol {
  readonly id: ProtocolId;
  /** One line for people: crop, resize, rounding. */
  readonly description: string;
  /** The toolkit and function that it repeats. */
  readonly source: string;
  /** uint8 where the protocol rounds to 8 bits, else float32; both in units of 0..255. */
  readonly pixelType: "uint8" | "float32";
  /** The size of every result; absent where it depends on the picture (sscd-288). */
  readonly size?: { readonly width: number; readonly height: number };
  /** The normalisation inside the network; absent where none follows (gpic-256 makes images, not features). */
  readonly normalisation?: Normalisation;
  /** Prepares one picture. */
  prepare(pixels: Pixels): PreparedImage;
}
