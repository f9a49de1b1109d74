/**
 * Where inference runs: the CPU, or a GPU by CUDA; decided from facts before anything is loaded, with the reason.
 *
 * "auto" takes the first GPU where everything that CUDA needs is there, else the CPU, and says why. "cuda" where it
 * cannot be had is an error with the remedy, never a silent run on the CPU. CUDA is refused while TF32 is allowed: it
 * would round products to 10 bits, and the engine can forbid it only through the environment, before CUDA starts.
 */
import { cudaNeeds, ENGINE, isDriverOld, REMEDIES } from "./cuda-libraries.js";
import { type GpuReading, visibleGpus } from "./nvidia-smi.js";

/** What may be asked for. */
export type DeviceWish = "auto" | "cpu" | "cuda" | `cuda:${number}`;

/** What a device is chosen from. */
export interface DeviceFacts {
  /** As Node names them: "linux", "x64". */
  readonly platform: string;
  readonly arch: string;
  /** Version of the installed onnxruntime-node; undefined where there is none. */
  readonly onnxruntimeVersion: string | undefined;
  /** Whether the two libraries of its CUDA provider lie beside it; else the names of those that do not. */
  readonly cudaProviderFiles: "there" | readonly string[];
  /** Whether the loader finds CUDA and cuDNN; else the names that it does not find, or that it cannot be asked. */
  readonly cudaLibraries: "there" | "unknown" | readonly string[];
  /** All GPUs, as nvidia-smi reports them; undefined where it gives no answer. */
  readonly gpus: readonly GpuReading[] | undefined;
  /** Why nvidia-smi gives no answer: "not there", "no answer in 5 s", its own words. */
  readonly gpuFailure?: string;
  /** The environment's NVIDIA_TF32_OVERRIDE; "0" forbids TF32. */
  readonly tf32Override: string | undefined;
  /** The environment's CUDA_VISIBLE_DEVICES. */
  readonly visibleDevices: string | undefined;
}

/** The device that was chosen, and why, in a sentence for people. */
export type DeviceChoice =
  | { readonly device: "cpu"; readonly why: string }
  | { readonly device: "cuda"; readonly index: number; readonly why: string };

/** A device that was asked for cannot be had; the message says what to do. */
export class DeviceError extends Error {
  override readonly name = "DeviceError";
}

/** What stands between a machine and CUDA. */
interface Obstacle {
  /** A clause: "no NVIDIA GPU answers". */
  readonly found: string;
  readonly remedy: string;
}

const NO_GPU_REMEDY = "choose the device cpu, or a machine with an NVIDIA GPU and its driver";

/**
 * Chooses where inference runs.
 * @param wanted "auto", "cpu", "cuda" (the first GPU that CUDA shows) or "cuda:N" (CUDA's own numbers)
 * @param machine what is known of it: `gatherDeviceFacts`
 * @throws {RangeError} for any other wish
 * @throws {DeviceError} where "cuda" cannot be had; never for "auto"
 * @example chooseDevice("auto", facts).why // "auto: cuda:0 (NVIDIA H100 80GB HBM3)"
 */
export function chooseDevice(wanted: DeviceWish, machine: DeviceFacts): DeviceChoice {
  if (wanted === "cpu") return { device: "cpu", why: "cpu: as asked" };
  const index = wanted === "auto" ? 0 : cudaIndex(wanted);
  const gpus = visibleGpus(machine.gpus ?? [], machine.visibleDevices);
  const obstacle = findObstacle(machine, gpus, index);
  if (obstacle === undefined)
    return { device: "cuda", index, why: `${wanted}: cuda:${index} (${gpus[index]?.name})` };
  if (wanted === "auto") return { device: "cpu", why: `auto: ${obstacle.found}, so the CPU` };
  throw new DeviceError(`Cannot run on ${wanted}: ${obstacle.found}; ${obstacle.remedy}`);
}

function cudaIndex(wanted: string): number {
  const match = /^cuda(?::(\d{1,3}))?$/.exec(wanted);
  if (match === null)
    throw new RangeError(
      `Cannot choose a device: auto, cpu, cuda or cuda:N is needed, got ${JSON.stringify(wanted)?.slice(0, 40)}`,
    );
  return Number(match[1] ?? 0);
}

function findObstacle(
  machine: DeviceFacts,
  gpus: readonly GpuReading[],
  index: number,
): Obstacle | undefined {
  const { platform, arch, onnxruntimeVersion } = machine;
  if (platform !== "linux" || arch !== "x64")
    return {
      found: `CUDA needs Linux on x64 and this is ${platform} on ${arch}`,
      remedy: "choose the device cpu",
    };
  if (onnxruntimeVersion === undefined)
    return { found: `${ENGINE} is not installed`, remedy: REMEDIES.engine };
  return gpuObstacle(machine, gpus, index) ?? libraryObstacle(machine, onnxruntimeVersion, gpus[index]);
}

function gpuObstacle(
  { gpus: all, gpuFailure, visibleDevices }: DeviceFacts,
  gpus: readonly GpuReading[],
  index: number,
): Obstacle | undefined {
  if (all === undefined) {
    const because = gpuFailure === undefined ? "" : ` (nvidia-smi: ${gpuFailure})`;
    return { found: `no NVIDIA GPU answers${because}`, remedy: NO_GPU_REMEDY };
  }
  if (all.length === 0) return { found: "the driver is there but reports no GPU", remedy: NO_GPU_REMEDY };
  const hidden =
    visibleDevices === undefined ? "" : ` while CUDA_VISIBLE_DEVICES is "${shown(visibleDevices)}"`;
  if (gpus.length === 0)
    return { found: `CUDA shows no GPU${hidden}`, remedy: "unset that variable, or choose the device cpu" };
  if (index < gpus.length) return undefined;
  const there = gpus.length === 1 ? "only cuda:0" : `cuda:0 to cuda:${gpus.length - 1}`;
  return { found: `there is ${there}${hidden}`, remedy: "choose one of those, or auto" };
}

function libraryObstacle(
  { cudaProviderFiles, cudaLibraries, tf32Override }: DeviceFacts,
  version: string,
  gpu: GpuReading | undefined,
): Obstacle | undefined {
  const needs = cudaNeeds(version);
  if (gpu !== undefined && isDriverOld(gpu.driver, needs) === true)
    return {
      found: `${ENGINE} ${version} needs driver ${needs.driver} or newer for CUDA ${needs.cuda} and this is ${gpu.driver}`,
      remedy: REMEDIES.driver(needs),
    };
  if (cudaProviderFiles !== "there")
    return {
      found: `${ENGINE} ${version} is without ${cudaProviderFiles.join(" and ")}`,
      remedy: REMEDIES.providers(version),
    };
  if (typeof cudaLibraries !== "string")
    return {
      found: `the loader does not find ${cudaLibraries.join(" and ")}`,
      remedy: REMEDIES.libraries(needs),
    };
  if (tf32Override === "0") return undefined;
  return {
    found: "TF32 is not forbidden, so that results would differ from the CPU's",
    remedy: "set NVIDIA_TF32_OVERRIDE=0 in the environment before the process starts",
  };
}

function shown(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 60);
}
