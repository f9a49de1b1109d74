/**
 * What nvidia-smi is asked and how its answer is read: one place for `doctor`, the choice of a device and telemetry.
 *
 * A row of CSV a GPU, without header and units. The name comes last, so that a comma in it shifts no other value.
 * What a driver does not report it writes as [N/A], [Not Supported], [Unknown Error] or ERR!: null here.
 */

/** One GPU, as its driver reports it at one moment. */
export interface GpuReading {
  /** Its number, in the order of the PCI bus. */
  readonly index: number;
  /** "GPU-" and a UUID; empty where the driver does not say. */
  readonly uuid: string;
  readonly driver: string;
  /** As the driver writes it, at most 80 printable characters. */
  readonly name: string;
  readonly memoryTotalMebibytes: number | null;
  readonly memoryUsedMebibytes: number | null;
  /** Share of the last sampling period in which a kernel ran, 0 to 100. */
  readonly utilisationPercent: number | null;
  readonly powerWatts: number | null;
}

const FIELDS = [
  ...["index", "uuid", "driver_version", "memory.total", "memory.used", "utilization.gpu", "power.draw"],
  "name",
];
const LONGEST_NAME = 80;

/**
 * The arguments that make nvidia-smi print the rows that `parseGpuRows` reads.
 * @param everyMilliseconds prints them again and again; once where absent
 * @example nvidiaSmiArguments(500).at(-1) // "--loop-ms=500"
 */
export function nvidiaSmiArguments(everyMilliseconds?: number): string[] {
  const loop = everyMilliseconds === undefined ? [] : [`--loop-ms=${everyMilliseconds}`];
  return [`--query-gpu=${FIELDS.join(",")}`, "--format=csv,noheader,nounits", ...loop];
}

/**
 * Reads one row.
 * @returns undefined for a line that is no such row
 * @example parseGpuRow("0, GPU-1, 580.65.06, 81559, 512, 3, 71.29, NVIDIA H100 80GB HBM3")?.powerWatts // 71.29
 */
export function parseGpuRow(line: string): GpuReading | undefined {
  const fields = line.split(",").map((field) => field.trim());
  const [index = "", uuid = "", driver = "", total, used, busy, power] = fields;
  if (fields.length < FIELDS.length || !/^\d{1,3}$/.test(index)) return undefined;
  const name = printable(fields.slice(FIELDS.length - 1).join(", ")).slice(0, LONGEST_NAME);
  return {
    index: Number(index),
    uuid: /^GPU-[\w-]{1,60}$/.test(uuid) ? uuid : "",
    driver: /^\d[\d.]{0,30}$/.test(driver) ? driver : "of unknown version",
    name: name === "" || /^\[.*\]$/.test(name) ? "GPU without a name" : name,
    memoryTotalMebibytes: numberOrNull(total),
    memoryUsedMebibytes: numberOrNull(used),
    utilisationPercent: numberOrNull(busy, 100),
    powerWatts: numberOrNull(power),
  };
}

/** Reads all rows of an answer; lines that are none are left out. */
export function parseGpuRows(answer: string): GpuReading[] {
  return answer.split("\n").flatMap((line) => parseGpuRow(line) ?? []);
}

/**
 * The GPUs that CUDA shows to a process, in CUDA's order: CUDA_VISIBLE_DEVICES leaves some out and numbers the rest.
 * As in CUDA, an entry that names no GPU hides itself and all behind it. A MIG slice takes the place of the first GPU.
 * @param gpus all GPUs, in the order of the PCI bus
 * @param visible the variable's value; all GPUs where undefined
 * @example visibleGpus([a, b], "1").length // 1: cuda:0 is b
 */
export function visibleGpus(gpus: readonly GpuReading[], visible: string | undefined): readonly GpuReading[] {
  if (visible === undefined) return gpus;
  const seen: GpuReading[] = [];
  for (const word of visible.split(",").map((one) => one.trim())) {
    const found = gpus.filter((gpu) => names(word, gpu));
    const [gpu] = word.startsWith("MIG-") ? gpus : found.length === 1 ? found : [];
    if (gpu === undefined) break;
    seen.push(word.startsWith("MIG-") ? { ...gpu, name: `a slice of ${gpu.name}` } : gpu);
  }
  return seen;
}

function names(word: string, { index, uuid }: GpuReading): boolean {
  return /^\d+$/.test(word) ? Number(word) === index : word.startsWith("GPU-") && uuid.startsWith(word);
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

function numberOrNull(text: string | undefined, most = Number.POSITIVE_INFINITY): number | null {
  return text !== undefined && /^\d{1,12}(\.\d{1,6})?$/.test(text) && Number(text) <= most
    ? Number(text)
    : null;
}
