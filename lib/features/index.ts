/** Features of images: extraction, files, moments. */
export { extractFeatures } from "./extract.js";
export type {
  ExtractedPart,
  ExtractFailure,
  ExtractKeep,
  ExtractMaker,
  ExtractOptions,
  ExtractProgress,
  ExtractResult,
  RowBlock,
} from "./extract-types.js";
export { Moments } from "./moments.js";
export { OtherExtractionError } from "./parts-manifest.js";
