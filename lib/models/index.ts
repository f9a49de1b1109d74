/** Encoders as ONNX graphs, and inference on CPU or CUDA. */
export { chooseDevice, type DeviceChoice, DeviceError, type DeviceFacts, type DeviceWish } from "./device.js";
export { type DeviceSurroundings, gatherDeviceFacts } from "./device-facts.js";
export type { DeviceReport, Encoder, EncoderIdentity, ImageBatch } from "./encoder.js";
export { type GpuReading, visibleGpus } from "./nvidia-smi.js";
export type { ProgramAnswer } from "./run-program.js";
