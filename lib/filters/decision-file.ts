/** Decisions as a table on disk, CSV or Parquet by the name's end: whole or not there, the same bytes for the same decisions. */
import { createTableFile, type TableColumn, type TableFile } from "../io/index.js";
import type { FilterDecision } from "./decision.js";
import type { MeasureName } from "./measures.js";

const MEASURES: readonly MeasureName[] = [
  ...(["entropyBits", "contrast", "meanLuma", "darkShare", "brightShare"] as const),
  ...(["laplacianVariance", "laplacianVarianceAt256", "blurAt256"] as const),
];

/** The columns, in their order. */
const COLUMNS: readonly TableColumn<FilterDecision>[] = [
  ["key", "VARCHAR", ({ key }) => key],
  ["outcome", "VARCHAR", ({ outcome }) => outcome],
  ["stage", "VARCHAR", ({ stage }) => stage ?? null],
  ["reason", "VARCHAR", ({ reason }) => reason],
  ["message", "VARCHAR", ({ message }) => message],
  // of a header that nobody has checked: a PNG's holds 32 bits, and the largest are dropped with their size told
  ["width", "UINTEGER", ({ width }) => width ?? null],
  ["height", "UINTEGER", ({ height }) => height ?? null],
  ["measured_faults", "VARCHAR", ({ measuredFaults }) => measuredFaults.join(", ")],
  ...MEASURES.map(
    (name) =>
      [
        name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`),
        "DOUBLE",
        ({ measures }: FilterDecision) => measures?.[name] ?? null,
      ] as const,
  ),
  ...(["quality", "safety"] as const).flatMap(
    (aspect) =>
      [
        [`judge_${aspect}`, "VARCHAR", (decision: FilterDecision) => decision[aspect]?.verdict ?? null],
        [
          `judge_${aspect}_outcome`,
          "VARCHAR",
          (decision: FilterDecision) => decision[aspect]?.outcome ?? null,
        ],
        [
          `judge_${aspect}_answer`,
          "VARCHAR",
          (decision: FilterDecision) => decision[aspect]?.answerId ?? null,
        ],
      ] as const,
  ),
  ["judge_model", "VARCHAR", ({ quality }) => quality?.model ?? null],
];

/**
 * Begins a table of decisions.
 * @param path ends with .csv or .parquet
 * @throws TypeError for another end
 * @example const file = await createDecisionFile("decisions.parquet");
 */
export function createDecisionFile(path: string): Promise<TableFile<FilterDecision>> {
  return createTableFile(path, COLUMNS, "decisions");
}
