/** Encoders as ONNX graphs, and inference on CPU or CUDA. */

export { architectureOf } from "./architecture.js";
export { type BatchCost, type BatchCostOptions, batchCost } from "./batch-cost.js";
export { type BestEncoder, bestEncoder } from "./best-encoder.js";
export { buildGraph, GRAPH_BUILDER_VERSION, type GraphFolder, type GraphOptions } from "./build-graph.js";
export { chooseDevice, type DeviceChoice, DeviceError, type DeviceFacts, type DeviceWish } from "./device.js";
export { type DeviceSurroundings, gatherDeviceFacts } from "./device-facts.js";
export { dinoGraph } from "./dinov2.js";
export { type DinoShape, dinoName, dinoShape } from "./dinov2-shape.js";
export type { DeviceReport, Encoder, EncoderIdentity, ImageBatch } from "./encoder.js";
export type { FetchWeightsOptions, WeightsProgress } from "./fetch-options.js";
export { type FetchedWeights, fetchWeights } from "./fetch-weights.js";
export { type BuiltGraph, CONSTANTS_FILE, WEIGHTS_FILE } from "./graph.js";
export { INCEPTION_WIDTH, inceptionGraph } from "./inception.js";
export type { LowerBlocks } from "./lower-blocks.js";
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
export { type CholeskyFactor, choleskyFactor, congruence } from "./matrix-cholesky.js";
export { eigenvaluesOf, eigenvaluesOfBlocks } from "./matrix-eigenvalues.js";
export { type SymmetricEigen, symmetricEigen } from "./matrix-eigenvectors.js";
export { type PivotedFactor, pivotedFactor } from "./matrix-pivoted-factor.js";
export {
  type DenseMatrix,
  multiply,
  multiplyInto,
  subtractProduct,
  type Transposed,
} from "./matrix-product.js";
export { singularValues } from "./matrix-singular-values.js";
export { transposed } from "./matrix-transposed.js";
export { triangularRoot } from "./matrix-triangular.js";
export { type GpuReading, visibleGpus } from "./nvidia-smi.js";
export { type EncoderOptions, openEncoder } from "./open-encoder.js";
export type { GraphInput } from "./pixel-input.js";
export type { ProgramAnswer } from "./run-program.js";
export { sscdGraph } from "./sscd.js";
export {
  findWeights,
  readRecord,
  requireWeights,
  type WeightsFile,
  type WeightsRecord,
  type WeightsState,
  weightsFolder,
} from "./weights-cache.js";
export { hashWeights, WeightsError } from "./weights-check.js";
export { checkIsEncoder } from "./weights-identity.js";
export { verifyWeights, type WeightsFinding } from "./weights-verify.js";
