/** How a value looks when it is the last of a cell. */
import { inspect } from "node:util";
import { completeBundle, TEXT_LIMIT } from "./bundle.js";
import { type Displayable, isDisplayable, jupyterDisplay } from "./displayable.js";
import { errorText } from "./error-view.js";
import { truncate, visibleText } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { imageBundle, isSharp, sharpBundle } from "./image-bytes.js";
import { type DataRecord, isArrowTable, isRecord, type RowSource } from "./rows.js";
import { table } from "./table.js";
import { type HasVerdictRow, hasVerdictRow, verdicts } from "./verdicts.js";

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
  const is = <Kind>(test: (value: unknown) => value is Kind): boolean => passes(test, value);
  if (is(isDisplayable)) {
    const bundle = (value as Displayable)[jupyterDisplay]();
    return isPromiseLike(bundle) ? Promise.resolve(bundle).then(completeBundle) : completeBundle(bundle);
  }
  if (is(hasVerdictRow) || is(isVerdictList))
    return completeBundle(verdicts(value as HasVerdictRow)[jupyterDisplay]());
  if (is(isRecordList) || is(isArrowTable))
    return completeBundle(table(value as RowSource)[jupyterDisplay]());
  if (is(isBytes)) return imageBundle(value as Uint8Array) ?? inspected(value);
  if (is(isSharp)) return sharpBundle(value);
  if (is(isError)) return { "text/plain": errorText(value as Error) };
  return inspected(value);
}

/** A value whose getters or traps throw is of no kind: it is inspected, which calls none of them. */
function passes(test: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return test(value);
  } catch {
    return false;
  }
}

function isVerdictList(value: unknown): value is HasVerdictRow[] {
  return Array.isArray(value) && value.length > 0 && value.every(hasVerdictRow);
}

function isRecordList(value: unknown): value is DataRecord[] {
  if (!Array.isArray(value) || !value.every(isRecord)) return false;
  return value.some((record) => Object.keys(record).length > 0);
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** An error whose name and message can be read. */
function isError(value: unknown): value is Error {
  return value instanceof Error && errorText(value) !== "";
}

function inspected(value: unknown): MimeBundle {
  return { "text/plain": truncate(visibleText(inspectSafely(value)), TEXT_LIMIT) };
}

function inspectSafely(value: unknown): string {
  // A value's own inspect method or message may fail; a cell must not fail for how its last value is written.
  for (const options of [INSPECT, { ...INSPECT, customInspect: false }])
    try {
      return inspect(value, options);
    } catch {}
  return `[${typeof value} that cannot be inspected]`;
}

function isPromiseLike(value: unknown): value is PromiseLike<MimeBundle> {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
