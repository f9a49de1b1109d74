/**
 * Takes the machine out of outputs: absolute paths of the package, the home folder and the temporary folder.
 *
 * They are rewritten, not refused: a path in a traceback or a notice is no mistake of the notebook. What stands for
 * them still says where the file is: `.` (cells run in the package's folder), `~`, and `$TMPDIR`. Names that a program
 * makes up under the temporary folder stay as they are; a cell that prints one differs from run to run, and `--check`
 * says so.
 */
import { realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import type { NotebookOutput, OutputData } from "./notebook.js";

/** An absolute folder, and what outputs call it. */
export interface Place {
  readonly folder: string;
  readonly name: string;
}

/**
 * The places of this machine that an output must not name, the longest first.
 * @param root the package's folder
 */
export function machinePlaces(root: string): Place[] {
  const places = [
    { folder: root, name: "." },
    { folder: homedir(), name: "~" },
    { folder: tmpdir(), name: "$TMPDIR" },
  ];
  const real = places.map(({ folder, name }) => ({ folder: realPath(folder), name }));
  return [...places, ...real]
    .map(({ folder, name }) => ({ folder: folder.replace(/[/\\]+$/, ""), name }))
    .filter(({ folder }) => folder.length > 1)
    .sort((a, b) => b.folder.length - a.folder.length);
}

/**
 * An output without the given places; pictures and other encoded bytes are left alone.
 * @example withoutPlaces(stdout("/home/ada/lab/data"), [{ folder: "/home/ada/lab", name: "." }]) // "./data"
 */
export function withoutPlaces(output: NotebookOutput, places: readonly Place[]): NotebookOutput {
  const clean = (text: string): string => rename(text, places);
  switch (output.type) {
    case "stream":
      return { ...output, text: clean(output.text) };
    case "error":
      return { ...output, evalue: clean(output.evalue), traceback: output.traceback.map(clean) };
    default:
      return { ...output, data: cleanBundle(output.data, clean) };
  }
}

/** The text with each place's path replaced by its name. */
export function rename(text: string, places: readonly Place[]): string {
  return places.reduce((result, { folder, name }) => {
    if (!result.includes(folder)) return result;
    const path = folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return result.replace(new RegExp(`(?:file://|(?<![\\w./~-]))${path}(?![\\w-]|\\.\\w)`, "g"), () => name);
  }, text);
}

function cleanBundle(data: OutputData, clean: (text: string) => string): OutputData {
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => {
      const isText = mime.startsWith("text/") || mime === "image/svg+xml" || mime.startsWith("application/");
      return [mime, isText ? cleanValue(value, clean) : value];
    }),
  );
}

function cleanValue(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, clean));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleanValue(item, clean)]));
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
