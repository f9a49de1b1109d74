/**
 * What makes a score comparable with the paper's table, checked point by point beside every number.
 *
 * Section 3 of the paper: 50,000 images for the published captions, 256 x 256, DINOv2 ViT-L/14 without registers, the
 * statistics of the 1M test images, and what a submission must disclose (use of DINOv2 in training, networks trained on
 * other data, captions rewritten, other text models). What files say is looked up in them; what only a person can say
 * is taken from their statements, as their word. A point that nothing speaks of, or that nothing can be held against, is
 * "not known".
 */
import { captionPoint } from "./disclosure-captions.js";
import { encoderPoint, precisionPoint, protocolPoint } from "./disclosure-encoder.js";
import { referencePoint, type SampleSize, samplesPoint, sizePoint } from "./disclosure-images.js";
import { type DisclosureStatements, statementPoints } from "./disclosure-statements.js";
import type { DisclosurePoint, DisclosureStatus } from "./disclosure-types.js";
import type { ReferenceExplanation } from "./reference-explain.js";
import type { ScoreSides } from "./score-checks.js";

/** What is known beside the features themselves. */
export interface DisclosureFacts {
  /** Sizes of the sample images, where images were scored. */
  readonly sizes?: readonly SampleSize[] | undefined;
  /** Images that no features could be made of. */
  readonly failed?: number | undefined;
  /** From how many images the reference's moments are, by the law. */
  readonly reference?: ReferenceExplanation | undefined;
  readonly statements?: DisclosureStatements | undefined;
}

/**
 * Checks every point.
 * @returns the points in the order of the benchmark's rules, statements last
 * @example disclose(sides).filter(({ status }) => status !== "met").map(({ point }) => point)
 */
export function disclose(sides: ScoreSides, facts: DisclosureFacts = {}): DisclosurePoint[] {
  const { real, generated } = sides;
  return [
    samplesPoint(generated, facts.failed ?? 0),
    captionPoint(sides),
    sizePoint(facts.sizes, generated, facts.failed ?? 0),
    protocolPoint(generated),
    encoderPoint(sides),
    precisionPoint(sides),
    referencePoint(real, facts.reference, facts.statements?.reference),
    ...statementPoints(facts.statements),
  ];
}

/** Whether every point is met, or disclosed where that is all the paper asks for. */
export function isComparable(points: readonly DisclosurePoint[]): boolean {
  return points.every(({ status }) => status === "met" || status === "disclosed");
}

/**
 * The points in one sentence, for beside the number.
 * @example disclosureText(points) // "Comparable with the paper's table: 10 points are met, 1 is disclosed."
 */
export function disclosureText(points: readonly DisclosurePoint[]): string {
  const of = (status: DisclosureStatus) => points.filter((each) => each.status === status);
  const [broken, open] = [of("not met"), of("not known")];
  if (isComparable(points)) {
    const disclosed = of("disclosed").length;
    return `Comparable with the paper's table: ${disclosed === 0 ? `all ${points.length} points are met` : `${of("met").length} points are met, ${disclosed} ${disclosed === 1 ? "is" : "are"} disclosed`}.`;
  }
  const listed = (some: readonly DisclosurePoint[]) =>
    some.map(({ point }) => point.replaceAll("_", " ")).join(", ");
  const parts = [
    broken.length > 0 ? `not met: ${listed(broken)}` : "",
    open.length > 0 ? `not known: ${listed(open)}` : "",
  ].filter((part) => part !== "");
  return broken.length > 0
    ? `Not comparable with the paper's table (${parts.join("; ")}).`
    : `Not known to be comparable with the paper's table (${parts.join("; ")}).`;
}
