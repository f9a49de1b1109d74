/**
 * What this machine has and lacks, each lack with its remedy: for `gpic-lab doctor`, the start notebook and %doctor.
 *
 * "lacking" is what the sample corpus needs and is not there; "optional" is what only JupyterLab, a GPU or the real
 * corpus need. A token is looked for, never shown.
 */
import { join } from "node:path";
import { settingsFrom } from "../../lib/io/index.js";
// from their own files: the whole of lib/models loads the engine, which is one of the things that may be broken
import { encoderIds } from "../../lib/models/manifest.js";
import type { GpuReading } from "../../lib/models/nvidia-smi.js";
import { findWeights } from "../../lib/models/weights-cache.js";
import { kernelFolder } from "../jupyter/kernelspec.js";
import { cudaRows } from "./doctor-cuda.js";
import type { DoctorRow } from "./doctor-row.js";
import { gpu } from "./gpu.js";
import { type Machine, thisMachine } from "./machine.js";

// 300 MB for the packages were taken by set-up; running the notebooks and the report takes some tens of MB
const NEEDED_DISK_BYTES = 200e6;
// two notebooks at a time at up to 650 MB each, as measured over 200 cells
const NEEDED_MEMORY_BYTES = 1.4e9;
const CPU_FEATURES = /^(avx|avx2|fma|avx512f|avx512_vnni|avx_vnni|amx_int8|amx_bf16|asimd|neon|sve|sve2)$/;
const FAST_CPU_FEATURE = /^(avx2|asimd|neon)$/;

/**
 * Looks at everything.
 * @param machine the machine to look at; this one by default
 * @returns one row a thing, what the sample needs first
 */
export async function doctor(machine: Machine = thisMachine()): Promise<DoctorRow[]> {
  const [cpu, { gpus, summary }, weights, python, jupyter] = await Promise.all([
    cpuRow(machine),
    gpu(machine),
    weightsRow(machine),
    pythonRow(machine),
    jupyterRow(machine),
  ]);
  return [
    nodeRow(machine),
    diskRow(machine),
    memoryRow(machine),
    cpu,
    gpuRow(gpus, summary),
    ...(await cudaRows(machine, gpus)),
    tokenRow(machine),
    weights,
    python,
    jupyter,
    kernelRow(machine),
  ];
}

function nodeRow({ nodeVersion }: Machine): DoctorRow {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  const ok = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  const remedy = "install Node 20.19 or newer (of the 22 line, 22.12 or newer) from https://nodejs.org";
  return row("Node", ok ? "ok" : "lacking", nodeVersion, remedy);
}

function diskRow(machine: Machine): DoctorRow {
  const free = machine.diskFreeBytes(machine.root);
  if (free === undefined) return row("disk", "optional", "free space unknown", "keep about 200 MB free");
  const remedy = `free about ${Math.ceil((NEEDED_DISK_BYTES - free) / 1e6)} MB on the disk of ${machine.root}`;
  return row("disk", free >= NEEDED_DISK_BYTES ? "ok" : "lacking", `${gigabytes(free)} free`, remedy);
}

function memoryRow({ memoryBytes }: Machine): DoctorRow {
  const ok = memoryBytes >= NEEDED_MEMORY_BYTES;
  return row("memory", ok ? "ok" : "lacking", gigabytes(memoryBytes), "give the machine or container 1.5 GB");
}

async function cpuRow(machine: Machine): Promise<DoctorRow> {
  const features = (await cpuFlags(machine)).filter((flag) => CPU_FEATURES.test(flag));
  const found = [
    machine.cpuModel || "model not reported",
    `${machine.cpuCount} cores`,
    features.join(" ") || "features not reported",
  ].join(", ");
  const fast = features.length === 0 || features.some((flag) => FAST_CPU_FEATURE.test(flag));
  return row(
    "CPU",
    fast ? "ok" : "optional",
    found,
    "a CPU with AVX2 runs the encoders several times faster",
  );
}

async function cpuFlags(machine: Machine): Promise<string[]> {
  if (machine.platform === "darwin") {
    const answer = await machine.run("sysctl", ["-n", "machdep.cpu.features", "machdep.cpu.leaf7_features"]);
    if (answer !== undefined) return answer.toLowerCase().split(/\s+/);
    return (await machine.run("sysctl", ["-n", "hw.optional.neon"]))?.trim() === "1" ? ["neon"] : [];
  }
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(machine.readText("/proc/cpuinfo") ?? "");
  return line?.[1]?.trim().split(/\s+/) ?? [];
}

function gpuRow(gpus: readonly GpuReading[], summary: string): DoctorRow {
  const remedy = "none is needed for the sample; on a GPU machine install NVIDIA's driver, 580 or newer";
  return row("GPU", gpus.length > 0 ? "ok" : "optional", summary, remedy);
}

function tokenRow(machine: Machine): DoctorRow {
  const { environment, home } = machine;
  const variable = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].find((name) => environment[name]?.trim());
  const file = settingsFrom(environment, home).hubTokenFile;
  const inFile = machine.readText(file)?.trim();
  const found = variable ? `in the variable ${variable}` : inFile ? `in ${file}` : "none";
  const remedy =
    "only the real corpus needs it: accept its terms on the Hub, make a token there, and set HF_TOKEN";
  return row("token", found === "none" ? "optional" : "ok", found, remedy);
}

async function weightsRow(machine: Machine): Promise<DoctorRow> {
  const { cache } = settingsFrom(machine.environment, machine.home);
  const states = await Promise.all(encoderIds.map(async (id) => ({ id, ...(await findWeights(id, cache)) })));
  const there = states.filter(({ state }) => state === "there").map(({ id }) => id);
  const remedy =
    "none is needed for the sample; gpic-lab models fetch sscd-int8 (28 MB) for live features, dinov2-vitl14 (1.2 GB) for scores";
  const found = there.length > 0 ? `${there.join(", ")} in ${cache}` : `none in ${cache}`;
  return row("weights", there.length > 0 ? "ok" : "optional", found, remedy);
}

async function pythonRow(machine: Machine): Promise<DoctorRow> {
  const remedy = "only JupyterLab needs it: install Python 3.10 or newer (Debian: python3 and python3-venv)";
  const question = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3])";
  for (const command of ["python3", "python"]) {
    const version = (await machine.run(command, ["-c", question]))?.trim();
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return row("Python", major === 3 && minor >= 10 ? "ok" : "optional", version, remedy);
  }
  const bare = (await machine.run("python3", ["--version"]))?.trim();
  return row("Python", "optional", bare ? `${bare} without its venv module` : "none", remedy);
}

async function jupyterRow(machine: Machine): Promise<DoctorRow> {
  const own = join(machine.root, ".venv", ...(machine.platform === "win32" ? ["Scripts"] : ["bin"]));
  const remedy = "npm run lab sets one up in the project's own .venv";
  for (const [command, place] of [
    [join(own, "jupyter-lab"), "in .venv"],
    ["jupyter-lab", "on PATH"],
  ] as const) {
    const version = (await machine.run(command, ["--version"]))?.trim();
    if (version) return row("JupyterLab", "ok", `${version} ${place}`, remedy);
  }
  return row("JupyterLab", "optional", "none", remedy);
}

function kernelRow(machine: Machine): DoctorRow {
  const places = [
    kernelFolder({ prefix: join(machine.root, ".venv") }, machine.environment),
    kernelFolder({ user: true }, { HOME: machine.home, ...machine.environment }),
  ];
  const remedy = "npm run lab installs it, or gpic-lab kernel install --user for a Jupyter of your own";
  const folder = places.find((place) => machine.exists(join(place, "kernel.json")));
  if (folder === undefined) return row("kernel", "optional", "not installed", remedy);
  const missing = launchPaths(machine.readText(join(folder, "kernel.json"))).filter(
    (file) => !machine.exists(file),
  );
  if (missing.length > 0)
    return row("kernel", "optional", `${folder} names ${missing[0]}, which is gone`, remedy);
  return row("kernel", "ok", folder, remedy);
}

/** Node and the launcher, as an installed kernel.json names them. */
function launchPaths(kernelJson: string | undefined): string[] {
  try {
    const argv: unknown = JSON.parse(kernelJson ?? "").argv;
    return Array.isArray(argv) ? argv.slice(0, 2).map(String) : ["its launcher"];
  } catch {
    return ["its launcher"];
  }
}

function row(what: string, state: DoctorRow["state"], found: string, remedy: string): DoctorRow {
  return state === "ok" ? { what, state, found } : { what, state, found, remedy };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
