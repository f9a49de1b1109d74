/** Decoded pictures, and pictures made ready for a network: plain arrays with their size. */

/** A decoded picture: 8-bit RGB as Pillow's `convert("RGB")` gives it. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** height x width x 3, row-major, RGB, 0..255. */
  readonly data: Uint8Array;
}

/** A picture as a protocol hands it to a network, before the network's own normalisation. */
export interface PreparedImage {
  readonly width: number;
  readonly height: number;
  /** height x width x 3, row-major, RGB; in units of 0..255, whole numbers where the protocol rounds. */
  readonly data: Uint8Array | Float32Array;
}
