/**
 * A chart's spec against Vega-Lite's own JSON schema, with errors that name the field.
 *
 * A validator's errors for this schema (hundreds of alternatives in each other) cannot be read. This check follows the
 * spec downwards and keeps, at each place, the alternatives that can still be meant; it reports the first place where
 * none is left. It never refuses what the schema allows.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { suggest } from "./did-you-mean.js";
import { displayText } from "./display-text.js";

/** The part of JSON Schema that Vega-Lite's schema uses. */
interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
}

type Definitions = Readonly<Record<string, Schema>>;

let definitions: Definitions | undefined;

/**
 * Checks a spec of plain JSON.
 * @throws {TypeError} that names the first property, mark, channel or value that Vega-Lite does not know
 * @example checkSpec({ mark: "bars", data: { values: [] } })
 * // TypeError: Cannot draw a chart: spec.mark is "bars"; did you mean "bar"?
 */
export function checkSpec(spec: unknown): void {
  definitions ??= loadDefinitions();
  check(spec, { $ref: "#/definitions/TopLevelSpec" }, "spec", definitions);
}

function loadDefinitions(): Definitions {
  const file = createRequire(import.meta.url).resolve("vega-lite/vega-lite-schema.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { definitions: Definitions }).definitions;
}

function check(value: unknown, schema: Schema, path: string, known: Definitions): void {
  const all = alternatives(schema, known);
  const fitting = all.filter((alternative) => acceptsType(alternative, value));
  if (fitting.length === 0) throw chartError(`${path} must be ${typesOf(all)}, got ${describe(value)}`);
  if (fitting.some(acceptsAnything)) return;
  if (Array.isArray(value)) {
    const items = fitting.map((alternative) => alternative.items ?? {});
    value.forEach((item, index) => {
      check(item, { anyOf: items }, `${path}[${index}]`, known);
    });
  } else if (typeof value === "object" && value !== null) checkObject(value, fitting, path, known);
  else checkValue(value, fitting, path);
}

function checkValue(value: unknown, fitting: readonly Schema[], path: string): void {
  if (fitting.some((alternative) => alternative.enum === undefined && alternative.const === undefined))
    return;
  const allowed = fitting.flatMap((alternative) => alternative.enum ?? [alternative.const]);
  if (allowed.includes(value)) return;
  const names = allowed.filter((name) => typeof name === "string");
  throw chartError(`${path} is ${describe(value)}${suggest(String(value), names)}`);
}

function checkObject(value: object, fitting: readonly Schema[], path: string, known: Definitions): void {
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  const misfits = (alternative: Schema): string[] =>
    alternative.additionalProperties === false
      ? entries.map(([name]) => name).filter((name) => alternative.properties?.[name] === undefined)
      : [];
  const fewest = Math.min(...fitting.map((alternative) => misfits(alternative).length));
  const nearest = fitting.filter((alternative) => misfits(alternative).length === fewest);
  if (fewest > 0) throw unknownProperty(misfits(nearest[0] ?? {}), fitting, path);
  const missing = (alternative: Schema): string[] =>
    (alternative.required ?? []).filter((name) => !entries.some(([present]) => present === name));
  const whole = nearest.filter((alternative) => missing(alternative).length === 0);
  if (whole.length === 0) {
    const lacks = [...new Set(nearest.flatMap(missing))].map((name) => `"${name}"`);
    throw chartError(`${path} needs ${lacks.slice(0, 8).join(" or ")}, which it lacks`);
  }
  for (const [name, child] of entries) {
    const schemas = whole.map(
      ({ properties, additionalProperties: others }) =>
        properties?.[name] ?? (typeof others === "object" ? others : {}),
    );
    check(child, { anyOf: schemas }, `${path}.${name}`, known);
  }
}

function unknownProperty(misfits: readonly string[], fitting: readonly Schema[], path: string): TypeError {
  const names = [...new Set(fitting.flatMap((alternative) => Object.keys(alternative.properties ?? {})))];
  const stranger = misfits.find((name) => !names.includes(name));
  if (stranger === undefined)
    return chartError(`${path}.${misfits[0]} does not go together with the other properties of ${path}`);
  const what = path.endsWith(".encoding") ? "an encoding channel" : `a property of ${path}`;
  return chartError(`"${displayText(stranger, 80)}" is not ${what}${suggest(stranger, names)}`);
}

/** The alternatives of a schema, references and nested choices resolved. */
function alternatives(schema: Schema, known: Definitions): Schema[] {
  if (schema.$ref !== undefined) {
    const name = decodeURIComponent(schema.$ref.slice("#/definitions/".length));
    return alternatives(known[name] ?? {}, known);
  }
  return schema.anyOf?.flatMap((choice) => alternatives(choice, known)) ?? [schema];
}

function acceptsAnything(schema: Schema): boolean {
  return schema.type === undefined && schema.enum === undefined && schema.const === undefined;
}

function acceptsType(schema: Schema, value: unknown): boolean {
  if (acceptsAnything(schema)) return true;
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const types =
    schema.type === undefined ? (schema.enum ?? [schema.const]).map(jsonType) : [schema.type].flat();
  return types.includes(type) || (type === "number" && types.includes("integer") && Number.isInteger(value));
}

function jsonType(value: unknown): string {
  return value === null ? "null" : typeof value;
}

function typesOf(schemas: readonly Schema[]): string {
  return [...new Set(schemas.flatMap((schema) => schema.type ?? []))].join(" or ");
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "string") return `"${displayText(value, 80)}"`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/** The error of a chart that cannot be drawn. */
export function chartError(what: string): TypeError {
  return new TypeError(`Cannot draw a chart: ${what}`);
}
