/** C11: the two parts of the distance (Table B.2) against the printed distances (Tables 2 and B.1). */
import { type CheckResults, value } from "./value.js";

/** The rows of the oracle tables. */
export const oracleRows = ["full", "lite", "nano", "val", "test-50k"] as const;

/** The distance of an oracle row as the sum of its parts, which has more digits than the printed one. */
export function oracleDistance(row: (typeof oracleRows)[number], encoder: "dinov2" | "inception"): number {
  return value(`tableB2/${row}/${encoder}_fd_mu`) + value(`tableB2/${row}/${encoder}_fd_sigma`);
}

/** The largest difference of a sum from the printed distance. */
export function c11(): CheckResults {
  const differences = oracleRows.flatMap((row) => [
    Math.abs(oracleDistance(row, "dinov2") - value(`table2/${row}/fd`)),
    Math.abs(oracleDistance(row, "inception") - value(`tableB1/${row}/fd`)),
  ]);
  return { "largest-difference": Math.max(...differences) };
}
