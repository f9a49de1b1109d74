/**
 * Magics: `%%name` as the first line of a cell changes how the rest runs; `%name` is a cell of its own.
 *
 * A small set on purpose: what TypeScript says as well is no magic. Line numbers in errors stay those of the cell as
 * it is written, because the magic's line is replaced by an empty one.
 */
import { Script } from "node:vm";

/** A magic that is a whole cell: gives the value to show. */
export interface LineMagic {
  readonly name: string;
  readonly summary: string;
  /** @param words the words after the name */
  run(words: readonly string[]): Promise<unknown>;
}

/** A cell with its magic taken off. */
export type MagicCell =
  | { readonly kind: "plain"; readonly code: string }
  | { readonly kind: "line"; readonly magic: LineMagic; readonly words: readonly string[] }
  | { readonly kind: "time"; readonly code: string }
  | { readonly kind: "capture"; readonly code: string; readonly variable: string | undefined };

/** A magic that does not exist, or is called wrongly. */
export class MagicError extends Error {
  override readonly name = "MagicError";
}

const MAGIC_LINE = /^\s*(%%?)(\S*)(.*)$/;

/**
 * Takes the magic off a cell.
 * @throws MagicError for an unknown magic, with the list of those that exist
 * @example parseMagic("%%time\n1 + 1", []) // { kind: "time", code: "\n1 + 1" }
 */
export function parseMagic(code: string, lineMagics: readonly LineMagic[]): MagicCell {
  const [firstLine = "", ...rest] = code.split("\n");
  const match = MAGIC_LINE.exec(firstLine);
  if (match === null) return { kind: "plain", code };
  const [, sign, name, tail = ""] = match;
  const words = tail.trim().split(/\s+/).filter(Boolean);
  const body = ["", ...rest].join("\n");
  if (sign === "%%" && name === "time") return { kind: "time", code: body };
  if (sign === "%%" && name === "capture") {
    const [variable] = words;
    if (words.length > 1 || (variable !== undefined && !isVariableName(variable)))
      throw new MagicError(
        `Cannot capture: %%capture takes one variable name at the most, got "${tail.trim()}"`,
      );
    return { kind: "capture", code: body, variable };
  }
  const magic = sign === "%" ? lineMagics.find((known) => known.name === name) : undefined;
  if (magic === undefined)
    throw new MagicError(`unknown magic ${sign}${name}; the magics are ${magicNames(lineMagics).join(", ")}`);
  if (rest.some((line) => line.trim() !== ""))
    throw new MagicError(`Cannot run %${magic.name}: it is a cell of its own, got more lines below it`);
  return { kind: "line", magic, words };
}

function isVariableName(word: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(word)) return false;
  try {
    // only compiled, never run: the language's own word on what is reserved
    new Script(`"use strict"; let ${word};`);
    return true;
  } catch {
    return false;
  }
}

/** All magics as they are written. */
export function magicNames(lineMagics: readonly LineMagic[]): string[] {
  return ["%%time", "%%capture", ...lineMagics.map((magic) => `%${magic.name}`)];
}

/** The cell with a magic first line emptied, for completion, inspection and the check of completeness. */
export function withoutMagic(code: string): string {
  return MAGIC_LINE.test(code.split("\n", 1)[0] ?? "")
    ? code.replace(/^[^\n]*/, (line) => " ".repeat(line.length))
    : code;
}
