/**
 * What a cell shows of `doctor` and `gpu`: the values of %doctor and %gpu.
 *
 * A notebook that is committed holds nothing of the machine that ran it: in the headless runner the same cells say
 * what is looked at, and what for.
 */
import type { GpuReading } from "../../lib/models/nvidia-smi.js";
import { jupyterDisplay } from "../show/displayable.js";
import { escapeHtml, oneLine } from "../show/escape.js";
import { currentHost, type MimeBundle } from "../show/host.js";
import { doctor } from "./doctor.js";
import type { DoctorRow } from "./doctor-row.js";
import { type GpuReport, gpu } from "./gpu.js";
import type { Machine } from "./machine.js";

/** A value that is displayed as a table with a sentence under it. */
export interface TableView {
  [jupyterDisplay](): MimeBundle;
}

const LOOKED_AT: readonly (readonly [what: string, neededFor: string])[] = [
  ["Node", "everything"],
  ["disk", "everything"],
  ["memory", "everything"],
  ["CPU", "encoders at full speed"],
  ["GPU", "encoders on the real corpus"],
  ["encoders on the CPU", "features of your own images"],
  ["CUDA libraries of ONNX Runtime", "encoders on a GPU"],
  ["token", "the real corpus"],
  ["weights", "encoders"],
  ["Python", "JupyterLab"],
  ["JupyterLab", "work in the browser"],
  ["kernel", "work in the browser"],
];
const NOT_SAID = "What this machine has is shown in JupyterLab, and by npx gpic-lab doctor.";

/**
 * The value of %doctor.
 * @param machine the machine to look at; this one by default
 */
export async function doctorView(machine?: Machine): Promise<TableView> {
  if (isCommitted()) return view(["looked at", "needed for"], LOOKED_AT, NOT_SAID);
  const rows = await doctor(machine);
  const lacking = rows.filter(({ state }) => state === "lacking");
  return view(
    ["state", "what", "found", "remedy"],
    rows.map(doctorCells),
    lacking.length === 0
      ? "All that the sample corpus needs is here."
      : `Needed for the sample corpus and lacking: ${lacking.map(({ what }) => what).join(", ")}.`,
  );
}

/**
 * The value of %gpu.
 * @param machine the machine to ask; this one by default
 */
export async function gpuView(machine?: Machine): Promise<TableView> {
  const columns = ["device", "memory used, MiB", "memory in all, MiB", "busy, %", "driver"];
  if (isCommitted()) return view(columns, [], NOT_SAID);
  const { gpus, summary }: GpuReport = await gpu(machine);
  return view(columns, gpus.map(gpuCells), gpus.length === 0 ? summary : "");
}

function isCommitted(): boolean {
  return currentHost()?.frontEnd === "headless";
}

function doctorCells({ state, what, found, remedy }: DoctorRow): string[] {
  return [state, what, found, remedy ?? ""];
}

function gpuCells(one: GpuReading): string[] {
  const { name, memoryUsedMebibytes, memoryTotalMebibytes, utilisationPercent, driver } = one;
  const numbers = [memoryUsedMebibytes, memoryTotalMebibytes, utilisationPercent];
  return [name, ...numbers.map((value) => (value === null ? "not reported" : String(value))), driver];
}

function view(columns: readonly string[], rows: readonly (readonly string[])[], sentence: string): TableView {
  const lines = [columns, ...rows].map((cells) => cells.map(oneLine));
  const widths = columns.map((_, at) => Math.max(...lines.map((cells) => cells[at]?.length ?? 0)));
  const plain = lines.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const cellsOf = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag} style="text-align:left">${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const body = rows.map((cells) => cellsOf(cells, "td")).join("\n");
  const table = `<table>\n<thead>${cellsOf(columns, "th")}</thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
  const bundle: MimeBundle = {
    "text/html": [
      ...(rows.length > 0 ? [table] : []),
      ...(sentence ? [`<p>${escapeHtml(sentence)}</p>`] : []),
    ].join("\n"),
    "text/plain": [...(rows.length > 0 ? plain : []), ...(sentence ? [oneLine(sentence)] : [])].join("\n"),
  };
  return { [jupyterDisplay]: () => bundle };
}
