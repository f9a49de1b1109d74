/**
 * A notebook as the bytes that JupyterLab would save: nbformat 4.5, keys sorted by code point, one space deep, text
 * as lists of lines (split where nbformat splits: as Python's str.splitlines), a newline at the end.
 */
import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { Cell, Notebook, NotebookOutput, OutputData } from "./notebook.js";

/** A line with its end, where Python's str.splitlines ends one. */
const ENDS = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const LINE = new RegExp(`[^${ENDS}]*(?:\\r\\n|[${ENDS}])|[^${ENDS}]+`, "g");

/**
 * The text of a notebook's file.
 * @returns valid nbformat 4.5, the same text for equal notebooks
 * @throws {TypeError} where an output or its metadata is nothing that JSON can hold
 * @example formatNotebook({ metadata: {}, cells: [] }).length // 72
 */
export function formatNotebook(notebook: Notebook): string {
  const json = {
    cells: notebook.cells.map(cellJson),
    metadata: notebook.metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  try {
    JSON.stringify(json);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new TypeError(`Cannot write the notebook: outputs that JSON can hold are needed, got: ${reason}`);
  }
  return `${sortedJson(json, "")}\n`;
}

/**
 * Writes text to a file so that the file is always the old or the new one, never half of it.
 * @throws the file system's error; the file is then as it was
 */
export function writeAtomically(path: string, text: string): void {
  const fresh = `${path}.${randomBytes(4).toString("hex")}.new`;
  try {
    writeFileSync(fresh, text, { flag: "wx" });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function cellJson(cell: Cell): object {
  const shared = { cell_type: cell.type, id: cell.id, metadata: cell.metadata, source: lines(cell.source) };
  if (cell.type === "code")
    return { ...shared, execution_count: cell.executionCount, outputs: cell.outputs.map(outputJson) };
  if (cell.attachments === undefined) return shared;
  const attachments = Object.entries(cell.attachments).map(([file, data]) => [file, bundleJson(data)]);
  return { ...shared, attachments: Object.fromEntries(attachments) };
}

function outputJson(output: NotebookOutput): object {
  switch (output.type) {
    case "stream":
      return { output_type: "stream", name: output.name, text: lines(output.text) };
    case "error": {
      const { ename, evalue, traceback } = output;
      return { output_type: "error", ename, evalue, traceback };
    }
    case "display_data":
      return { output_type: "display_data", data: bundleJson(output.data), metadata: output.metadata };
    case "execute_result":
      return {
        output_type: "execute_result",
        execution_count: output.executionCount,
        data: bundleJson(output.data),
        metadata: output.metadata,
      };
  }
}

function bundleJson(data: OutputData): object {
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => {
      const isText =
        mime.startsWith("text/") || mime === "application/javascript" || mime === "image/svg+xml";
      return [mime, isText && typeof value === "string" ? lines(value) : value];
    }),
  );
}

function lines(text: string): string[] {
  return text.match(LINE) ?? [];
}

/** JSON.stringify with sorted keys (it would put keys that are whole numbers first). */
function sortedJson(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const deeper = `${indent} `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => deeper + sortedJson(item, deeper)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const rows = entries.map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${sortedJson(item, deeper)}`);
  return `{\n${rows.join(",\n")}\n${indent}}`;
}
