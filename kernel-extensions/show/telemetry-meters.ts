/** What the panel measures beside the work: each GPU, and CPU and memory of this process and machine. */
import { clearInterval, setInterval } from "node:timers";
import { type GpuReading, visibleGpus } from "../../lib/models/nvidia-smi.js";
import { type CpuCounters, type CpuReading, cpuCounters, readCpu } from "./telemetry-cpu.js";
import { GpuWatch } from "./telemetry-gpu.js";
import { Series } from "./telemetry-series.js";

/** What is known of one GPU. */
export interface GpuMeter {
  readonly reading: GpuReading;
  /** Percent. */
  readonly busy: Series;
  /** MiB. */
  readonly memory: Series;
  /** Watts. */
  readonly power: Series;
}

/** What is known of CPU and memory. */
export interface CpuMeter {
  readonly reading: CpuReading;
  /** Percent of all cores. */
  readonly process: Series;
  readonly system: Series;
  /** Bytes. */
  readonly resident: Series;
}

/** Which GPUs are looked at, and what time it is. */
export interface MeterOptions {
  /** "cpu" looks at none, "cuda:N" at that one in CUDA's numbering, absent at all. */
  readonly device: string | undefined;
  /** CUDA_VISIBLE_DEVICES, which numbers them. */
  readonly visibleDevices: string | undefined;
  readonly nowMilliseconds: () => number;
  /** Called after each look. */
  readonly onLook: () => void;
}

const EVERY_MILLISECONDS = 500;

/** The meters of one panel; they run from `start` to `stop`, and may be started again. */
export class Meters {
  readonly #options: MeterOptions;
  readonly #gpus = new Map<number, GpuMeter>();
  #cpu: CpuMeter | undefined;
  #counters: CpuCounters | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watch: GpuWatch | undefined;
  #gpuEnded = false;
  #gpuTrouble: string | undefined;

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  /** Begins to look, twice a second; keeps no process alive. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#counters = cpuCounters();
    this.#timer = setInterval(() => this.#look(), EVERY_MILLISECONDS).unref();
    if (this.#options.device === "cpu" || this.#gpuEnded) return;
    this.#watch = new GpuWatch({
      onReadings: (readings) => this.#take(readings),
      onEnd: (reason) => {
        this.#gpuEnded = true;
        this.#gpuTrouble = reason;
      },
    });
  }

  /** Ends looking. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watch?.stop();
    this.#watch = undefined;
  }

  /** The GPUs, in the driver's order. */
  get gpus(): readonly GpuMeter[] {
    return [...this.#gpus.values()].sort((a, b) => a.reading.index - b.reading.index);
  }

  /** CPU and memory; undefined before the first look. */
  get cpu(): CpuMeter | undefined {
    return this.#cpu;
  }

  /** Why GPUs are reported no more: "nvidia-smi stopped answering". */
  get gpuTrouble(): string | undefined {
    return this.#gpuTrouble;
  }

  #look(): void {
    const before = this.#counters;
    this.#counters = cpuCounters();
    if (before !== undefined) {
      const now = this.#options.nowMilliseconds();
      const reading = readCpu(before, this.#counters);
      const { process, system, resident } = this.#cpu ?? newCpuMeter();
      process.add(now, reading.processPercent);
      system.add(now, reading.systemPercent);
      resident.add(now, reading.residentBytes);
      this.#cpu = { reading, process, system, resident };
    }
    this.#options.onLook();
  }

  #take(readings: readonly GpuReading[]): void {
    const now = this.#options.nowMilliseconds();
    for (const reading of this.#chosen(readings)) {
      const { busy, memory, power } = this.#gpus.get(reading.index) ?? newGpuMeter();
      busy.add(now, reading.utilisationPercent);
      memory.add(now, reading.memoryUsedMebibytes);
      power.add(now, reading.powerWatts);
      this.#gpus.set(reading.index, { reading, busy, memory, power });
    }
  }

  #chosen(readings: readonly GpuReading[]): readonly GpuReading[] {
    const { device, visibleDevices } = this.#options;
    const match = /^cuda(?::(\d+))?$/.exec(device ?? "");
    if (match === null) return readings;
    const gpu = visibleGpus(readings, visibleDevices)[Number(match[1] ?? 0)];
    return gpu === undefined ? [] : [gpu];
  }
}

function newCpuMeter(): Omit<CpuMeter, "reading"> {
  return { process: new Series(), system: new Series(), resident: new Series() };
}

function newGpuMeter(): Omit<GpuMeter, "reading"> {
  return { busy: new Series(), memory: new Series(), power: new Series() };
}
