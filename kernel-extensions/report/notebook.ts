/**
 * A notebook as the report reads it: what the headless runner's `readNotebook` gives, as far as it can be shown.
 */

/** One output of a code cell. */
export interface NotebookOutput {
  readonly type: string;
  readonly name?: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

/** One cell. */
export interface NotebookCell {
  readonly type: string;
  readonly source: string;
  readonly outputs?: readonly NotebookOutput[];
  /** Pictures that a Markdown cell carries: name, then mime type. */
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A notebook. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
}

/** A notebook and where it lies; only the file's name is ever shown. */
export interface NamedNotebook {
  readonly path: string;
  readonly notebook: Notebook;
}

/**
 * The text of a field of a bundle: a string, or its lines.
 * @returns the lines joined; "" for anything that is no text
 * @example joinText(["a\n", "b"]) // "a\nb"
 */
export function joinText(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === "string").join("") : "";
}

/**
 * The name of a notebook without folder and ending, which is also the end of its anchor in the report.
 * @example notebookName("notebooks/01-corpus.ipynb") // "01-corpus"
 */
export function notebookName(path: string): string {
  return (path.split(/[\\/]/).pop() ?? path).replace(/\.ipynb$/, "");
}

/**
 * The anchor of a notebook in the report.
 * @example notebookAnchor("notebooks/01-corpus.ipynb") // "notebook-01-corpus"
 */
export function notebookAnchor(path: string): string {
  return `notebook-${notebookName(path).replace(/[^A-Za-z0-9_-]+/g, "-")}`;
}

/**
 * What the notebooks say of the corpus they used: the first line of the first text that `00-start` puts out.
 * @returns undefined where there is no such notebook or no such text
 */
export function corpusLine(notebooks: readonly NamedNotebook[]): string | undefined {
  const start = notebooks.find(({ path }) => notebookName(path) === "00-start");
  for (const cell of start?.notebook.cells ?? []) {
    for (const output of cell.outputs ?? []) {
      const text = output.text ?? joinText(output.data?.["text/plain"]);
      const line = text.split("\n").find((each) => each.trim() !== "");
      if (line !== undefined) return [...line.trim()].slice(0, 300).join("");
    }
  }
  return undefined;
}
