/** C12: the oracle rows as a law of sample size, FD = b (1/n + 1/N) + shift, minus where n is drawn from N. */
import { ladderLaw, type OracleRow, oracleLadder } from "../../benchmark/index.js";
import { expectedScore } from "../../metrics/index.js";
import { type CheckResults, value } from "./value.js";

/** The slope b from Test-50K, and what it says of the other rows. */
export function c12(): CheckResults {
  const rungs = oracleLadder(value, "dinov2").map((rung) => ({
    ...rung,
    givesBias: rung.row === "test-50k",
  }));
  const { b, steps } = ladderLaw(rungs);
  const ifIndependent = ladderLaw(rungs.map((rung) => ({ ...rung, isSubset: false }))).steps;
  const at = (row: OracleRow): number => rungs.findIndex((rung) => rung.row === row);
  return {
    b: b.value,
    "val-predicted": steps[at("val")]!.predicted,
    "val-if-independent": ifIndependent[at("val")]!.predicted,
    "independent-50k": expectedScore({
      bias: b.value,
      generatedCount: value("protocol/generated-images"),
      referenceCount: value("protocol/reference-images"),
    }),
    "shift-nano": steps[at("nano")]!.excess,
    "shift-lite": steps[at("lite")]!.excess,
    "shift-full": steps[at("full")]!.excess,
  };
}
