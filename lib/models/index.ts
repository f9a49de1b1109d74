/** Encoders as ONNX graphs, and inference on CPU or CUDA. */
export type { DeviceReport, Encoder, EncoderIdentity, ImageBatch } from "./encoder.js";
export type { FetchWeightsOptions, WeightsProgress } from "./fetch-options.js";
export { type FetchedWeights, fetchWeights } from "./fetch-weights.js";
export {
  type EncoderId,
  encoderIds,
  loadManifest,
  type ModelEntry,
  modelEntry,
  type PackagedFile,
  type PackagedFiles,
  type PublishedFile,
  readManifest,
} from "./manifest.js";
export {
  findWeights,
  readRecord,
  requireWeights,
  type WeightsFile,
  type WeightsRecord,
  type WeightsState,
  weightsFolder,
} from "./weights-cache.js";
export { hashFile, WeightsError } from "./weights-check.js";
export { verifyWeights, type WeightsFinding } from "./weights-verify.js";
