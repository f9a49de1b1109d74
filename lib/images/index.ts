/** Decoded pictures and the ways in which they are made ready for a network. */
export { blur } from "./blur.js";
export { centreCrop } from "./crop.js";
export { type CropPlace, crop, drawCrops } from "./crops.js";
export {
  type CutmixPattern,
  type CutmixPlace,
  cutmix,
  cutmixPatterns,
  drawCutmix,
  squarePicture,
} from "./cutmix.js";
export { decode, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from "./decode.js";
export {
  type DecodeKind,
  type DecodeTreatment,
  decodeKinds,
  type EncodedImage,
  encodedImage,
} from "./decode-kinds.js";
export { type DecodeMatrixRow, type DecodeOutcome, decodeMatrix } from "./decode-matrix.js";
export { type Degradation, type DegradationId, degradationById, degradations } from "./degrade.js";
export { type PictureDifference, pictureDifference } from "./difference.js";
export { differencePicture, picturePng, roundedPixels } from "./difference-picture.js";
export { mostDifferentPlace } from "./difference-place.js";
export { ImageError, type ImageErrorKind } from "./image-error.js";
export { recordSet, type SetRecord } from "./image-records.js";
export {
  type ImageItem,
  type ImagePart,
  type ImagePartOptions,
  type ImageSet,
  imageItems,
  type LostImage,
} from "./image-set.js";
export { interpolate } from "./interpolate.js";
export type { InterpolationMethod } from "./interpolate-taps.js";
export { addNoise } from "./noise.js";
export { type OpenImagesOptions, openImages } from "./open-images.js";
export type { Pixels, PreparedImage } from "./pixels.js";
export { type PreparedSet, type PrepareOptions, type PrepareProgress, prepareImages } from "./prepare.js";
export type { FailedImage } from "./prepare-folder.js";
export { passingFailures } from "./prepare-part.js";
export {
  openPreparing,
  type Preparing,
  type PreparingInput,
  type PreparingOptions,
  type PreparingResult,
} from "./preparing.js";
export type { Normalisation, Protocol, ProtocolId } from "./protocol.js";
export { protocolById, protocols } from "./protocols.js";
export { type ResizeOrder, resize } from "./resize.js";
export type { ImageSize } from "./resize-checks.js";
export { type FloatPixels, resizeFloat } from "./resize-float.js";
export type { ResizeFilter } from "./resize-taps.js";
export { scaledToSide } from "./scaled-to-side.js";
