/**
 * Gathers what the cells of a notebook emit into the outputs that the notebook keeps.
 *
 * Between two other outputs there is at most one text of standard output and one of standard error, in this order:
 * in which pieces and how interleaved they arrive is a matter of time, and a notebook keeps no time.
 */
import type { Output } from "../session/messages.js";
import type { NotebookOutput } from "./notebook.js";

interface Kept {
  output: NotebookOutput;
  readonly displayId: string | undefined;
}

/** The outputs of one run of a notebook, by cell. */
export class OutputCollector {
  readonly #cells = new Map<number, { kept: Kept[]; clearNext: boolean }>();

  /**
   * Takes one output.
   * @param cell which cell emitted it; an update reaches displays of every cell, as in Jupyter
   */
  add(cell: number, output: Output): void {
    let place = this.#cells.get(cell);
    if (place === undefined) {
      place = { kept: [], clearNext: false };
      this.#cells.set(cell, place);
    }
    if (output.type === "update_display_data") {
      this.#update(output.displayId, output);
      return;
    }
    if (output.type === "clear_output") {
      if (output.wait) place.clearNext = true;
      else {
        place.kept = [];
        place.clearNext = false;
      }
      return;
    }
    if (place.clearNext) {
      place.kept = [];
      place.clearNext = false;
    }
    const displayId = output.type === "display_data" ? output.displayId : undefined;
    const last = place.kept.at(-1);
    if (output.type === "stream" && last?.output.type === "stream" && last.output.name === output.name)
      last.output = { ...last.output, text: last.output.text + output.text };
    else place.kept.push({ output: keptOutput(output), displayId });
  }

  /** The outputs of a cell; an execute_result takes `executionCount`. */
  outputs(cell: number, executionCount: number): NotebookOutput[] {
    const kept = this.#cells.get(cell)?.kept ?? [];
    return joinStreams(kept.map(({ output }) => output)).map((output) =>
      output.type === "execute_result" ? { ...output, executionCount } : output,
    );
  }

  #update(displayId: string | undefined, { data, metadata }: Extract<Output, { data: unknown }>): void {
    if (displayId === undefined) return;
    for (const { kept } of this.#cells.values())
      for (const item of kept)
        if (item.displayId === displayId) item.output = { type: "display_data", data, metadata };
  }
}

/**
 * Outputs with each run of stream pieces made one standard output and one standard error; empty text goes.
 * @example joinStreams([out("a"), err("x"), out("b")]) // [out("ab"), err("x")]
 */
export function joinStreams(outputs: readonly NotebookOutput[]): NotebookOutput[] {
  const result: NotebookOutput[] = [];
  let texts = { stdout: [] as string[], stderr: [] as string[] };
  const flush = () => {
    for (const name of ["stdout", "stderr"] as const) {
      const text = texts[name].join("");
      if (text !== "") result.push({ type: "stream", name, text });
    }
    texts = { stdout: [], stderr: [] };
  };
  for (const output of outputs) {
    if (output.type === "stream") texts[output.name].push(output.text);
    else {
      flush();
      result.push(output);
    }
  }
  flush();
  return result;
}

function keptOutput(
  output: Exclude<Output, { type: "update_display_data" | "clear_output" }>,
): NotebookOutput {
  switch (output.type) {
    case "stream":
      return { type: "stream", name: output.name, text: output.text };
    case "error":
      return {
        type: "error",
        ename: output.ename,
        evalue: output.evalue,
        traceback: output.traceback,
      };
    case "execute_result":
      return {
        type: "execute_result",
        executionCount: output.executionCount,
        data: output.data,
        metadata: output.metadata,
      };
    default:
      return { type: "display_data", data: output.data, metadata: output.metadata };
  }
}
