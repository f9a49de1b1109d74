/** Values as people read them: thousands separated, shares in percent, the unit behind. */
import type { ClaimValue } from "./record.js";

/**
 * A value with its unit.
 * @example formatValue(100000000, "images") // "100,000,000 images"
 * @example formatValue(0.877, "share") // "87.7 %"
 */
export function formatValue(value: ClaimValue, unit?: string): string {
  if (value === null) return "not given";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  if (typeof value === "number")
    return unit === "share" ? `${formatNumber(value * 100)} %` : withUnit(formatNumber(value), unit);
  if (value.length === 2 && value.every((part) => typeof part === "number") && unit !== undefined)
    return withUnit(`${formatNumber(value[0] as number)} to ${formatNumber(value[1] as number)}`, unit);
  return withUnit(value.map((part) => formatValue(part)).join(", "), unit);
}

/**
 * A measured value with its unit: six significant digits, integers in full.
 * @example formatMeasured(0.11226605, "share") // "11.2266 %"
 */
export function formatMeasured(value: ClaimValue, unit?: string): string {
  const round = (part: number): number => (Number.isInteger(part) ? part : Number(part.toPrecision(6)));
  if (typeof value === "number") return formatValue(round(value), unit);
  if (value === null || typeof value === "string" || typeof value === "boolean")
    return formatValue(value, unit);
  return formatValue(
    value.map((part) => (typeof part === "number" ? round(part) : part)),
    unit,
  );
}

/** A number in at most ten significant digits, with thousands separated from 1,000 on. */
export function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(10));
  if (rounded !== 0 && Math.abs(rounded) < 1e-6) return String(rounded);
  const [whole = "", decimals] = String(rounded).split(".");
  if (!/^-?\d+$/.test(whole)) return String(rounded);
  const grouped = Math.abs(rounded) < 1000 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

function withUnit(text: string, unit: string | undefined): string {
  if (unit === undefined || unit === "cosine" || unit === "ratio" || unit === "correlation") return text;
  return `${text} ${text === "1" ? (singular[unit] ?? unit) : unit}`;
}

const singular: Readonly<Record<string, string>> = {
  sentences: "sentence",
  words: "word",
  captions: "caption",
  epochs: "epoch",
  images: "image",
  systems: "system",
};
