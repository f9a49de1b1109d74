/** How a value looks when it is the last of a cell. */
import { inspect } from "node:util";
import type { MimeBundle } from "./host.js";

/** The name of the method by which a value says how it is displayed: `Symbol.for("Jupyter.display")`. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** A value that says itself how it is displayed (Deno's convention, which other TypeScript kernels share). */
export interface Displayable {
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/**
 * The bundle that shows a value; every bundle has a `text/plain`.
 * @throws what the value's own display method throws
 */
export async function render(value: unknown): Promise<MimeBundle> {
  return { "text/plain": inspect(value, { depth: 4, maxArrayLength: 50, maxStringLength: 2000 }) };
}
