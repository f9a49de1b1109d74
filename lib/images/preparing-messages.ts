/** What a pool and its threads say to each other; kept apart so that neither needs the other to be loaded. */
import type { Pixels, PreparedImage } from "./pixels.js";
import type { ProtocolId } from "./protocol.js";

/** What a thread is started with. */
export interface PreparingStart {
  readonly protocol: ProtocolId;
}

/** An image on its way to a thread: encoded, or as pixels that were never encoded. */
export type PreparingInput = { readonly key: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly pixels: Pixels }
);

/** What became of it: the image as its protocol makes it, or why there is none. */
export type PreparingResult =
  | { readonly image: PreparedImage }
  | { readonly failed: { readonly kind: string; readonly message: string } };
