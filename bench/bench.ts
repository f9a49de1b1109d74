/** `npm run bench`: every piece of work, one table; ours, the peer's and the ratio, medians of the same run. */
import { parseArgs } from "node:util";
import { creditsPiece } from "./credits.js";
import { featuresPiece } from "./features.js";
import { frechetPiece } from "./frechet.js";
import { indexPiece } from "./index-corpus.js";
import { joinPiece } from "./join.js";
import { kernelPiece } from "./kernel.js";
import { mmdPiece } from "./mmd.js";
import { momentsPiece } from "./moments.js";
import type { BenchRow, Piece } from "./piece.js";
import { prdcPiece } from "./prdc.js";
import { resizePiece } from "./resize.js";
import { tarPiece } from "./tar.js";

/** All pieces of work, in the order of the table. */
export const pieces: readonly Piece[] = [
  kernelPiece,
  tarPiece,
  indexPiece,
  creditsPiece,
  resizePiece,
  featuresPiece,
  prdcPiece,
  mmdPiece,
  momentsPiece,
  frechetPiece,
  joinPiece,
];

/** A row of the result: `ratio` is the peer's value over ours, above 1 where ours takes less. */
export interface BenchResult extends BenchRow {
  readonly ratio: number | null;
}

/**
 * Runs the pieces whose names are given, all where none is.
 * @param args names of pieces, and `--json`
 * @returns 0; a value above its limit is marked, as a busy machine makes it so too
 * @throws RangeError for a piece that does not exist
 */
export async function runBench(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean" } },
  });
  const unknown = positionals.find((name) => !pieces.some((piece) => piece.name === name));
  if (unknown !== undefined)
    throw new RangeError(
      `Cannot measure "${unknown}": the pieces are ${pieces.map(({ name }) => name).join(", ")}`,
    );
  const results: BenchResult[] = [];
  for (const piece of pieces)
    if (positionals.length === 0 || positionals.includes(piece.name))
      for (const row of await piece.measure((line) => process.stderr.write(`${line}\n`)))
        results.push({ ...row, ratio: row.peer.value === undefined ? null : row.peer.value / row.ours });
  process.stdout.write(values.json ? `${JSON.stringify(results, null, 2)}\n` : benchTable(results));
  return 0;
}

/** The results as a table for a terminal. */
export function benchTable(results: readonly BenchResult[]): string {
  const header = ["work", "ours", "at most", "peer", "", "ratio", "runs"];
  const rows = results.map(({ work, unit, ours, atMost, peer, ratio, runs }) => [
    work,
    `${significant(ours)} ${unit}`,
    atMost === undefined ? "" : `${atMost} ${unit}${ours > atMost ? " (over)" : ""}`,
    peer.name,
    peer.value === undefined ? `skipped: ${peer.skipped}` : `${significant(peer.value)} ${unit}`,
    ratio === null ? "" : ratio.toFixed(2),
    String(runs),
  ]);
  const widths = header.map((_, at) => Math.max(...[header, ...rows].map((cells) => cells[at]?.length ?? 0)));
  return [header, ...rows]
    .map(
      (cells) =>
        `${cells
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}
