/** A few named values, as a small definition list. */
import { displayText } from "./display-text.js";
import { jupyterDisplay } from "./displayable.js";
import { escapeHtml, truncate } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { formatValue } from "./numbers.js";
import { pad, terminalWidth } from "./text-width.js";

const VALUE_LIMIT = 1000;
/** Names and values side by side; GitHub strips it and shows them below each other. */
const GRID =
  "display:grid;grid-template-columns:max-content minmax(0,auto);column-gap:1em;justify-content:start;margin:0";

// JupyterLab floats both and gives names a fifth of the width
const ITEM = "float:none;width:auto;margin:0";

/** Named values that are displayed when they are the last value of a cell. */
export class Facts {
  /** Name and formatted value, in their order. */
  readonly entries: readonly (readonly [name: string, value: string])[];

  /** Use `facts`. */
  constructor(entries: readonly (readonly [name: string, value: string])[]) {
    this.entries = entries;
  }

  [jupyterDisplay](): MimeBundle {
    const width = Math.max(0, ...this.entries.map(([name]) => terminalWidth(name)));
    const items = this.entries.map(
      ([name, value]) =>
        `<dt style="${ITEM}"><strong>${escapeHtml(name)}</strong></dt><dd style="${ITEM};overflow-wrap:anywhere">${escapeHtml(value)}</dd>`,
    );
    return {
      "text/html": `<dl class="gpic-facts" style="${GRID}">\n${items.join("\n")}\n</dl>`,
      "text/plain": this.entries.map(([name, value]) => `${pad(name, width, "right")}  ${value}`).join("\n"),
    };
  }
}

/**
 * A definition list of named values.
 * @param values numbers, texts, dates, sizes ...; formatted as in a table
 * @example facts({ corpus: "sample", images: 1234 }) // corpus  sample, images  1,234
 */
export function facts(values: Readonly<Record<string, unknown>>): Facts {
  if (typeof values !== "object" || values === null)
    throw new TypeError(`Cannot show facts: an object of named values is needed, got ${typeof values}`);
  return new Facts(
    Object.entries(values).map(([name, value]) => [
      displayText(name),
      truncate(formatValue(value), VALUE_LIMIT),
    ]),
  );
}
