/** C16: whether the printed Kendall's W is possible for five untied models under eight encoders (Appendix B.3). */
import { type CheckResults, value } from "./value.js";

/** W = 12 S / (m^2 (n^3 - n)); this is the largest S. */
function largestS(raters: number, items: number): number {
  return (raters ** 2 * (items ** 3 - items)) / 12;
}

/** The possible values around the printed one: S is even where ranks are untied and raters are even. */
export function c16(): CheckResults {
  const printed = value("backbones/kendall-w");
  const raters = value("backbones/configurations");
  const five = largestS(raters, value("backbones/models"));
  const six = largestS(raters, value("backbones/models") + 1);
  const below = 2 * Math.floor((printed * five) / 2);
  const rounds = (s: number, largest: number): boolean => Number((s / largest).toFixed(3)) === printed;
  return {
    "just-below": below / five,
    "just-above": (below + 2) / five,
    "possible-for-five": rounds(below, five) || rounds(below + 2, five),
    "six-items": (2 * Math.round((printed * six) / 2)) / six,
    "mean-spearman": (raters * printed - 1) / (raters - 1),
  };
}
