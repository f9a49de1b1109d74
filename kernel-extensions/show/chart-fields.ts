/** The fields that a chart's encodings and transforms speak of, against the columns of its data. */
import { chartError } from "./chart-check.js";
import type { ColumnKind } from "./chart-data.js";
import { suggest } from "./did-you-mean.js";
import { displayText } from "./display-text.js";
import { isRecord } from "./rows.js";

type Json = Record<string, unknown>;

const TITLE_LIMIT = 500;
/** Aggregates that count, whatever the field holds. */
const COUNTING = ["count", "distinct", "valid", "missing"];
/** Names that transforms give to what they make where the spec gives none. */
const DEFAULT_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  fold: ["key", "value"],
  density: ["value", "density"],
  quantile: ["prob", "value"],
  sequence: ["data"],
};

/** Completes each encoding of a spec (in place), and checks that its fields are columns of the data. */
export function checkFields(spec: Json, kinds: ReadonlyMap<string, ColumnKind>, open: boolean): void {
  const made = new Set<string>();
  let anyName = open;
  visit(spec, "spec", (node) => {
    for (const transform of Array.isArray(node.transform) ? (node.transform as Json[]) : []) {
      for (const name of outputsOf(transform)) made.add(name);
      if ("pivot" in transform || "flatten" in transform) anyName = true;
    }
  });
  const known = (name: string): boolean => anyName || kinds.has(name) || made.has(name);
  visit(spec, "spec", (node, path) => {
    const places = { encoding: node.encoding, transform: node.transform, facet: node.facet };
    for (const [name, place] of Object.entries(places))
      eachField(place, `${path}.${name}`, (field, where) => {
        checkField(field, where, known, [...kinds.keys(), ...made]);
      });
    const repeated = node.repeat;
    const lists = Array.isArray(repeated) ? [repeated] : isRecord(repeated) ? Object.values(repeated) : [];
    for (const field of lists.flat())
      if (typeof field === "string") checkField(field, `${path}.repeat`, known, [...kinds.keys(), ...made]);
    if (isRecord(node.encoding))
      for (const [channel, definition] of Object.entries(node.encoding))
        if (isRecord(definition))
          completeChannel(definition as Json, `${path}.encoding.${channel}`, kinds, made);
  });
}

/** Calls `look` with each part of a spec that may hold data, encodings or transforms, and its path. */
export function visit(node: Json, path: string, look: (node: Json, path: string) => void): void {
  look(node, path);
  for (const name of ["layer", "concat", "hconcat", "vconcat"]) {
    const parts = node[name];
    if (Array.isArray(parts))
      parts.forEach((part: unknown, index) => {
        if (isRecord(part)) visit(part as Json, `${path}.${name}[${index}]`, look);
      });
  }
  if (isRecord(node.spec)) visit(node.spec as Json, `${path}.spec`, look);
}

function outputsOf(transform: Json): string[] {
  const names = [transform.as].flat().filter((name) => typeof name === "string");
  for (const [kind, outputs] of Object.entries(DEFAULT_OUTPUTS))
    if (kind in transform) names.push(...outputs);
  for (const part of Object.values(transform).flat()) {
    if (isRecord(part) && typeof part.as === "string") names.push(part.as);
    if (isRecord(part) && Array.isArray(part.fields))
      names.push(...part.fields.filter((name) => typeof name === "string"));
  }
  if ("bin" in transform || "timeUnit" in transform) names.push(...names.map((name) => `${name}_end`));
  return names;
}

function eachField(value: unknown, path: string, look: (field: string, path: string) => void): void {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) eachField(item, `${path}[${index}]`, look);
  else if (isRecord(value))
    for (const [name, child] of Object.entries(value)) {
      const here = `${path}.${name}`;
      if (name === "field" && typeof child === "string") look(child, here);
      else if ((name === "groupby" || name === "fold") && Array.isArray(child))
        for (const field of child) if (typeof field === "string") look(field, here);
      if (name !== "from") eachField(child, here, look);
    }
}

function checkField(
  field: string,
  path: string,
  known: (name: string) => boolean,
  names: readonly string[],
): void {
  if (field === "*") return;
  if (/[.[\]]/.test(field) && !field.includes("\\") && names.includes(field))
    throw chartError(
      `${path} is "${displayText(field)}", which Vega-Lite reads as a path; write its points and brackets with "\\\\" before them, or rename the column`,
    );
  const first = (/^(?:\\.|[^.[\\])+/.exec(field)?.[0] ?? field).replace(/\\(.)/g, "$1");
  if (!known(first))
    throw chartError(
      `${path} is "${displayText(field)}", which is no field of the data${suggest(
        first,
        names.map((name) => displayText(name, 60)),
      )}`,
    );
}

/**
 * A title as Vega-Lite can take it: in one line, without backslashes. It writes titles into expressions and escapes
 * only their quotation marks, so that a backslash in a title from data would end the text and begin a program.
 */
export function titleText(title: string): string {
  return displayText(title, TITLE_LIMIT).replaceAll("\\", "⧵");
}

/** Gives a channel the type of its data where it has none, and reads times in UTC, the same on every machine. */
function completeChannel(
  channel: Json,
  path: string,
  kinds: ReadonlyMap<string, ColumnKind>,
  made: ReadonlySet<string>,
): void {
  const field = channel.field;
  if (typeof field === "string" && /[\\\n]/.test(field) && channel.title === undefined)
    channel.title = titleText(field.replace(/\\([.[\]])/g, "$1"));
  const kind =
    typeof field === "string" && !made.has(field) ? kinds.get(field.replace(/\\(.)/g, "$1")) : undefined;
  const plain =
    channel.aggregate === undefined && channel.bin === undefined && channel.timeUnit === undefined;
  const secondary = /(?:2|Error|Error2|Offset|href|url|order|detail|key|tooltip|text)$/.test(path);
  if (channel.type === undefined && plain && kind !== undefined && kind !== "empty" && !secondary)
    channel.type = kind === "number" ? "quantitative" : kind === "date" ? "temporal" : "nominal";
  if (channel.type === "quantitative" && kind === "text" && !COUNTING.includes(String(channel.aggregate)))
    throw chartError(
      `${path}.type is "quantitative", and its field "${displayText(String(field))}" holds text; "nominal" or "ordinal" is meant, or numbers in the data`,
    );
  if (typeof channel.timeUnit === "string" && !/^(?:utc|binnedutc)/.test(channel.timeUnit))
    channel.timeUnit = channel.timeUnit.startsWith("binned")
      ? `binnedutc${channel.timeUnit.slice("binned".length)}`
      : `utc${channel.timeUnit}`;
  else if (
    channel.type === "temporal" &&
    !secondary &&
    channel.timeUnit === undefined &&
    channel.scale !== null
  ) {
    const scale = isRecord(channel.scale) ? channel.scale : {};
    channel.scale = { type: "utc", ...scale };
  }
}
