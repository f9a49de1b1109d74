/** Notebooks for tests: files of nbformat 4.5 in a folder of their own. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A code cell in a test: its source, and what differs from an empty untagged cell. */
export interface TestCell {
  readonly source: string;
  readonly tags?: readonly string[];
  readonly outputs?: readonly object[];
}

/** A fresh folder for a test's files. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), "gpic-lab-headless-"));
}

/** Writes a notebook whose cells have the ids c1, c2, ...; returns its path. */
export function makeNotebook(name: string, cells: readonly (string | TestCell)[], minor = 5): string {
  const path = join(scratchFolder(), name);
  const json = {
    cells: cells.map((given, index) => {
      const cell = typeof given === "string" ? { source: given } : given;
      return {
        cell_type: "code",
        ...(minor >= 5 && { id: `c${index + 1}` }),
        metadata: "tags" in cell && cell.tags ? { tags: cell.tags } : {},
        execution_count: null,
        outputs: ("outputs" in cell && cell.outputs) || [],
        source: cell.source,
      };
    }),
    metadata: {},
    nbformat: 4,
    nbformat_minor: minor,
  };
  writeFileSync(path, JSON.stringify(json));
  return path;
}
