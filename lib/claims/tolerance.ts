/** Whether a measured value lies within a claim's tolerance. */
import type { ClaimValue, Tolerance } from "./record.js";

/** Room for the rounding of float64 sums, relative to the claimed value. */
const FLOAT_ROOM = 1e-12;

/**
 * Whether `measured` agrees with `claimed`; lists agree where each member does. Types and lengths are the caller's care.
 * @example isWithin(2.37, 2.35, { kind: "relative", amount: 0.02, reason: "precision" }) // true
 */
export function isWithin(claimed: ClaimValue, measured: ClaimValue, tolerance: Tolerance): boolean {
  if (Array.isArray(claimed) && Array.isArray(measured))
    return (
      claimed.length === measured.length && claimed.every((part, i) => isWithin(part, measured[i], tolerance))
    );
  if (typeof claimed === "number" && typeof measured === "number")
    return Math.abs(measured - claimed) <= allowance(claimed, tolerance) + FLOAT_ROOM * Math.abs(claimed);
  return claimed === measured;
}

function allowance(claimed: number, tolerance: Tolerance): number {
  switch (tolerance.kind) {
    case "exact":
      return 0;
    case "absolute":
      return tolerance.amount;
    case "relative":
      return tolerance.amount * Math.abs(claimed);
    case "rounding":
      return 0.5 * 10 ** -tolerance.digits;
  }
}
