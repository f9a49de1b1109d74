/** What the panel says, in words: the count, rates, GPUs, CPU and memory. */
import { displayText } from "./display-text.js";
import { formatBytes, formatCount, formatNumber } from "./numbers.js";
import { duration } from "./progress.js";
import type { CpuMeter, GpuMeter, Meters } from "./telemetry-meters.js";
import type { Series } from "./telemetry-series.js";
import type { Work } from "./telemetry-work.js";

/** What the panel shows at one moment. */
export interface TelemetryView {
  /** What it is about: "DINOv2 ViT-L/14". */
  readonly label: string;
  /** "400 of 1,000 images". */
  readonly counted: string;
  readonly images: number;
  readonly total: number | undefined;
  readonly imagesPerSecond: number | null;
  readonly waitingShare: number | null;
  readonly rates: Series;
  readonly waits: Series;
  readonly meters: Meters;
  readonly nowMilliseconds: number;
}

/** More GPUs than these make a panel that no one reads. */
export const MOST_GPUS = 8;

/**
 * How many images: of how many where that is known and not all are done.
 * @example countedImages(400, 1000, true) // "400 of 1,000 images"
 */
export function countedImages(images: number, total: number | undefined, isDone: boolean): string {
  const isWhole = total === undefined || (isDone && images === total);
  const number = isWhole ? formatCount(images) : `${formatCount(images)} of ${formatCount(total)}`;
  return `${number} ${(isWhole ? images : total) === 1 ? "image" : "images"}`;
}

/** The panel in one line. */
export function telemetryText(view: TelemetryView): string {
  const { label, counted, imagesPerSecond, waitingShare, meters } = view;
  const { gpus, cpu } = meters;
  return [
    `${displayText(label)}: ${counted}`,
    ...(imagesPerSecond === null ? [] : [`${perSecond(imagesPerSecond)}/s${timeLeft(view)}`]),
    ...(waitingShare === null ? [] : [`${percent(100 * waitingShare)} waiting for decode`]),
    ...gpus.slice(0, MOST_GPUS).map((gpu) => `GPU ${gpu.reading.index} ${gpuValue(gpu)}`),
    ...(cpu === undefined ? [] : [`CPU ${cpuValue(cpu)}`]),
    ...(meters.gpuTrouble === undefined ? [] : [gpuWords(meters)]),
  ].join(", ");
}

/** What was measured over all the time, in sentences, for a panel that keeps it. */
export function measurementWords(work: Work, meters: Meters): string[] {
  const gpus = meters.gpus.slice(0, MOST_GPUS).map(({ reading, busy, memory, power }) => {
    const used = memory.largest === null ? [] : [`${memoryValue(reading, memory.largest)} at most`];
    const words = [
      ...(busy.mean === null ? [] : [`${percent(busy.mean)} busy on average`]),
      ...used,
      ...(power.mean === null ? [] : [`${Math.round(power.mean)} W on average`]),
    ];
    return `GPU ${reading.index} (${displayText(reading.name)}): ${words.join(", ") || "not reported"}`;
  });
  const { cpu } = meters;
  const mean = cpu?.process.mean ?? null;
  const own =
    cpu === undefined || mean === null
      ? []
      : [
          `CPU: ${percent(mean)} of ${cores(cpu)} by this process on average, ${formatBytes(cpu.resident.largest ?? 0)} of memory at most`,
        ];
  const trouble = gpuWords(meters);
  return [paceWords(work), ...gpus, ...own, trouble].filter((words) => words !== "");
}

function paceWords({ seconds, meanImagesPerSecond, meanWaitingShare }: Work): string {
  return [
    ...(meanImagesPerSecond === null
      ? []
      : [`${duration(seconds)}, ${perSecond(meanImagesPerSecond)} images a second`]),
    ...(meanWaitingShare === null
      ? []
      : [`${percent(100 * meanWaitingShare)} of the time waiting for decode`]),
  ].join(", ");
}

/** A rate as people read it: two digits. */
export function perSecond(rate: number): string {
  return formatNumber(Number(rate.toPrecision(2)));
}

/** A share in whole percent. */
export function percent(value: number): string {
  return `${Math.round(value)} %`;
}

/** What one GPU does now: "87 % busy, 12.3 of 79.6 GiB, 412 W". */
export function gpuValue({ reading }: GpuMeter): string {
  const { utilisationPercent, memoryUsedMebibytes, powerWatts } = reading;
  const words = [
    ...(utilisationPercent === null ? [] : [`${percent(utilisationPercent)} busy`]),
    ...(memoryUsedMebibytes === null ? [] : [memoryValue(reading, memoryUsedMebibytes)]),
    ...(powerWatts === null ? [] : [`${Math.round(powerWatts)} W`]),
  ];
  return words.join(", ") || "not reported";
}

function memoryValue({ memoryTotalMebibytes }: GpuMeter["reading"], used: number): string {
  return memoryTotalMebibytes === null
    ? `${gibibytes(used)} GiB`
    : `${gibibytes(used)} of ${gibibytes(memoryTotalMebibytes)} GiB`;
}

function gibibytes(mebibytes: number): string {
  return (mebibytes / 1024).toFixed(1);
}

function cpuValue({ reading, process }: CpuMeter): string {
  const share = process.last === null ? "" : `${percent(process.last)}, `;
  return share + memoryOf(reading.residentBytes, reading.memoryBytes);
}

/** A size out of another. */
export function memoryOf(used: number, all: number): string {
  return `${formatBytes(used)} of ${formatBytes(all)}`;
}

/** How many cores there are: "2 cores". */
export function cores({ reading }: CpuMeter): string {
  return reading.cores === 1 ? "1 core" : `${reading.cores} cores`;
}

/** Why GPUs are not reported, or how many are not shown; empty where neither is so. */
export function gpuWords({ gpuTrouble, gpus }: Meters): string {
  if (gpuTrouble !== undefined)
    return `GPU ${gpus.length > 0 ? "no longer" : "not"} reported: ${displayText(gpuTrouble)}`;
  return gpus.length > MOST_GPUS ? `and ${gpus.length - MOST_GPUS} more GPUs` : "";
}

/** How long the rest takes at this rate, as the end of a sentence; empty where that is not known. */
export function timeLeft({ images, total, imagesPerSecond }: TelemetryView): string {
  if (total === undefined || imagesPerSecond === null || images >= total) return "";
  return `, ${duration((total - images) / imagesPerSecond)} left`;
}
