/** Decoded pictures and the ways in which they are made ready for a network. */
export type { ImageItem, ImagePart, ImagePartOptions, ImageSet } from "./image-set.js";
export type { Pixels, PreparedImage } from "./pixels.js";
export type { Normalisation, Protocol, ProtocolId } from "./protocol.js";
