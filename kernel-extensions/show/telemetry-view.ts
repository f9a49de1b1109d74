/** How the panel looks while work goes on. */
import { displayText } from "./display-text.js";
import { escapeHtml } from "./escape.js";
import { formatBytes } from "./numbers.js";
import { type MinuteLine, minuteLine } from "./telemetry-line.js";
import type { CpuMeter } from "./telemetry-meters.js";
import {
  cores,
  gpuValue,
  gpuWords,
  MOST_GPUS,
  memoryOf,
  percent,
  perSecond,
  type TelemetryView,
  timeLeft,
} from "./telemetry-words.js";

/** One line of the panel: what it is, its last minute, its value now. */
interface Row extends MinuteLine {
  readonly value: string;
}

const GRID =
  "display:grid;grid-template-columns:fit-content(20em) max-content minmax(8em,1fr);gap:2px 12px;align-items:center;max-width:60em";

/** The panel as HTML. */
export function telemetryHtml(view: TelemetryView): string {
  const { label, counted, images, total, meters, nowMilliseconds } = view;
  const bar =
    total === undefined ? "" : ` <progress max="${total}" value="${Math.min(images, total)}"></progress>`;
  const head = `<div style="margin-bottom:4px"><strong>${escapeHtml(displayText(label))}</strong>${bar} ${escapeHtml(counted + timeLeft(view))}</div>`;
  const rows = rowsOf(view).map(
    (row) =>
      `<span>${escapeHtml(row.label)}</span>${minuteLine(row, nowMilliseconds)}<span style="font-variant-numeric:tabular-nums">${escapeHtml(row.value)}</span>`,
  );
  const trouble = gpuWords(meters);
  const note = trouble === "" ? "" : `<div style="margin-top:4px">${escapeHtml(trouble)}</div>`;
  return `<div class="gpic-telemetry">${head}<div style="${GRID}">${rows.join("")}</div>${note}</div>`;
}

function rowsOf({ rates, waits, meters, imagesPerSecond, waitingShare }: TelemetryView): Row[] {
  const { gpus, cpu } = meters;
  const rows: Row[] = [
    {
      label: "images a second",
      series: rates,
      format: perSecond,
      value: imagesPerSecond === null ? "–" : perSecond(imagesPerSecond),
    },
  ];
  if (waitingShare !== null)
    rows.push({
      label: "waiting for decode",
      series: waits,
      top: 100,
      format: percent,
      value: `${percent(100 * waitingShare)} of the time`,
    });
  for (const gpu of gpus.slice(0, MOST_GPUS))
    rows.push({
      label: `GPU ${gpu.reading.index}, ${displayText(gpu.reading.name).replace(/^NVIDIA /, "")}`,
      series: gpu.busy,
      top: 100,
      format: percent,
      value: gpuValue(gpu),
    });
  if (cpu !== undefined) rows.push(...cpuRows(cpu));
  return rows;
}

function cpuRows(cpu: CpuMeter): Row[] {
  const { reading, process, system, resident } = cpu;
  return [
    {
      label: "CPU, this process",
      series: process,
      top: 100,
      format: percent,
      value: `${process.last === null ? "not reported" : percent(process.last)} of ${cores(cpu)}`,
    },
    ...(system.last === null
      ? []
      : [
          {
            label: "CPU, whole machine",
            series: system,
            top: 100,
            format: percent,
            value: percent(system.last),
          },
        ]),
    {
      label: "memory, this process",
      series: resident,
      top: reading.memoryBytes,
      format: formatBytes,
      value: memoryOf(reading.residentBytes, reading.memoryBytes),
    },
  ];
}
