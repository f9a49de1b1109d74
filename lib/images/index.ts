/** Decoded pictures and the ways in which they are made ready for a network. */
export { centreCrop } from "./crop.js";
export type { ImageItem, ImagePart, ImagePartOptions, ImageSet } from "./image-set.js";
export { interpolate } from "./interpolate.js";
export type { InterpolationMethod } from "./interpolate-taps.js";
export type { Pixels, PreparedImage } from "./pixels.js";
export type { Normalisation, Protocol, ProtocolId } from "./protocol.js";
export { protocolById, protocols } from "./protocols.js";
export { type ResizeOrder, resize } from "./resize.js";
export type { ImageSize } from "./resize-checks.js";
export { type FloatPixels, resizeFloat } from "./resize-float.js";
export type { ResizeFilter } from "./resize-taps.js";
