/** Numbers, sizes and other single values as people read them: the same on every machine, whatever its language. */
import { inspect } from "node:util";
import { oneLine } from "./escape.js";

/** Digits that a value shows where nothing else is said. */
const SIGNIFICANT_DIGITS = 4;
/** More decimals than these are written with an exponent. */
const MOST_DECIMALS = 6;
/** What stands where there is no value. */
export const NO_VALUE = "–";

/** How the values of a column or fact are written: by name, as a number of decimals, or by a function. */
export type ValueFormat = "plain" | "percent" | "bytes" | number | ((value: unknown) => string);

/**
 * An integer with thousands separators.
 * @example formatCount(1234567) // "1,234,567"
 */
export function formatCount(count: number | bigint): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/**
 * A number with four significant digits, thousands separators, and an exponent where it is very small or very large.
 * @example formatNumber(0.0123456) // "0.01235"
 */
export function formatNumber(value: number | bigint): string {
  if (typeof value === "bigint") return formatCount(value);
  return numberFormatter([value])(value);
}

/**
 * How the numbers of one column are written so that their points stand under each other: as many decimals as the
 * largest needs for four significant digits and the smallest for two, and never more than the values have.
 * @example [0.5, 12.25].map(numberFormatter([0.5, 12.25])) // ["0.50", "12.25"]
 */
export function numberFormatter(values: readonly number[]): (value: number) => string {
  const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const smallest = sizes.reduce((least, size) => Math.min(least, size), Number.POSITIVE_INFINITY);
  const wanted = Math.max(
    decimalsFor(largest, SIGNIFICANT_DIGITS),
    sizes.length > 0 ? decimalsFor(smallest, 2) : 0,
  );
  const held = sizes.reduce((most, size) => Math.max(most, decimalsOf(size)), 0);
  const decimals = Math.min(wanted, held, MOST_DECIMALS);
  return (value) => formatFixed(value, decimals);
}

/**
 * Any value in one line of text: numbers as above, dates in ISO 8601, bytes by their count, objects by their fields.
 * @throws {RangeError} for a number of decimals below 0 or above 20
 */
export function formatValue(value: unknown, format?: ValueFormat): string {
  if (typeof format === "function") return oneLine(String(format(value)));
  if (value === null || value === undefined) return NO_VALUE;
  if (typeof value === "number" || typeof value === "bigint") return formatAs(value, format);
  if (typeof value === "string") return oneLine(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : isoDate(value);
  if (value instanceof Uint8Array) return `${formatCount(value.length)} bytes`;
  if (value instanceof Error) return oneLine(`${value.name}: ${value.message}`);
  return oneLine(
    inspect(value, {
      depth: 1,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 8,
      maxStringLength: 80,
    }),
  );
}

/**
 * A size with a unit of a thousand.
 * @example formatBytes(1536000) // "1.5 MB"
 */
export function formatBytes(sizeBytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let power = 0;
  let size = sizeBytes;
  while (Math.abs(size) >= 999.5 && power < units.length - 1) {
    size /= 1000;
    power++;
  }
  const decimals = power === 0 || Math.abs(size) >= 99.5 ? 0 : 1;
  return `${size.toFixed(decimals).replace(/\.0$/, "")} ${units[power]}`;
}

function formatAs(
  value: number | bigint,
  format: Exclude<ValueFormat, (value: unknown) => string> | undefined,
): string {
  if (format === undefined) return formatNumber(value);
  if (format === "plain") return String(value);
  if (format === "bytes") return formatBytes(Number(value));
  if (format === "percent")
    return Number.isFinite(Number(value)) ? `${(100 * Number(value)).toFixed(1)} %` : String(value);
  if (!Number.isInteger(format) || format < 0 || format > 20)
    throw new RangeError(`Cannot format a value: decimals from 0 to 20 are needed, got ${format}`);
  return formatFixed(Number(value), format);
}

function formatFixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  const lost = size > 0 && size < 0.5 * 10 ** -decimals;
  if (lost || size >= 1e15) return value.toExponential(SIGNIFICANT_DIGITS - 2);
  const text = value.toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return text === "-0" ? "0" : text;
}

function decimalsFor(size: number, digits: number): number {
  return size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
}

function decimalsOf(size: number): number {
  if (Number.isInteger(size)) return 0;
  const [mantissa = "", exponent = "0"] = String(size).split("e");
  return Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent));
}

function isoDate(date: Date): string {
  return date.toISOString().replace("T00:00:00.000Z", "");
}
