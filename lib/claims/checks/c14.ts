/** C14: the k and the counts behind the printed coverages (Tables 2 and B.1). */
import { oracleRows } from "./c11.js";
import { type CheckResults, value } from "./value.js";

/** The toolkit draws at most this many samples a side; the result hardly depends on it. */
const DRAWN = 10_000;

/**
 * The expected coverage of equal laws: a real point is missed where all of its k nearest among N + M - 1 are real.
 * @param real N, the number of real points
 * @param generated M, the number of generated points
 */
export function expectedCoverage(real: number, generated: number, k: number): number {
  let missed = 1;
  for (let i = 1; i <= k; i++) missed *= (real - i) / (real + generated - i);
  return 1 - missed;
}

/** Coverage at three k, against the mean of the ten printed cells. */
export function c14(): CheckResults {
  const cells = ["table2", "tableB1"].flatMap((table) =>
    oracleRows.map((row) => value(`${table}/${row}/coverage`)),
  );
  return {
    "coverage-k4": expectedCoverage(DRAWN, DRAWN, 4),
    "coverage-k5": expectedCoverage(DRAWN, DRAWN, 5),
    "coverage-k6": expectedCoverage(DRAWN, DRAWN, 6),
    "mean-of-cells": cells.reduce((sum, cell) => sum + cell, 0) / cells.length,
    "unequal-counts": expectedCoverage(
      value("protocol/reference-images"),
      value("protocol/generated-images"),
      5,
    ),
  };
}
