/** From any value to a complete bundle: binary forms as base64, the rest JSON, and always a text form of bounded size. */
import { oneLine, truncate, visibleText } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { isRecord } from "./rows.js";

/** A text form above this is cut: more is not read in a notebook, and slows the front end. */
export const TEXT_LIMIT = 65_536;

const MIME_TYPE: RegExp = /^[a-z]+\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;

/** Whether a value is a bundle: a plain object with nothing but mime types as keys, at least one. */
export function isMimeBundle(value: unknown): value is MimeBundle {
  if (!isRecord(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => MIME_TYPE.test(key));
}

/**
 * The bundle with every binary form as base64, and a `text/plain` that names the other forms where it has none.
 *
 * Every form is what JSON makes of it (a date its text, an absent field none), so that any front end can send and
 * keep it; a form that is undefined is left out.
 * @throws {TypeError} where the value is not an object with mime types as keys, or a form is none that JSON can hold
 */
export function completeBundle(value: unknown): MimeBundle {
  if (!isMimeBundle(value)) {
    const got = isRecord(value) ? `the keys ${Object.keys(value).join(", ") || "(none)"}` : typeof value;
    throw new TypeError(
      `Cannot display a value: its display method must give an object with mime types as keys ("text/html"), got ${got}`,
    );
  }
  const bundle: Record<string, unknown> = {};
  for (const [mimeType, form] of Object.entries(value))
    if (form !== undefined)
      bundle[mimeType] =
        form instanceof Uint8Array
          ? Buffer.from(form.buffer, form.byteOffset, form.byteLength).toString("base64")
          : jsonForm(mimeType, form);
  const text = bundle["text/plain"];
  bundle["text/plain"] =
    typeof text === "string"
      ? truncate(text, TEXT_LIMIT)
      : visibleText(`[${Object.keys(bundle).join(", ")}]`);
  return bundle;
}

function jsonForm(mimeType: string, form: unknown): unknown {
  if (typeof form === "string") return form;
  const refuse = (got: string): never => {
    throw new TypeError(
      `Cannot display a value: its ${mimeType} must be text, bytes or what JSON can hold, got ${oneLine(got)}`,
    );
  };
  let json: string | undefined;
  try {
    json = JSON.stringify(form);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return refuse(
      /BigInt/.test(message)
        ? "a BigInt"
        : /circular/.test(message)
          ? "an object that holds itself"
          : message,
    );
  }
  return json === undefined ? refuse(`a ${typeof form}`) : JSON.parse(json);
}
