/** How a value looks when it is the last of a cell. */
import { inspect } from "node:util";
import { completeBundle, TEXT_LIMIT } from "./bundle.js";
import { isDisplayable, jupyterDisplay } from "./displayable.js";
import { errorText } from "./error-view.js";
import { truncate, visibleText } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { imageBundle, isSharp, sharpBundle } from "./image-bytes.js";
import { isArrowTable, isRecord } from "./rows.js";
import { table } from "./table.js";
import { hasVerdictRow, verdicts } from "./verdicts.js";

export { type Displayable, jupyterDisplay } from "./displayable.js";

/** How much of a nested, long or wordy value its text form shows. */
const INSPECT = { depth: 4, maxArrayLength: 50, maxStringLength: 2000, breakLength: 100 } as const;

/**
 * The bundle that shows a value; every bundle has a `text/plain`.
 *
 * In this order: what the value's `Symbol.for("Jupyter.display")` method gives, verdicts, Arrow tables and arrays of
 * records as tables, pictures (PNG, JPEG, GIF or WebP bytes, sharp instances), errors, and else the value inspected.
 * @throws what the value's own display method throws; {TypeError} where that gives no object with mime types
 * @example await render([{ tier: "nano" }]) // { "text/html": "<table ...", "text/plain": "tier\n----\nnano" }
 */
export async function render(value: unknown): Promise<MimeBundle> {
  return renderNow(value);
}

/** As `render`, but at once where the value's display needs no waiting. */
export function renderNow(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (isDisplayable(value)) {
    const bundle = value[jupyterDisplay]();
    return isPromiseLike(bundle) ? Promise.resolve(bundle).then(completeBundle) : completeBundle(bundle);
  }
  if (hasVerdictRow(value)) return completeBundle(verdicts(value)[jupyterDisplay]());
  if (Array.isArray(value) && value.length > 0) {
    if (value.every(hasVerdictRow)) return completeBundle(verdicts(value)[jupyterDisplay]());
    if (value.every(isRecord) && value.some((record) => Object.keys(record).length > 0))
      return completeBundle(table(value)[jupyterDisplay]());
  }
  if (isArrowTable(value)) return completeBundle(table(value)[jupyterDisplay]());
  if (value instanceof Uint8Array) return imageBundle(value) ?? inspected(value);
  if (isSharp(value)) return sharpBundle(value);
  if (value instanceof Error) return { "text/plain": errorText(value) };
  return inspected(value);
}

function inspected(value: unknown): MimeBundle {
  return { "text/plain": truncate(visibleText(inspectSafely(value)), TEXT_LIMIT) };
}

function inspectSafely(value: unknown): string {
  try {
    return inspect(value, INSPECT);
  } catch {
    // A value's own inspect method may fail; a cell must not fail for how its last value is written.
    return inspect(value, { ...INSPECT, customInspect: false });
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<MimeBundle> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
