/**
 * The passes of `resize` over whole pictures: `resize-program.ts` run in a small memory, band by band, so that a
 * picture of any size takes no more than a few megabytes there.
 */
import { FRACTION_BITS, resizeModule, TABLE_HEAD } from "./resize-program.js";
import type { Taps } from "./resize-taps.js";

/** Taps with weights of 22 fractional bits, in the form that the program reads. */
export interface FixedTaps {
  readonly outputs: number;
  readonly table: Int32Array;
  /** The first pixel that an output needs, and how many from there on any does. */
  readonly first: number;
  readonly needed: number;
}

/** Bytes that are taken into the memory at once, where a row is not larger: what a core's own cache holds. */
const BAND_BYTES = 2 ** 19;
/** The program reads and writes up to 15 bytes more than a row has. */
const MARGIN = 16;
const PAGE_BYTES = 2 ** 16;

/** Rounds weights to 22 fractional bits, halves away from zero, as Pillow does. */
export function fixedTaps({ starts, counts, stride, weights }: Taps): FixedTaps {
  const outputs = starts.length;
  const pitch = TABLE_HEAD + stride;
  const table = new Int32Array(outputs * pitch);
  const last = outputs - 1;
  const first = starts[0]!;
  for (let i = 0; i < outputs; i++) {
    table[i * pitch] = starts[i]! - first;
    table[i * pitch + 1] = counts[i]!;
    for (let j = 0; j < counts[i]!; j++) {
      const scaled = weights[i * stride + j]! * 2 ** FRACTION_BITS;
      table[i * pitch + TABLE_HEAD + j] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
  return { outputs, table, first, needed: starts[last]! + counts[last]! - first };
}

/**
 * The pass along the rows.
 * @param data rows of `width` RGB pixels
 * @param firstRow the first row that is needed, of `rows`
 * @returns rows x outputs x 3
 */
export function resizeRows(
  data: Uint8Array,
  width: number,
  firstRow: number,
  rows: number,
  taps: FixedTaps,
): Uint8Array {
  const rowBytes = width * 3;
  const outputBytes = taps.outputs * 3;
  const result = new Uint8Array(rows * outputBytes);
  const bandRows = Math.min(rows, Math.max(1, Math.floor(BAND_BYTES / Math.max(rowBytes, outputBytes))));
  const { program, memory, table, from, to } = place(taps, bandRows * rowBytes, bandRows * outputBytes);
  for (let row = 0; row < rows; row += bandRows) {
    const count = Math.min(bandRows, rows - row);
    const begin = (firstRow + row) * rowBytes;
    memory.set(data.subarray(begin, begin + count * rowBytes), from);
    const end = to + count * outputBytes;
    program.rows(from + taps.first * 3, to, end, rowBytes, outputBytes, table, pitchOf(taps));
    result.set(memory.subarray(to, end), row * outputBytes);
  }
  return result;
}

/**
 * The pass along the columns.
 * @param data rows of `width` RGB pixels, of which row 0 is the first that is needed
 * @returns outputs x width x 3
 */
export function resizeColumns(data: Uint8Array, width: number, taps: FixedTaps): Uint8Array {
  const { outputs, needed } = taps;
  const rowBytes = width * 3;
  const result = new Uint8Array(outputs * rowBytes);
  const stripBytes = Math.min(rowBytes, Math.max(64, Math.floor(BAND_BYTES / Math.max(needed, outputs))));
  const { program, memory, table, from, to } = place(taps, needed * stripBytes, outputs * stripBytes);
  for (let left = 0; left < rowBytes; left += stripBytes) {
    const bytes = Math.min(stripBytes, rowBytes - left);
    const end = to + outputs * bytes;
    copyRows(data, rowBytes, left, memory, bytes, from, needed, bytes);
    program.columns(from, to, end, bytes, table, pitchOf(taps));
    copyRows(memory.subarray(to), bytes, 0, result, rowBytes, left, outputs, bytes);
  }
  return result;
}

/** Copies `rows` pieces of `bytes` from one picture to another, at once where both lie without gaps. */
function copyRows(
  source: Uint8Array,
  sourceRow: number,
  sourceAt: number,
  target: Uint8Array,
  targetRow: number,
  targetAt: number,
  rows: number,
  bytes: number,
): void {
  if (sourceRow === bytes && targetRow === bytes) {
    target.set(source.subarray(sourceAt, sourceAt + rows * bytes), targetAt);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const begin = sourceAt + row * sourceRow;
    target.set(source.subarray(begin, begin + bytes), targetAt + row * targetRow);
  }
}

function pitchOf({ table, outputs }: FixedTaps): number {
  return (table.length / outputs) * Int32Array.BYTES_PER_ELEMENT;
}

interface Program {
  rows(
    from: number,
    to: number,
    toEnd: number,
    rowBytes: number,
    outputBytes: number,
    table: number,
    pitch: number,
  ): void;
  columns(from: number, to: number, toEnd: number, rowBytes: number, table: number, pitch: number): void;
}

let loaded: { readonly program: Program; readonly memory: WebAssembly.Memory } | undefined;

/** The program, with the taps in its memory and room for what goes in and what comes out. */
function place(taps: FixedTaps, inputBytes: number, outputBytes: number) {
  loaded ??= load();
  const { program, memory } = loaded;
  const from = taps.table.byteLength;
  const to = from + inputBytes + MARGIN;
  const missing = to + outputBytes + MARGIN - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  new Int32Array(memory.buffer, 0, taps.table.length).set(taps.table);
  return { program, memory: new Uint8Array(memory.buffer), table: 0, from, to };
}

function load() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const compiled = new WebAssembly.Module(resizeModule());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return { program: exports as unknown as Program, memory };
}
