/** Encoders as ONNX graphs, and inference on CPU or CUDA. */
export type { DeviceReport, Encoder, EncoderIdentity, ImageBatch } from "./encoder.js";
