/**
 * Which values Kendall's W can have near the one that Appendix B.3 prints, and which of them print the same.
 *
 * Untied rankings by an even number of raters have whole, centred rank sums, so that S is even and W = 12 S /
 * (m^2 (n^3 - n)) has gaps. Five-item designs are counted out whole (`concordanceLaw`); of six items there are too
 * many rankings, so each value near the printed one is proved by rankings that have it (`rankingsWithS`).
 */
import { concordanceLaw, concordanceOf, kendallW, rankingsWithS } from "../core/index.js";
import { claim } from "./load.js";

/** A value that W can have in a design. */
export interface PrintedValue {
  readonly w: number;
  /** The sum of squared deviations of the rank sums. */
  readonly s: number;
  /** Whether it is the paper's value when rounded to the digits of the paper. */
  readonly prints: boolean;
}

/** The possible values near the printed one, by design. */
export interface PrintedConcordance {
  /** As the paper says it: eight encoders, five models, no ties. */
  readonly untied: readonly PrintedValue[];
  /** One pair of models tied in one of the eight rankings; W without the correction for ties. */
  readonly tied: readonly PrintedValue[];
  /** The same with the correction. */
  readonly correctedTied: readonly PrintedValue[];
  /** Eight encoders that rank the five models and the validation images. */
  readonly oneItemMore: readonly PrintedValue[];
  /** Nine encoders of five models. */
  readonly oneEncoderMore: readonly PrintedValue[];
}

/** How far around the printed value designs are shown. */
const REACH = 0.02;
const DIGITS = 3;

let known: PrintedConcordance | undefined;

/**
 * The possible values of W within 0.02 of the printed one, for the design that the paper names and four others.
 * @returns each design's by rising W
 * @example printedConcordance().untied.some(({ prints }) => prints) // false
 */
export function printedConcordance(): PrintedConcordance {
  if (known !== undefined) return known;
  const raters = claim("backbones/configurations").number;
  const items = claim("backbones/models").number;
  const strict = Array.from({ length: items }, (_, i) => i + 1);
  const others = Array.from({ length: raters - 1 }, () => strict);
  // a pair in the upper half has the sums of its mirror image in the lower one
  const upper = strict.slice(1, 1 + Math.ceil((items - 1) / 2));
  const tied = upper.flatMap((high) =>
    concordanceLaw([...others, strict.map((rank) => (rank === high ? high - 1 : rank))]),
  );
  known = {
    untied: near(concordanceLaw([...others, strict])),
    tied: near(tied.map(({ s, wUncorrected }) => ({ s, w: wUncorrected }))),
    correctedTied: near(tied),
    oneItemMore: near(shownByExample(raters, items + 1)),
    oneEncoderMore: near(shownByExample(raters + 1, items)),
  };
  return known;
}

function near(values: readonly { readonly s: number; readonly w: number }[]): PrintedValue[] {
  const printed = claim("backbones/kendall-w").number;
  const within = values.filter(({ w }) => Math.abs(w - printed) <= REACH);
  return [
    ...new Map(
      within.map(({ s, w }) => [s, { w, s, prints: Number(w.toFixed(DIGITS)) === printed }]),
    ).values(),
  ].sort((a, b) => a.w - b.w);
}

/** Untied designs whose mean rank sum is whole: every even S near the printed value, where rankings have it. */
function shownByExample(raters: number, items: number): { s: number; w: number }[] {
  const printed = claim("backbones/kendall-w").number;
  const most = 1 / concordanceOf({ raters, items, s: 1, ties: 0 });
  const found: { s: number; w: number }[] = [];
  for (let s = 2 * Math.ceil(((printed - REACH) * most) / 2); s <= (printed + REACH) * most; s += 2) {
    const rankings = rankingsWithS({ raters, items, s }, { seed: s });
    if (rankings !== undefined) found.push({ s, w: kendallW(rankings).w });
  }
  return found;
}
