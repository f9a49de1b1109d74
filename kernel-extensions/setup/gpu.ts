/** The NVIDIA GPUs of a machine, as its driver's nvidia-smi reports them: for `doctor` and the %gpu magic. */
import { type Machine, thisMachine } from "./machine.js";

/** One GPU; a value that the driver does not report is null. */
export interface Gpu {
  readonly device: string;
  readonly memoryTotalMebibytes: number | null;
  readonly memoryUsedMebibytes: number | null;
  readonly utilisationPercent: number | null;
  readonly driver: string;
}

/** What was found, with a sentence for people: "no NVIDIA GPU ..." where the list is empty. */
export interface GpuReport {
  readonly gpus: readonly Gpu[];
  readonly summary: string;
}

const FIELDS = ["name", "memory.total", "memory.used", "utilization.gpu", "driver_version"];

/**
 * Asks the driver for its GPUs; a driver that does not answer counts as none.
 * @example (await gpu()).summary // "NVIDIA H100 80GB HBM3: 512 of 81559 MiB used, 3 % busy, driver 580.65.06"
 */
export async function gpu(machine: Machine = thisMachine()): Promise<GpuReport> {
  const answer = await machine.run("nvidia-smi", [
    `--query-gpu=${FIELDS.join(",")}`,
    "--format=csv,noheader,nounits",
  ]);
  const gpus = answer === undefined ? [] : answer.split("\n").flatMap(parseLine);
  const summary =
    gpus.length > 0
      ? gpus.map(describe).join("; ")
      : answer === undefined
        ? "no NVIDIA GPU: nvidia-smi is not there or does not answer; all work runs on the CPU"
        : "no NVIDIA GPU: the driver is there but reports no device; all work runs on the CPU";
  return { gpus, summary };
}

function parseLine(line: string): Gpu[] {
  const [device, total, used, busy, driver] = line.split(",").map((field) => field.trim());
  if (!device || driver === undefined) return [];
  return [
    {
      device,
      memoryTotalMebibytes: numberOrNull(total),
      memoryUsedMebibytes: numberOrNull(used),
      utilisationPercent: numberOrNull(busy),
      driver,
    },
  ];
}

function numberOrNull(text: string | undefined): number | null {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function describe(one: Gpu): string {
  const { device, memoryTotalMebibytes, memoryUsedMebibytes, utilisationPercent, driver } = one;
  const memory =
    memoryTotalMebibytes === null
      ? "memory not reported"
      : `${memoryUsedMebibytes ?? "?"} of ${memoryTotalMebibytes} MiB used`;
  return `${device}: ${memory}${utilisationPercent === null ? "" : `, ${utilisationPercent} % busy`}, driver ${driver}`;
}
