/** C18: how the baseline's scores change with guidance (Table 3). */
import { bestSetting } from "../../benchmark/index.js";
import { claim } from "../load.js";
import { type CheckResults, value } from "./value.js";

/** Changes from one guidance scale to the next, and whether the best is the last. */
export function c18(): CheckResults {
  const scales = claim("table3/sampling/cfg").value as readonly number[];
  const column = (name: string): number[] => scales.map((scale) => value(`table3/${scale}/${name}`));
  const [first = Number.NaN, second = Number.NaN, third = Number.NaN] = column("fd");
  const precision = column("precision");
  const density = column("density");
  const { best, isBracketed } = bestSetting(
    scales.map((setting, i) => ({ setting, score: [first, second, third][i] ?? Number.NaN })),
  );
  return {
    "first-change": second / first - 1,
    "second-change": third / second - 1,
    "precision-rises": precision.every((p, i) => i === 0 || p > (precision[i - 1] ?? Number.NaN)),
    "density-falls": (density.at(-1) ?? Number.NaN) < (density[0] ?? Number.NaN),
    "best-over-test-50k": best.score / value("table2/test-50k/fd"),
    "best-is-largest": !isBracketed && best.setting === Math.max(...scales),
  };
}
