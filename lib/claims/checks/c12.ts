/** C12: the oracle rows as a law of sample size, FD = b (1/n + 1/N) + shift, minus where n is drawn from N. */
import { oracleDistance } from "./c11.js";
import { type CheckResults, value } from "./value.js";

/** The slope b from Test-50K, and what it says of the other rows. */
export function c12(): CheckResults {
  const reference = 1 / value("protocol/reference-images");
  const generated = 1 / value("protocol/generated-images");
  const val = 1 / value("corpus/val-images");
  const test50k = oracleDistance("test-50k", "dinov2");
  const b = test50k / (generated - reference);
  const shift = (tier: "nano" | "lite" | "full"): number =>
    oracleDistance(tier, "dinov2") - b * (1 / value(`corpus/tiers/${tier}/images`) + reference);
  return {
    b,
    "val-predicted": b * (val + reference),
    "val-if-independent": (test50k / (generated + reference)) * (val + reference),
    "independent-50k": b * (generated + reference),
    "shift-nano": shift("nano"),
    "shift-lite": shift("lite"),
    "shift-full": shift("full"),
  };
}
