/**
 * Sets the outputs of a run beside the committed ones.
 *
 * Text and data are compared exactly, pictures by their size in pixels (fonts and libraries draw the same picture in
 * other bytes; one that cannot be read by its bytes), outputs of cells tagged `volatile` by their mime types alone. Execution counts and output metadata are
 * not compared: they say how a front end ran and shows a cell, not what it found.
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import sharp from "sharp";
import { joinStreams } from "./collect.js";
import { type Cell, hasTag, type Notebook, type NotebookOutput, type OutputData } from "./notebook.js";

/** One place where a run differs from what is committed. */
export interface Difference {
  /** The cell's number in the notebook that ran, from 1, text cells counted. */
  readonly cell: number;
  readonly id: string;
  readonly expected: string;
  readonly found: string;
}

/** Shown of a value at most, in characters. */
const EXCERPT = 80;
const PICTURES: readonly string[] = ["image/png", "image/jpeg", "image/svg+xml"];

/**
 * Every difference between committed outputs and those of a run, in the order of the cells.
 * @param committed the notebook as it lies on the disk
 * @param ran the same notebook after its run; cells are matched by id, cells only in `ran` (injected ones) are passed over
 */
export async function compareNotebooks(committed: Notebook, ran: Notebook): Promise<Difference[]> {
  const before = new Map(committed.cells.map((cell) => [cell.id, cell]));
  const differences: Difference[] = [];
  for (const [index, cell] of ran.cells.entries()) {
    const old = before.get(cell.id);
    if (old === undefined || old.type !== "code" || cell.type !== "code") continue;
    for (const { expected, found } of await compareCells(old.outputs, cell.outputs, cell))
      differences.push({ cell: index + 1, id: cell.id, expected, found });
  }
  return differences;
}

type Pair = Pick<Difference, "expected" | "found">;

async function compareCells(
  committed: readonly NotebookOutput[],
  ran: readonly NotebookOutput[],
  cell: Cell,
): Promise<Pair[]> {
  const expected = joinStreams(committed);
  const found = joinStreams(ran);
  const kinds = { expected: expected.map(kind).join(", "), found: found.map(kind).join(", ") };
  if (kinds.expected !== kinds.found)
    return [{ expected: kinds.expected || "no output", found: kinds.found || "no output" }];
  if (hasTag(cell, "volatile")) return [];
  const pairs: Pair[] = [];
  for (const [index, output] of expected.entries())
    pairs.push(...(await compareOutputs(output, found[index]!)));
  return pairs;
}

/** An output's type and mime types: all that is compared of a volatile one. */
function kind(output: NotebookOutput): string {
  if (output.type === "stream") return output.name;
  if (output.type === "error") return "error";
  return `${output.type} (${Object.keys(output.data).sort().join(" ")})`;
}

async function compareOutputs(expected: NotebookOutput, found: NotebookOutput): Promise<Pair[]> {
  if (expected.type === "stream" && found.type === "stream")
    return compareText(expected.name, expected.text, found.text);
  if (expected.type === "error" && found.type === "error")
    return compareText("error", errorText(expected), errorText(found));
  if ("data" in expected && "data" in found) return compareBundles(expected.data, found.data);
  return [];
}

async function compareBundles(expected: OutputData, found: OutputData): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const mime of Object.keys(expected).sort()) {
    const [a, b] = [expected[mime], found[mime]];
    if (isDeepStrictEqual(a, b)) continue;
    if (PICTURES.includes(mime)) {
      const [left, right] = [await pictureSize(mime, a), await pictureSize(mime, b)];
      if (left !== right) pairs.push({ expected: `${mime} ${left}`, found: `${mime} ${right}` });
    } else pairs.push(...compareText(mime, textOf(a), textOf(b)));
  }
  return pairs;
}

/** The first line that differs, with its number where there are several. */
function compareText(name: string, expected: string, found: string): Pair[] {
  if (expected === found) return [];
  const a = expected.split("\n");
  const b = found.split("\n");
  let line = 0;
  while (line < a.length && line < b.length && a[line] === b[line]) line++;
  const [left, right] = [a[line] ?? "", b[line] ?? ""];
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const from = Math.max(0, start - EXCERPT / 2);
  const show = (text: string[]) =>
    line < text.length
      ? `${name}${text.length > 1 ? ` line ${line + 1}` : ""} ${JSON.stringify((from > 0 ? "..." : "") + text[line]!.slice(from, from + EXCERPT))}`
      : `${name} that ends before line ${line + 1}`;
  return [{ expected: show(a), found: show(b) }];
}

async function pictureSize(mime: string, picture: unknown): Promise<string> {
  const bytes = Buffer.from(String(picture), mime === "image/svg+xml" ? "utf8" : "base64");
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false, unlimited: true }).metadata();
    return `${width} x ${height} pixels`;
  } catch {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
    return `that cannot be read (SHA-256 ${hash}...)`;
  }
}

function errorText(error: Extract<NotebookOutput, { type: "error" }>): string {
  return [`${error.ename}: ${error.evalue}`, ...error.traceback].join("\n");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
