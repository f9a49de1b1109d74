/** C13: the mean part of the distance follows Tr(S) (1/n + 1/N); what exceeds it is a shift of the data (Table B.2). */
import { type LadderStep, ladderLaw, type OracleEncoder, oracleLadder } from "../../benchmark/index.js";
import { type CheckResults, value } from "./value.js";

/** What the law expects of Val and of the train tiers, and by how much train exceeds it. */
export function c13(): CheckResults {
  const { b: trace, rungs, steps } = lawOf("dinov2", "fd_mu");
  const training = steps.filter((_, i) => rungs[i]!.isTraining);
  const printed = rungs.filter(({ isTraining }) => isTraining).map(({ fd_mu }) => fd_mu.value);
  const inception = lawOf("inception", "fd");
  const shift = (all: readonly LadderStep[]): number =>
    all.reduce((sum, { excess }) => sum + excess, 0) / all.length;
  return {
    trace: trace.value,
    "val-expected": steps[rungs.findIndex(({ row }) => row === "val")]!.predicted,
    "train-expected-least": Math.min(...training.map(({ predicted }) => predicted)),
    "train-expected-most": Math.max(...training.map(({ predicted }) => predicted)),
    "train-least": Math.min(...printed),
    "train-most": Math.max(...printed),
    "mean-shift": shift(training),
    "inception-shift": shift(inception.steps.filter((_, i) => inception.rungs[i]!.isTraining)),
  };
}

/** The law from Test-50K alone, for the distance or for its mean part. */
function lawOf(encoder: OracleEncoder, part: "fd" | "fd_mu") {
  const rungs = oracleLadder(value, encoder);
  const law = ladderLaw(
    rungs.map((rung) => ({ ...rung, fd: rung[part], givesBias: rung.row === "test-50k" })),
  );
  return { rungs, ...law };
}
