/** Whether encoders can run here: ONNX Runtime on the CPU, its CUDA provider, and the CUDA libraries that links. */
import { dirname, join } from "node:path";
import {
  cudaNeeds,
  ENGINE,
  isDriverOld,
  isFound,
  type LoaderPlaces,
  missingProviders,
  REMEDIES,
} from "../../lib/models/cuda-libraries.js";
import type { GpuReading } from "../../lib/models/nvidia-smi.js";
import type { DoctorRow } from "./doctor-row.js";
import type { Machine } from "./machine.js";

const CPU = "encoders on the CPU";
const CUDA = "CUDA libraries of ONNX Runtime";
// loads the engine's own code in a process of its own: a C library that is too old would end this one
const LOADS = "require(process.argv[1]).listSupportedBackends(); process.stdout.write('it loads')";

/** The rows of the engine: on the CPU, its CUDA provider, and where a GPU is there one a library. */
export async function cudaRows(machine: Machine, gpus: readonly GpuReading[]): Promise<DoctorRow[]> {
  const packageJson = machine.packageJson(ENGINE);
  if (packageJson === undefined) {
    const found = `${ENGINE} is not installed`;
    return [
      optional(CPU, found, `only encoders need it: ${REMEDIES.engine}`),
      optional(CUDA, found, `only encoders on a GPU need them, after ${ENGINE} itself`),
    ];
  }
  const version = versionOf(machine.readText(packageJson));
  const folder = dirname(packageJson);
  const files = machine.listFiles(join(folder, "bin"));
  const lacking = missingProviders(files);
  const provider: DoctorRow =
    lacking.length === 0
      ? { what: CUDA, state: "ok", found: `${ENGINE} ${version} with both provider libraries` }
      : optional(
          CUDA,
          `${ENGINE} ${version} without ${lacking.join(" and ")}`,
          gpus.length > 0
            ? REMEDIES.providers(version)
            : `only encoders on a GPU need them; ${REMEDIES.providers(version)}`,
        );
  const provided = files
    .filter((file) => file.endsWith("providers_cuda.so"))
    .map((file) => dirname(join(folder, "bin", file)));
  return [
    await cpuRow(machine, folder, version),
    provider,
    ...(gpus.length === 0 ? [] : await systemRows(machine, gpus, version, provided)),
  ];
}

async function cpuRow(machine: Machine, folder: string, version: string): Promise<DoctorRow> {
  const answer = await machine.run(process.execPath, ["-e", LOADS, folder]);
  return answer === "it loads"
    ? { what: CPU, state: "ok", found: `${ENGINE} ${version}` }
    : optional(
        CPU,
        `${ENGINE} ${version} does not load`,
        "it has builds for Linux with glibc 2.28 or newer, for Windows, and for Macs with Apple's own chips; where this is one of them, run npm ci again",
      );
}

async function systemRows(
  machine: Machine,
  gpus: readonly GpuReading[],
  version: string,
  provided: readonly string[],
): Promise<DoctorRow[]> {
  const needs = cudaNeeds(version);
  const driver = gpus[0]?.driver ?? "";
  const old = isDriverOld(driver, needs) === true;
  const places: LoaderPlaces = {
    // an ordinary user of Debian does not have it on the path
    known: (await machine.run("ldconfig", ["-p"])) ?? (await machine.run("/sbin/ldconfig", ["-p"])),
    folders: [...(machine.environment.LD_LIBRARY_PATH ?? "").split(":").filter(Boolean), ...provided],
    exists: (file) => machine.exists(file),
  };
  return [
    ...(old ? [optional(`driver for CUDA ${needs.cuda}`, driver, REMEDIES.driver(needs))] : []),
    ...needs.libraries.map((name): DoctorRow => {
      const found = isFound(name, places);
      if (found === true) return { what: name, state: "ok", found: "found by the loader" };
      const words = found === false ? "not found by the loader" : "not looked for: ldconfig does not answer";
      return optional(name, words, REMEDIES.libraries(needs));
    }),
  ];
}

function optional(what: string, found: string, remedy: string): DoctorRow {
  return { what, state: "optional", found, remedy };
}

function versionOf(packageJson: string | undefined): string {
  try {
    return String(JSON.parse(packageJson ?? "").version);
  } catch {
    return "of unknown version";
  }
}
