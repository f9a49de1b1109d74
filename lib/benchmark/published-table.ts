/** Tables that others published, as `data/paper/` keeps them: a header, a row a line, cells quoted around commas. */
import { readFileSync } from "node:fs";
import { packageFile } from "../io/index.js";

/** A row of a published table: its cells as text, by column. */
export type PublishedRow = ReadonlyMap<string, string>;

/**
 * The cells of a CSV, line by line, the header first; a quoted cell may hold commas, none a line break.
 * @example csvCells('system,kind\nREG,"latent, distilled"\n') // [["system", "kind"], ["REG", "latent, distilled"]]
 */
export function csvCells(text: string): string[][] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?<=^|,)(?:"([^"]*)"|([^",]*))(?=,|$)/g)].map((match) => match[1] ?? match[2] ?? ""),
    );
}

/**
 * The rows of a table of `data/paper/`.
 * @param file its name, with `.csv`
 * @throws SyntaxError where a row is not as long as the header
 * @example publishedRows("fd-leaderboard.csv")[0]?.get("model") // "RESFLOW"
 */
export function publishedRows(file: string): PublishedRow[] {
  const [header = [], ...lines] = csvCells(readFileSync(packageFile("data", "paper", file), "utf8"));
  return lines.map((cells, i) => {
    if (cells.length !== header.length)
      throw new SyntaxError(
        `Cannot read ${file}: ${header.length} cells a row are needed, got ${cells.length} in row ${i + 1}`,
      );
    return new Map(header.map((column, at) => [column, cells[at] ?? ""]));
  });
}

/**
 * A cell's text.
 * @throws SyntaxError where there is no such column
 */
export function textOf(row: PublishedRow, column: string): string {
  const cell = row.get(column);
  if (cell === undefined)
    throw new SyntaxError(
      `Cannot read a published table: a column "${column}" is needed, got ${[...row.keys()].join(", ")}`,
    );
  return cell;
}

/**
 * A cell's number.
 * @throws SyntaxError where the cell is empty or holds something else
 */
export function numberOf(row: PublishedRow, column: string): number {
  const cell = textOf(row, column);
  const value = cell === "" ? Number.NaN : Number(cell);
  if (!Number.isFinite(value))
    throw new SyntaxError(`Cannot read a published table: a number is needed as ${column}, got "${cell}"`);
  return value;
}

/** A row's name as the ids of the claims write it: runs of other characters than letters, digits, _ . + - are one "-". */
export function rowId(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[^\w.+-]+/g, "-").replace(/^-+|-+$/g, "")).join("/");
}
