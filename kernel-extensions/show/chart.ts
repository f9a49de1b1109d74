/**
 * A Vega-Lite spec as a chart: live in JupyterLab, as a static picture on GitHub and in pages, and as a sentence.
 *
 * Known difference from Vega-Lite: a channel without a type gets that of its data (numbers quantitative, dates
 * temporal), times are read and shown in UTC, and a spec that Vega-Lite would mend with a warning is an error.
 */
import { chartError, checkSpec } from "./chart-check.js";
import { type ChartRows, type ColumnKind, chartRows } from "./chart-data.js";
import { checkFields, titleText, visit } from "./chart-fields.js";
import { drawSvg, rasterise } from "./chart-picture.js";
import type { ChartSpec } from "./chart-spec.js";
import { describeChart } from "./chart-text.js";
import { FIXED_COLOURS, THEME } from "./chart-theme.js";
import { jupyterDisplay } from "./displayable.js";
import { truncate, visibleText } from "./escape.js";
import type { MimeBundle } from "./host.js";
import { isArrowTable, isRecord, type RowSource } from "./rows.js";

/** JupyterLab 4 renders Vega-Lite up to this version; version 6 compiles the same specs. */
const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";
const VEGA_LITE = "application/vnd.vegalite.v5+json";
/** A larger drawing is shown as a PNG: about 2,000 marks. */
const SVG_LIMIT_BYTES = 200_000;
/** The longest string of a spec, expressions included. */
const STRING_LIMIT = 4000;

type Json = Record<string, unknown>;

/** A chart that is displayed when it is the last value of a cell. */
export class Chart {
  /** The complete Vega-Lite spec, data and theme included. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** What the chart shows, in words. */
  readonly text: string;
  /** What Vega noted while drawing, for example a scale without data. */
  readonly warnings: readonly string[];
  readonly #bundle: MimeBundle;

  /** Use `chart`. */
  constructor(
    spec: Readonly<Record<string, unknown>>,
    text: string,
    warnings: readonly string[],
    bundle: MimeBundle,
  ) {
    this.spec = spec;
    this.text = text;
    this.warnings = warnings;
    this.#bundle = bundle;
  }

  [jupyterDisplay](): MimeBundle {
    return this.#bundle;
  }
}

/**
 * Draws a chart from a Vega-Lite spec (version 5 or 6) whose `data` are records or an Arrow table.
 *
 * The values "real" and "generated" of a colour field have the same colours in every chart.
 * @param spec the spec; `data` is an array of records, an Arrow table, or `{ values }` with either
 * @returns a chart that displays itself, checked and drawn
 * @throws {TypeError} for a wrong spec, naming the mark, channel, property or field that is wrong
 * @example
 * await chart({
 *   title: "More images, smaller distance",
 *   data: [{ n: 100, fd: 40.5 }, { n: 1000, fd: 4.1 }],
 *   mark: "point",
 *   encoding: { x: { field: "n", title: "images" }, y: { field: "fd", title: "distance (FD)" } },
 * });
 */
export async function chart(spec: ChartSpec): Promise<Chart> {
  if (!isRecord(spec))
    throw chartError(`a Vega-Lite spec is needed, got ${spec === null ? "null" : typeof spec}`);
  checkVersion(spec.$schema);
  const { plain, data } = takeData(spec);
  checkSpec(plain);
  const kinds = new Map<string, ColumnKind>(data.flatMap((rows) => [...rows.kinds]));
  const open = data.length === 0;
  checkFields(plain, kinds, open);
  fixColours(plain, data);
  const rowCount = data.reduce((sum, rows) => sum + rows.values.length, 0);
  const nonFinite = data.reduce((sum, rows) => sum + rows.nonFinite, 0);
  const text = describeChart(plain, rowCount, nonFinite);
  const config = mergeConfig(THEME, isRecord(plain.config) ? plain.config : {});
  const full: Json = { description: text.replace("\n", ". "), ...plain, $schema: SCHEMA, config };
  const { svg, warnings } = await drawSvg(full);
  const picture =
    Buffer.byteLength(svg) <= SVG_LIMIT_BYTES
      ? { "image/svg+xml": svg }
      : { "image/png": Buffer.from(await rasterise(svg)).toString("base64") };
  const bundle = { [VEGA_LITE]: full, ...picture, "text/plain": text };
  return new Chart(full, text, warnings, bundle);
}

function checkVersion(schema: unknown): void {
  if (schema !== undefined && !/\/vega-lite\/v[56](?:\.\d+)*\.json$/.test(String(schema)))
    throw chartError(
      `spec.$schema must be Vega-Lite's of version 5 or 6, got "${String(schema).slice(0, 100)}"`,
    );
}

/** The spec as plain JSON of its own, each part's data in Vega-Lite's form, and the data beside it. */
function takeData(spec: object): { plain: Json; data: ChartRows[] } {
  const data: ChartRows[] = [];
  const sources: [node: Json, source: unknown][] = [];
  const plain = copyWithoutData(spec) as Json;
  const wanted = JSON.stringify(plain);
  // Columns that the spec never names only make the notebook heavy, unless the tooltip shows all.
  const isUsed = (column: string): boolean =>
    wanted.includes(
      JSON.stringify(column)
        .slice(1, -1)
        .replace(/[.[\]]/g, "\\\\$&"),
    ) ||
    wanted.includes(JSON.stringify(column).slice(1, -1)) ||
    wanted.includes('"content":"data"');
  collectData(spec as Json, plain, sources);
  for (const [node, source] of sources) {
    const given = Array.isArray(source) || isArrowTable(source) ? { values: source } : source;
    if (!isRecord(given) || "url" in given)
      throw chartError(
        `spec.data must be an array of records, an Arrow table or { values }, got ${isRecord(given) ? "a url: read it in the cell" : typeof given}`,
      );
    if (!("values" in given)) node.data = copyWithoutData(given);
    else {
      const values = Array.isArray(given.values)
        ? given.values.map((value: unknown) =>
            typeof value === "object" && value !== null ? value : { data: value },
          )
        : given.values;
      const rows = chartRows(values as RowSource, isUsed);
      data.push(rows);
      node.data = { ...given, values: rows.values };
    }
  }
  if (sources.length === 0) throw chartError("spec.data is needed: an array of records or an Arrow table");
  return { plain, data };
}

function collectData(from: Json, to: Json, found: [Json, unknown][]): void {
  if (from.data !== undefined && from.data !== null) found.push([to, from.data]);
  for (const [name, child] of Object.entries(from)) {
    if (name === "data" || typeof child !== "object" || child === null || isArrowTable(child)) continue;
    collectData(child as Json, to[name] as Json, found);
  }
}

function copyWithoutData(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => copyWithoutData(item, key));
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string")
    return ["title", "subtitle"].includes(key)
      ? titleText(value)
      : truncate(visibleText(value), STRING_LIMIT);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, child]) => child !== undefined && (name !== "data" || child === null))
      .map(([name, child]) => [name, copyWithoutData(child, name)]),
  );
}

/** Gives colour fields that tell real from generated the colours that these have everywhere. */
function fixColours(spec: Json, data: readonly ChartRows[]): void {
  visit(spec, "spec", (node) => {
    const encoding = isRecord(node.encoding) ? (node.encoding as Record<string, unknown>) : {};
    for (const channel of ["color", "fill", "stroke"]) {
      const definition = encoding[channel];
      if (!isRecord(definition) || typeof definition.field !== "string" || definition.scale !== undefined)
        continue;
      const field = definition.field;
      const values = [...new Set(data.flatMap((rows) => rows.values.map((row) => row[field])))].filter(
        (value) => typeof value === "string",
      );
      if (!values.some((value) => value in FIXED_COLOURS)) continue;
      const others = (THEME.range as { category: readonly string[] }).category.filter(
        (colour) => !Object.values(FIXED_COLOURS).includes(colour),
      );
      const domain = values.sort((a, b) => rank(a) - rank(b));
      let next = 0;
      const range = domain.map((value) => FIXED_COLOURS[value] ?? others[next++ % others.length]);
      (definition as Json).scale = { domain, range };
    }
  });
}

/** Real before generated before the rest, which stays as the data has it. */
function rank(value: string): number {
  const at = Object.keys(FIXED_COLOURS).indexOf(value);
  return at < 0 ? Number.MAX_SAFE_INTEGER : at;
}

function mergeConfig(theme: Readonly<Json>, own: Readonly<Json>): Json {
  const merged: Json = { ...theme };
  for (const [name, value] of Object.entries(own)) {
    const base = merged[name];
    merged[name] = isRecord(base) && isRecord(value) ? mergeConfig(base, value) : value;
  }
  return merged;
}
