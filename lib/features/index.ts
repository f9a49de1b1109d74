/** Features of images: extraction, files, moments. */
export { type FeatureAgreement, featureAgreement, type KeyedRows } from "./agreement.js";
export { type DescribeOptions, describePictures } from "./describe-pictures.js";
export { extractFeatures } from "./extract.js";
export { type ExtractedRows, extractedRows } from "./extract-rows.js";
export { type FeaturesToWriteOptions, featuresToWrite } from "./extract-to-write.js";
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
export { type FeatureFile, type FeatureFileOptions, openFeatures } from "./feature-file.js";
export { type ReadFeatures, readFeatures } from "./feature-file-read.js";
export {
  type FeatureRowStream,
  type FeaturesToWrite,
  type WriteFeaturesOptions,
  writeFeatures,
} from "./feature-file-write.js";
export {
  type FeatureMoments,
  type FeaturePrefix,
  type FeatureRows,
  type FeatureSet,
  featureMoments,
  momentsOf,
} from "./feature-set.js";
export { Moments } from "./moments.js";
export { momentsOfBlocks } from "./moments-of-blocks.js";
export { cosine, type NearestOptions, type Neighbour, nearest } from "./nearest.js";
export { OtherExtractionError } from "./parts-manifest.js";
export { type PartsUse, usePartsFolder } from "./parts-use.js";
export { type FeatureMaker, type Provenance, provenancePath } from "./provenance.js";
export {
  type SampleDescriptors,
  type SamplePart,
  sampleDegraded,
  sampleDescriptors,
  sampleProtocolMoments,
} from "./sample-features.js";
export type { FeatureToolkit } from "./toolkit-names.js";
