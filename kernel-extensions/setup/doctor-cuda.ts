/** Whether ONNX Runtime could use this machine's GPU: its CUDA provider beside it, and the CUDA libraries that links. */
import { dirname, join } from "node:path";
import type { DoctorRow } from "./doctor.js";
import type { Gpu } from "./gpu.js";
import type { Machine } from "./machine.js";

const PACKAGE = "onnxruntime-node";
const PROVIDERS = ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"];
// onnxruntime-node 1.27 was the first that links CUDA 13
const FIRST_CUDA_13_MINOR = 27;
const CUDA_13_DRIVER = 580;

/** The rows of the engine: one where it is not installed or no GPU is there, else one a library. */
export async function cudaRows(machine: Machine, gpus: readonly Gpu[]): Promise<DoctorRow[]> {
  const what = "CUDA libraries of ONNX Runtime";
  const packageJson = machine.packageJson(PACKAGE);
  if (packageJson === undefined) {
    const remedy = "nothing to do: no notebook of this version runs an encoder";
    return [{ what, state: "optional", found: `${PACKAGE} is not installed`, remedy }];
  }
  const version = versionOf(machine.readText(packageJson));
  const files = machine.listFiles(join(dirname(packageJson), "bin"));
  const lacking = PROVIDERS.filter((name) => !files.some((file) => file.split(/[\\/]/).at(-1) === name));
  const provider: DoctorRow =
    lacking.length === 0
      ? { what, state: "ok", found: `${PACKAGE} ${version} with both provider libraries` }
      : {
          what,
          state: "optional",
          found: `${PACKAGE} ${version} without ${lacking.join(" and ")}`,
          remedy: `on a GPU machine with internet: npm rebuild ${PACKAGE} --ignore-scripts=false; without internet copy both files of version ${version} beside libonnxruntime.so.1`,
        };
  return gpus.length === 0 ? [provider] : [provider, ...(await systemRows(machine, gpus, version))];
}

async function systemRows(machine: Machine, gpus: readonly Gpu[], version: string): Promise<DoctorRow[]> {
  const minor = Number(version.split(".")[1]);
  const cuda = minor >= FIRST_CUDA_13_MINOR ? 13 : 12;
  const rows: DoctorRow[] = [];
  const driver = gpus[0]?.driver ?? "";
  if (cuda === 13 && Number.parseInt(driver, 10) < CUDA_13_DRIVER)
    rows.push({
      what: "driver for CUDA 13",
      state: "optional",
      found: driver,
      remedy: `install driver ${CUDA_13_DRIVER} or newer; ${PACKAGE} 1.26 is the last for CUDA 12`,
    });
  const known = (await machine.run("ldconfig", ["-p"])) ?? "";
  const folders = (machine.environment.LD_LIBRARY_PATH ?? "").split(":").filter(Boolean);
  for (const name of [`libcublasLt.so.${cuda}`, "libcudnn.so.9"]) {
    const there = known.includes(name) || folders.some((folder) => machine.exists(join(folder, name)));
    rows.push(
      there
        ? { what: name, state: "ok", found: "found by the loader" }
        : {
            what: name,
            state: "optional",
            found: "not found by the loader",
            remedy: `install CUDA ${cuda} and cuDNN 9, or add their folder to LD_LIBRARY_PATH`,
          },
    );
  }
  return rows;
}

function versionOf(packageJson: string | undefined): string {
  try {
    return String(JSON.parse(packageJson ?? "").version);
  } catch {
    return "of unknown version";
  }
}
