/** What this process and this machine use of CPU and memory, between one look and the next. */
import { availableParallelism, cpus, totalmem } from "node:os";

/** Shares are of all cores together, 0 to 100. */
export interface CpuReading {
  readonly cores: number;
  readonly processPercent: number | null;
  /** null where the system does not count it, as in some containers. */
  readonly systemPercent: number | null;
  readonly residentBytes: number;
  /** What this process may use: a container's limit where one is set. */
  readonly memoryBytes: number;
}

/** The counters that a share is the growth of. */
export interface CpuCounters {
  readonly atMilliseconds: number;
  readonly processMilliseconds: number;
  readonly busyMilliseconds: number;
  readonly allMilliseconds: number;
}

/** The counters now. */
export function cpuCounters(): CpuCounters {
  const { user, system } = process.cpuUsage();
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const working = times.user + times.nice + times.sys + times.irq;
    busy += working;
    all += working + times.idle;
  }
  return {
    atMilliseconds: performance.now(),
    processMilliseconds: (user + system) / 1000,
    busyMilliseconds: busy,
    allMilliseconds: all,
  };
}

/**
 * What was used between two moments.
 * @example readCpu(before, cpuCounters()).processPercent // 50: one of two cores
 */
export function readCpu(before: CpuCounters, now: CpuCounters): CpuReading {
  const cores = availableParallelism();
  return {
    cores,
    processPercent: share(
      now.processMilliseconds - before.processMilliseconds,
      cores * (now.atMilliseconds - before.atMilliseconds),
    ),
    systemPercent: share(
      now.busyMilliseconds - before.busyMilliseconds,
      now.allMilliseconds - before.allMilliseconds,
    ),
    residentBytes: process.memoryUsage.rss(),
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
  };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.min(100, Math.max(0, (100 * part) / whole)) : null;
}
