/** Decoded pictures and the ways in which they are made ready for a network. */
export { ImageError, type ImageErrorKind } from "./image-error.js";
export type { ImageItem, ImagePart, ImagePartOptions, ImageSet } from "./image-set.js";
export type { Pixels, PreparedImage } from "./pixels.js";
export {
  openPreparing,
  type Preparing,
  type PreparingInput,
  type PreparingOptions,
  type PreparingResult,
} from "./preparing.js";
export type { Normalisation, Protocol, ProtocolId } from "./protocol.js";
