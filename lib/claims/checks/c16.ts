/** C16: whether the printed Kendall's W is possible for five untied models under eight encoders (Appendix B.3). */
import { printedConcordance } from "../printed-concordance.js";
import { type CheckResults, value } from "./value.js";

/** The nearest possible values, what else would print the same, and what the printed value amounts to. */
export function c16(): CheckResults {
  const printed = value("backbones/kendall-w");
  const encoders = value("backbones/configurations");
  const { untied, tied, correctedTied, oneItemMore, oneEncoderMore } = printedConcordance();
  const below = Math.max(...untied.filter(({ w }) => w < printed).map(({ w }) => w));
  const above = Math.min(...untied.filter(({ w }) => w > printed).map(({ w }) => w));
  const digits = 3;
  const cut = (w: number): number => Math.floor(w * 10 ** digits) / 10 ** digits;
  const spearman = (w: number): number => (encoders * w - 1) / (encoders - 1);
  const fromRounded = (w: number): number =>
    (1 + (encoders - 1) * Number(spearman(w).toFixed(digits))) / encoders;
  return {
    "just-below": below,
    "just-above": above,
    "possible-for-five": untied.some(({ prints }) => prints),
    "possible-if-cut": untied.some(({ w }) => cut(w) === printed),
    "possible-by-rounded-spearman": untied.some(
      ({ w }) => Number(fromRounded(w).toFixed(digits)) === printed,
    ),
    "one-tie": tied.find(({ prints }) => prints)?.w ?? Number.NaN,
    "one-tie-corrected": correctedTied.find(({ prints }) => prints)?.w ?? Number.NaN,
    "six-items": oneItemMore.find(({ prints }) => prints)?.w ?? Number.NaN,
    "nine-encoders": oneEncoderMore.find(({ prints }) => prints)?.w ?? Number.NaN,
    "mean-spearman": spearman(printed),
  };
}
