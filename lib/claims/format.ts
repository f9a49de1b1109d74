/** Claimed and measured values as people read them. */
import type { ClaimValue, Tolerance } from "./record.js";

/**
 * A value with its unit; shares as per cent, large numbers with separators.
 * @example formatValue(0.45, "share") // "45 %"
 */
export function formatValue(value: ClaimValue, unit?: string): string {
  if (value === null) return "no value given";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number")
    return unit === "share"
      ? `${formatNumber(value * 100)} %`
      : `${formatNumber(value)}${unit ? ` ${unit}` : ""}`;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item) => formatValue(item as ClaimValue)).join(", ");
  return Object.entries(value)
    .map(([name, item]) => `${name} ${formatValue(item as ClaimValue)}`)
    .join(", ");
}

/** A tolerance with its reason. */
export function formatTolerance(tolerance: Tolerance, unit?: string): string {
  const width =
    tolerance.relative === undefined
      ? `± ${formatValue(tolerance.absolute, unit)}`
      : `± ${formatNumber(tolerance.relative * 100)} %`;
  return tolerance.absolute === 0 ? `exact (${tolerance.why})` : `${width} (${tolerance.why})`;
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 1e12)
    return `${(value / 1e12).toLocaleString("en-US", { maximumSignificantDigits: 6 })} trillion`;
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}
