/** C11: the two parts of the distance (Table B.2) against the printed distances (Tables 2 and B.1). */
import { oracleLadder } from "../../benchmark/index.js";
import { type CheckResults, value } from "./value.js";

/** The largest difference of a sum from the printed distance. */
export function c11(): CheckResults {
  const printed = { dinov2: "table2", inception: "tableB1" } as const;
  const differences = (["dinov2", "inception"] as const).flatMap((encoder) =>
    oracleLadder(value, encoder).map(({ row, fd }) =>
      Math.abs(fd.value - value(`${printed[encoder]}/${row}/fd`)),
    ),
  );
  return { "largest-difference": Math.max(...differences) };
}
