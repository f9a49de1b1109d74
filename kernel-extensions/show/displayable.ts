/** The convention by which a value says itself how it is displayed. */
import type { MimeBundle } from "./host.js";

/** The name of the method by which a value says how it is displayed: `Symbol.for("Jupyter.display")`. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** A value that says itself how it is displayed (Deno's convention, which other TypeScript kernels share). */
export interface Displayable {
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
}

/** Whether a value says itself how it is displayed. */
export function isDisplayable(value: unknown): value is Displayable {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return typeof (value as Partial<Displayable>)[jupyterDisplay] === "function";
}
