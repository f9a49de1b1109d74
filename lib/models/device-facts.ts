/** Gathers what a device is chosen from: the engine's files, the loader's libraries, the GPUs of nvidia-smi. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { cudaNeeds, ENGINE, isFound, type LoaderPlaces, missingProviders } from "./cuda-libraries.js";
import type { DeviceFacts } from "./device.js";
import { nvidiaSmiArguments, parseGpuRows } from "./nvidia-smi.js";
import { type ProgramAnswer, runProgram } from "./run-program.js";

/** What is asked about a machine; a test brings its own. */
export interface DeviceSurroundings {
  /** Such as process.env; NVIDIA_TF32_OVERRIDE, CUDA_VISIBLE_DEVICES and LD_LIBRARY_PATH are read. */
  readonly environment: { readonly [name: string]: string | undefined };
  readonly platform?: string;
  readonly arch?: string;
  /** The folder of the installed onnxruntime-node; undefined where there is none. */
  engineFolder?(): string | undefined;
  readText?(file: string): string | undefined;
  /** All files under a folder, relative to it; empty where there is none. */
  listFiles?(folder: string): readonly string[];
  exists?(file: string): boolean;
  run?(command: string, args: readonly string[]): Promise<ProgramAnswer>;
}

/**
 * Looks at a machine. Takes a tenth of a second, and at most some seconds where nvidia-smi hangs. Never fails: what
 * cannot be looked at counts as not there.
 * @param around the environment, and for tests the machine
 * @example chooseDevice("auto", await gatherDeviceFacts({ environment: process.env }))
 */
export async function gatherDeviceFacts(around: DeviceSurroundings): Promise<DeviceFacts> {
  const machine = { ...HERE, ...around };
  const folder = machine.engineFolder();
  const version =
    folder === undefined ? undefined : versionOf(machine.readText(join(folder, "package.json")));
  const binaries = folder === undefined ? "" : join(folder, "bin");
  const files = folder === undefined ? [] : machine.listFiles(binaries);
  const lacking = missingProviders(files);
  const facts = {
    platform: machine.platform,
    arch: machine.arch,
    onnxruntimeVersion: version,
    cudaProviderFiles: lacking.length === 0 ? ("there" as const) : lacking,
    tf32Override: machine.environment.NVIDIA_TF32_OVERRIDE,
    visibleDevices: machine.environment.CUDA_VISIBLE_DEVICES,
  };
  if (machine.platform !== "linux" || machine.arch !== "x64" || version === undefined)
    return { ...facts, cudaLibraries: "unknown", gpus: undefined };
  const [answer, known] = await Promise.all([
    machine.run("nvidia-smi", nvidiaSmiArguments()),
    loaderCache(machine.run),
  ]);
  const folders = [
    ...(machine.environment.LD_LIBRARY_PATH ?? "").split(":").filter((one) => one !== ""),
    ...files
      .filter((file) => file.endsWith("providers_cuda.so"))
      .map((file) => dirname(join(binaries, file))),
  ];
  const cudaLibraries = lookFor(cudaNeeds(version).libraries, { known, folders, exists: machine.exists });
  return "output" in answer
    ? { ...facts, cudaLibraries, gpus: parseGpuRows(answer.output) }
    : { ...facts, cudaLibraries, gpus: undefined, gpuFailure: answer.failure };
}

/**
 * What the loader's cache holds: `ldconfig -p`, which lies outside the path of an ordinary user on Debian.
 * @returns undefined where it does not answer
 */
async function loaderCache(run: NonNullable<DeviceSurroundings["run"]>): Promise<string | undefined> {
  for (const command of ["ldconfig", "/sbin/ldconfig"]) {
    const answer = await run(command, ["-p"]);
    if ("output" in answer) return answer.output;
  }
  return undefined;
}

function lookFor(libraries: readonly string[], places: LoaderPlaces): DeviceFacts["cudaLibraries"] {
  const found = libraries.map((library) => isFound(library, places));
  if (found.includes(false)) return libraries.filter((_, at) => found[at] === false);
  return found.includes(undefined) ? "unknown" : "there";
}

function versionOf(packageJson: string | undefined): string | undefined {
  try {
    const version: unknown = JSON.parse(packageJson ?? "").version;
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const HERE: Required<Omit<DeviceSurroundings, "environment">> = {
  platform: platform(),
  arch: arch(),
  engineFolder: () =>
    attempt(() => dirname(createRequire(import.meta.url).resolve(`${ENGINE}/package.json`))),
  readText: (file) => attempt(() => readFileSync(file, "utf8")),
  listFiles: (folder) => attempt(() => readdirSync(folder, { recursive: true, encoding: "utf8" })) ?? [],
  exists: existsSync,
  run: runProgram,
};
