/**
 * A notebook in memory: nbformat 4.0 to 4.5 is read, and it is always 4.5 from then on.
 *
 * Text is joined (the format allows a string or a list of lines), cell ids are there and differ from each other:
 * a missing or repeated id becomes a hash of the cell's place and text, the same each time the file is read.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Any metadata of a notebook, a cell or an output. */
export interface Metadata {
  readonly [key: string]: unknown;
}

/** One value in several forms by mime type; text is joined to one string. */
export interface OutputData {
  readonly [mimeType: string]: unknown;
}

/** One output of a code cell. */
export type NotebookOutput =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | { readonly type: "display_data"; readonly data: OutputData; readonly metadata: Metadata }
  | {
      readonly type: "execute_result";
      readonly executionCount: number | null;
      readonly data: OutputData;
      readonly metadata: Metadata;
    }
  | {
      readonly type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** A cell that is run. */
export interface CodeCell {
  readonly type: "code";
  readonly id: string;
  readonly metadata: Metadata;
  readonly source: string;
  /** 1, 2, ... in the order of the run; null where the cell has not run. */
  readonly executionCount: number | null;
  readonly outputs: readonly NotebookOutput[];
}

/** A cell that is read. */
export interface TextCell {
  readonly type: "markdown" | "raw";
  readonly id: string;
  readonly metadata: Metadata;
  readonly source: string;
  /** Pictures and other files in the cell: file name, then mime type. */
  readonly attachments?: Readonly<Record<string, OutputData>>;
}

/** One cell of a notebook. */
export type Cell = CodeCell | TextCell;

/** A notebook of nbformat 4.5. */
export interface Notebook {
  readonly metadata: Metadata;
  readonly cells: readonly Cell[];
}

/** A file that is not there, or is no notebook that can be read. */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
}

/**
 * Reads a notebook file.
 * @param path the file, nbformat 4.0 to 4.5
 * @throws NotebookError where the file cannot be read or is not a notebook
 * @example readNotebook("notebooks/01-corpus.ipynb").cells.length // 24
 */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new NotebookError(
      `Cannot read ${path}: a notebook file is needed, ${missing ? "there is none" : `got ${(error as NodeJS.ErrnoException).code}`}`,
    );
  }
  return parseNotebook(text, path);
}

/**
 * Makes a notebook of the text of its file.
 * @param text JSON of nbformat 4.0 to 4.5
 * @param name what errors call it
 * @throws NotebookError where the text is not such a notebook
 */
export function parseNotebook(text: string, name = "the notebook"): Notebook {
  const refuse = (needed: string, got: string): never => {
    throw new NotebookError(`Cannot read ${name}: ${needed} is needed, got ${got}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return refuse("JSON", (error as Error).message);
  }
  if (!isObject(json) || json.nbformat === undefined) return refuse("a notebook", "JSON without nbformat");
  const version = `${json.nbformat}.${json.nbformat_minor}`;
  if (!/^4\.[0-5]$/.test(version))
    return refuse("nbformat 4.0 to 4.5 (open and save it in JupyterLab)", version);
  if (!Array.isArray(json.cells)) return refuse("a list of cells", typeof json.cells);
  const taken = new Set<string>();
  const cells = json.cells.map((cell: unknown, index) => {
    if (!isObject(cell)) return refuse(`an object as cell ${index + 1}`, typeof cell);
    try {
      return readCell(cell, index, taken);
    } catch (error) {
      return refuse(`cell ${index + 1} in the notebook format`, (error as Error).message);
    }
  });
  return { metadata: without(metadataOf(json), "orig_nbformat", "signature"), cells };
}

/** Whether a cell carries a tag. */
export function hasTag(cell: Cell, tag: string): boolean {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) && tags.includes(tag);
}

function readCell(cell: Metadata, index: number, taken: Set<string>): Cell {
  const source = joined(cell.source ?? "");
  const type = cell.cell_type;
  if (type !== "code" && type !== "markdown" && type !== "raw")
    throw new TypeError(`cell_type ${JSON.stringify(type)}`);
  const valid = typeof cell.id === "string" && /^[a-zA-Z0-9-_]{1,64}$/.test(cell.id) && !taken.has(cell.id);
  const id = valid ? (cell.id as string) : madeId(`${index}\0${type}\0${source}`, taken);
  taken.add(id);
  const metadata = without(metadataOf(cell), "trusted", "execution");
  if (type !== "code")
    return {
      type,
      id,
      metadata,
      source,
      ...(isObject(cell.attachments) && { attachments: readAttachments(cell.attachments) }),
    };
  const outputs = Array.isArray(cell.outputs) ? cell.outputs.map(readOutput) : [];
  return { type, id, metadata, source, executionCount: countOf(cell.execution_count), outputs };
}

function readOutput(output: unknown): NotebookOutput {
  if (!isObject(output)) throw new TypeError(`an output that is ${typeof output}`);
  switch (output.output_type) {
    case "stream":
      return {
        type: "stream",
        name: output.name === "stderr" ? "stderr" : "stdout",
        text: joined(output.text ?? ""),
      };
    case "display_data":
      return { type: "display_data", data: readBundle(output.data), metadata: metadataOf(output) };
    case "execute_result":
      return {
        type: "execute_result",
        executionCount: countOf(output.execution_count),
        data: readBundle(output.data),
        metadata: metadataOf(output),
      };
    case "error":
      return {
        type: "error",
        ename: String(output.ename ?? ""),
        evalue: String(output.evalue ?? ""),
        traceback: Array.isArray(output.traceback) ? output.traceback.map(String) : [],
      };
    default:
      throw new TypeError(`output_type ${JSON.stringify(output.output_type)}`);
  }
}

function readAttachments(attachments: Metadata): Record<string, OutputData> {
  return Object.fromEntries(Object.entries(attachments).map(([file, data]) => [file, readBundle(data)]));
}

function readBundle(data: unknown): OutputData {
  if (!isObject(data)) throw new TypeError("an output without data");
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => [
      mime,
      /^application\/(.*\+)?json$/.test(mime) ? value : joined(value),
    ]),
  );
}

function joined(text: unknown): string {
  if (typeof text === "string") return text;
  if (Array.isArray(text) && text.every((line) => typeof line === "string")) return text.join("");
  throw new TypeError(`text that is ${typeof text}`);
}

function madeId(seed: string, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt++) {
    const id = createHash("sha256").update(`${attempt}\0${seed}`).digest("hex").slice(0, 8);
    if (!taken.has(id)) return id;
  }
}

function countOf(count: unknown): number | null {
  return Number.isInteger(count) ? (count as number) : null;
}

function metadataOf(owner: Metadata): Metadata {
  return isObject(owner.metadata) ? owner.metadata : {};
}

function without(metadata: Metadata, ...keys: readonly string[]): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !keys.includes(key)));
}

function isObject(value: unknown): value is Metadata {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
