/** C14: the k and the counts behind the printed coverages (Tables 2 and B.1). */
import { oracleRows } from "../../benchmark/index.js";
import { expectedCoverage, PRDC_ROWS } from "../../metrics/index.js";
import { type CheckResults, value } from "./value.js";

/** The toolkit draws at most so many samples a side; the result hardly depends on it. */
const drawn = { real: PRDC_ROWS, generated: PRDC_ROWS };

/** Coverage at three k, against the mean of the ten printed cells. */
export function c14(): CheckResults {
  const cells = ["table2", "tableB1"].flatMap((table) =>
    oracleRows.map((row) => value(`${table}/${row}/coverage`)),
  );
  return {
    "coverage-k4": expectedCoverage({ ...drawn, k: 4 }),
    "coverage-k5": expectedCoverage({ ...drawn, k: 5 }),
    "coverage-k6": expectedCoverage({ ...drawn, k: 6 }),
    "mean-of-cells": cells.reduce((sum, cell) => sum + cell, 0) / cells.length,
    "unequal-counts": expectedCoverage({
      real: value("protocol/reference-images"),
      generated: value("protocol/generated-images"),
      k: 5,
    }),
  };
}
