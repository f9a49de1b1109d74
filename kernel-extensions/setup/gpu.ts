/** The NVIDIA GPUs of a machine, as its driver's nvidia-smi reports them: for `doctor` and the %gpu magic. */
import { type GpuReading, nvidiaSmiArguments, parseGpuRows } from "../../lib/models/nvidia-smi.js";
import { type Machine, thisMachine } from "./machine.js";

/** What was found, with a sentence for people: "no NVIDIA GPU ..." where the list is empty. */
export interface GpuReport {
  readonly gpus: readonly GpuReading[];
  readonly summary: string;
}

/**
 * Asks the driver for its GPUs; a driver that does not answer counts as none.
 * @example (await gpu()).summary // "NVIDIA H100 80GB HBM3: 512 of 81559 MiB used, 3 % busy, driver 580.65.06"
 */
export async function gpu(machine: Machine = thisMachine()): Promise<GpuReport> {
  const answer = await machine.run("nvidia-smi", nvidiaSmiArguments());
  const gpus = answer === undefined ? [] : parseGpuRows(answer);
  const summary =
    gpus.length > 0
      ? gpus.map(describe).join("; ")
      : answer === undefined
        ? "no NVIDIA GPU: nvidia-smi is not there or does not answer; all work runs on the CPU"
        : "no NVIDIA GPU: the driver is there but reports no device; all work runs on the CPU";
  return { gpus, summary };
}

function describe(one: GpuReading): string {
  const { name, memoryTotalMebibytes, memoryUsedMebibytes, utilisationPercent, driver } = one;
  const memory =
    memoryTotalMebibytes === null
      ? "memory not reported"
      : `${memoryUsedMebibytes ?? "?"} of ${memoryTotalMebibytes} MiB used`;
  return `${name}: ${memory}${utilisationPercent === null ? "" : `, ${utilisationPercent} % busy`}, driver ${driver}`;
}
