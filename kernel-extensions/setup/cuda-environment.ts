/**
 * What the environment has to say before CUDA starts, so that a GPU gives the CPU's results.
 *
 * Set in the main thread of a process, before the first worker: there an assignment reaches the C library's own
 * environment, which CUDA reads. In a worker with an environment of its own it would not.
 */

/**
 * Forbids TF32 (products rounded to 10 bits), which ONNX Runtime allows by default and has no option against.
 * What somebody set on purpose is replaced too: features with TF32 would not be comparable.
 * @param environment process.env of the main thread
 */
export function forbidTf32(environment: Record<string, string | undefined>): void {
  environment.NVIDIA_TF32_OVERRIDE = "0";
}

/**
 * Makes CUDA number the GPUs as nvidia-smi does, by the PCI bus, unless the environment says otherwise: by default it
 * begins with the fastest.
 * @param environment process.env of the main thread
 */
export function numberGpusByBus(environment: Record<string, string | undefined>): void {
  environment.CUDA_DEVICE_ORDER ??= "PCI_BUS_ID";
}
