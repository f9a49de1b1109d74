/** Written captions as a table on disk, CSV or Parquet by the name's end: whole or not there, the same bytes for the same captions. */
import { createTableFile, type TableColumn, type TableFile } from "../io/index.js";
import type { WrittenCaption } from "./write-caption.js";

/** The columns, in their order. */
const COLUMNS: readonly TableColumn<WrittenCaption>[] = [
  ["key", "VARCHAR", ({ key }) => key],
  ["caption_type", "VARCHAR", ({ captionType }) => captionType],
  ["outcome", "VARCHAR", ({ outcome }) => outcome],
  ["caption", "VARCHAR", ({ caption }) => caption],
  ["broken_first", "VARCHAR", ({ faults }) => rulesOf(faults[0])],
  ["broken_second", "VARCHAR", ({ faults }) => rulesOf(faults[1])],
  ["preferred_broken", "VARCHAR", ({ notes }) => notes.join(" ")],
  ["asked", "VARCHAR", ({ asked }) => asked ?? ""],
  ["message", "VARCHAR", ({ message }) => message],
  ["answers", "VARCHAR", ({ answerIds }) => answerIds.join(" ")],
  ["model", "VARCHAR", ({ model }) => model],
  ["tries", "INTEGER", ({ tries }) => tries],
];

function rulesOf(faults: WrittenCaption["faults"][number] | undefined): string {
  return (faults ?? []).map(({ rule }) => rule.replaceAll(" ", "-")).join(" ");
}

/**
 * Begins a table of captions.
 * @param path ends with .csv or .parquet
 * @throws TypeError for another end
 * @example const file = await createCaptionFile("captions.parquet");
 */
export function createCaptionFile(path: string): Promise<TableFile<WrittenCaption>> {
  return createTableFile(path, COLUMNS, "captions");
}
