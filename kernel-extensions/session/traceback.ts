/**
 * What a person sees of an error: its name and message, the place in the cell, and no frame of the machinery.
 *
 * A position in the script that runs is led back through both source maps of its cell. Frames of Node, of tslab and
 * of this folder are left out; frames of libraries stay, with paths relative to the working folder.
 */
import { SourceMap } from "node:module";
import { sep } from "node:path";
import { inspect } from "node:util";
import { CellInterrupted } from "./interrupt.js";
import { MagicError } from "./magics.js";
import type { CellError } from "./messages.js";
import type { CellMaps, Diagnostic } from "./typescript.js";

/** A compiled cell, as long as errors may point into it. */
export interface CellSource {
  readonly code: string;
  readonly maps: CellMaps | undefined;
  /** Lines that were put before the cell's own first line. */
  readonly addedLines: number;
}

const MACHINERY =
  /[( ]node:|[( ]evalmachine\.|[\\/]node_modules[\\/]@?tslab[\\/]|[\\/]kernel-extensions[\\/](session|headless|jupyter)[\\/]/;
const CELL_FRAME = /((?:Cell|Silent)\[\d+\]):(\d+):(\d+)/g;
const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";
const DEEPEST_CAUSE = 5;
/** Node keeps ten frames, and an error deep in a library would not show the cell that called it. */
export const KEPT_FRAMES = 200;
/** The latest cells whose text and source maps are kept; errors in functions of older ones show unmapped frames. */
export const KEPT_CELLS = 1000;
/** Frames that are shown from each end of a long stack. */
const SHOWN_FRAMES = 15;

/** Knows the cells of a session by the file names that their scripts run under. */
export class Tracebacks {
  readonly #cells = new Map<string, CellSource & { readers?: [SourceMap, SourceMap] }>();
  readonly #folder: string;

  /** @param folder the working folder, taken off the paths in frames */
  constructor(folder: string) {
    this.#folder = folder.endsWith(sep) ? folder : folder + sep;
  }

  addCell(fileName: string, source: CellSource): void {
    this.#cells.delete(fileName);
    this.#cells.set(fileName, source);
    if (this.#cells.size <= KEPT_CELLS) return;
    const [oldest] = this.#cells.keys();
    this.#cells.delete(oldest as string);
  }

  /** The error of a cell, from whatever it threw; never throws itself, whatever the thrown value's getters do. */
  describe(thrown: unknown): CellError {
    try {
      return this.#describe(thrown);
    } catch {
      const text = "a value that throws when it is looked at";
      return { ename: "Thrown", evalue: text, traceback: [`${RED}Thrown${PLAIN}: ${text}`] };
    }
  }

  #describe(thrown: unknown): CellError {
    if (thrown instanceof CellInterrupted || thrown instanceof MagicError) {
      const { name, message } = thrown;
      return { ename: name, evalue: message, traceback: [`${RED}${name}${PLAIN}: ${message}`] };
    }
    if (!isErrorLike(thrown)) {
      const text = inspect(thrown);
      return { ename: "Thrown", evalue: text, traceback: [`${RED}Thrown${PLAIN}: ${text}`] };
    }
    const ename = String(thrown.name || "Error");
    const evalue = String(thrown.message);
    return { ename, evalue, traceback: this.#lines(thrown, 0) };
  }

  /** The error of a cell that does not type-check: every message, each with its line and a caret. */
  describeDiagnostics(
    diagnostics: readonly Diagnostic[],
    fileName: string,
    code: string,
    addedLines: number,
  ): CellError {
    const lines = code.split("\n");
    const traceback: string[] = [];
    let first = "";
    let previous = "";
    for (const { start, end, messageText, fileName: other } of diagnostics) {
      const line = start.line - (other === undefined ? addedLines : 0);
      const place = `${other ?? fileName}:${line + 1}:${start.character + 1}`;
      if (place === previous) {
        traceback.push(`    ${messageText}`);
        continue;
      }
      previous = place;
      first ||= `${place} - ${messageText}`;
      traceback.push(`${RED}TypeScript${PLAIN} ${place} - ${messageText}`);
      const source = other === undefined ? lines[line] : undefined;
      if (source === undefined) continue;
      const width = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
      traceback.push(`    ${source}`, `    ${" ".repeat(start.character)}${RED}${"^".repeat(width)}${PLAIN}`);
    }
    return { ename: "TypeScriptError", evalue: first, traceback };
  }

  #lines(error: ErrorLike, depth: number): string[] {
    const frames = this.#frames(error);
    const lines = [
      `${RED}${error.name || "Error"}${PLAIN}: ${error.message}`,
      ...frames,
      ...this.#excerpt(frames),
    ];
    if (depth >= DEEPEST_CAUSE) return lines;
    const errors: readonly unknown[] = Array.isArray(error.errors) ? error.errors : [];
    errors.forEach((single, i) => {
      lines.push(`${RED}error ${i + 1} of ${errors.length}${PLAIN}:`, ...this.#nested(single, depth));
    });
    if (error.cause !== undefined)
      lines.push(`${RED}caused by${PLAIN}:`, ...this.#nested(error.cause, depth));
    return lines;
  }

  #nested(thrown: unknown, depth: number): string[] {
    const lines = isErrorLike(thrown) ? this.#lines(thrown, depth + 1) : [inspect(thrown)];
    return lines.map((line) => `  ${line}`);
  }

  #frames(error: ErrorLike): string[] {
    const frames = String(error.stack ?? "")
      .split("\n")
      .filter((line) => /^\s+at /.test(line) && !MACHINERY.test(line))
      .map((line) =>
        line
          .replace(CELL_FRAME, (whole, fileName: string, row: string, column: string) => {
            const place = this.#place(fileName, Number(row), Number(column));
            return place === undefined ? whole : `${fileName}:${place.line}:${place.column}`;
          })
          .replace("file://", "")
          .replace(this.#folder, ""),
      );
    return shortened(frames);
  }

  /** The lines around the first place that lies in a cell, with an arrow at it. */
  #excerpt(frames: readonly string[]): string[] {
    for (const frame of frames) {
      const [match] = frame.matchAll(CELL_FRAME);
      const cell = match?.[1] === undefined ? undefined : this.#cells.get(match[1]);
      if (match === undefined || cell === undefined) continue;
      const lines = cell.code.split("\n");
      const at = Number(match[2]);
      const from = Math.max(1, at - 2);
      return [
        "",
        ...lines.slice(from - 1, at + 1).map((text, i) => {
          const number = from + i;
          return `${number === at ? `${RED}-->${PLAIN}` : "   "} ${String(number).padStart(3)} | ${text}`;
        }),
      ];
    }
    return [];
  }

  #place(fileName: string, line: number, column: number): { line: number; column: number } | undefined {
    const cell = this.#cells.get(fileName);
    if (cell?.maps === undefined) return undefined;
    cell.readers ??= [
      new SourceMap(JSON.parse(cell.maps.script)),
      new SourceMap(JSON.parse(cell.maps.module)),
    ];
    const inModule = cell.readers[0].findEntry(line - 1, column - 1);
    if (!("originalLine" in inModule)) return undefined;
    const inCell = cell.readers[1].findEntry(inModule.originalLine, inModule.originalColumn);
    if (!("originalLine" in inCell)) return undefined;
    // line 0 of the converter's file is its own `export {}`, so a line that counts from 0 there counts from 1 here
    return { line: inCell.originalLine - cell.addedLines, column: inCell.originalColumn + 1 };
  }
}

/** The stack with runs of one frame counted, and with its middle counted where it is long. */
function shortened(frames: readonly string[]): string[] {
  const runs: string[] = [];
  for (let i = 0; i < frames.length; ) {
    const frame = frames[i] as string;
    let next = i + 1;
    while (frames[next] === frame) next++;
    runs.push(frame);
    if (next - i > 1) runs.push(`    ... the same frame ${next - i - 1} times more`);
    i = next;
  }
  if (runs.length <= 2 * SHOWN_FRAMES + 1) return runs;
  const left = runs.length - 2 * SHOWN_FRAMES;
  return [...runs.slice(0, SHOWN_FRAMES), `    ... ${left} frames left out`, ...runs.slice(-SHOWN_FRAMES)];
}

interface ErrorLike {
  readonly name: unknown;
  readonly message: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return (
    value instanceof Error ||
    (typeof value === "object" && value !== null && "stack" in value && "message" in value)
  );
}
