/** Rows as columns of text for a terminal: the first is the head; cells come from data, and stay on their line. */
import { oneLine } from "../show/escape.js";

/**
 * Rows under each other, each column as wide as its widest cell.
 * @example columns([["stage", "in"], ["size", "273"]]) // "  stage  in\n  size   273\n"
 */
export function columns(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map((cell) => oneLine(cell)));
  const widths = (clean[0] ?? []).map((_, i) => Math.max(...clean.map((row) => row[i]?.length ?? 0)));
  return clean
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd())
    .map((text) => `${text}\n`)
    .join("");
}
