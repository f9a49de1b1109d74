/** The table of real strings with what they mean, written by hand from what Flickr and Commons write. */
import { readFileSync } from "node:fs";
import { packageFile } from "../../../lib/io/index.js";

/** One row of the table; `spdx` is "" where nothing is recognised. */
export interface GoldenString {
  readonly license: string;
  readonly license_url: string;
  readonly spdx: string;
  readonly category: string;
  readonly permissive: string;
  readonly why: string;
}

/** The rows of `test/golden/licences/strings.csv`. */
export function goldenStrings(): GoldenString[] {
  const [header, ...rows] = parseCsv(readFileSync(packageFile("test/golden/licences/strings.csv"), "utf8"));
  return rows.map(
    (row) => Object.fromEntries(row.map((cell, at) => [header![at], cell])) as unknown as GoldenString,
  );
}

/** RFC 4180, read strictly: an error where a quote stands wrong. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/gy;
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (match === null) throw new SyntaxError(`Cannot read CSV: a cell is needed at ${at}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] !== ",") {
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) rows.push([...row, ""]);
  return rows;
}
