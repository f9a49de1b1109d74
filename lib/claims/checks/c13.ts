/** C13: the mean part of the distance follows Tr(S) (1/n + 1/N); what exceeds it is a shift of the data (Table B.2). */
import { oracleDistance } from "./c11.js";
import { type CheckResults, value } from "./value.js";

/** What the law expects of Val and of the train tiers, and by how much train exceeds it. */
export function c13(): CheckResults {
  const reference = 1 / value("protocol/reference-images");
  const inside = 1 / value("protocol/generated-images") - reference;
  const trace = value("tableB2/test-50k/dinov2_fd_mu") / inside;
  const inceptionSlope = oracleDistance("test-50k", "inception") / inside;
  const tiers = (["nano", "lite", "full"] as const).map((tier) => {
    const spread = 1 / value(`corpus/tiers/${tier}/images`) + reference;
    const printed = value(`tableB2/${tier}/dinov2_fd_mu`);
    return {
      expected: trace * spread,
      printed,
      meanShift: printed - trace * spread,
      inceptionShift: oracleDistance(tier, "inception") - inceptionSlope * spread,
    };
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  return {
    trace,
    "val-expected": trace * (1 / value("corpus/val-images") + reference),
    "train-expected-least": Math.min(...tiers.map(({ expected }) => expected)),
    "train-expected-most": Math.max(...tiers.map(({ expected }) => expected)),
    "train-least": Math.min(...tiers.map(({ printed }) => printed)),
    "train-most": Math.max(...tiers.map(({ printed }) => printed)),
    "mean-shift": mean(tiers.map(({ meanShift }) => meanShift)),
    "inception-shift": mean(tiers.map(({ inceptionShift }) => inceptionShift)),
  };
}
