/** R5: which difference the caption benchmark can see, by its images and the printed means (Section 2.4, Appendix E). */
import { scoreLaw, scorePower } from "../../captions/index.js";
import { type CheckResults, value } from "./value.js";

/**
 * Power and visible difference of two independent means, at both ends of the spread that scores of 0, 1 and 2 with these
 * means can have: the paper prints neither spread nor pairs.
 */
export function r5(): CheckResults {
  const benchmark = "captions/microbenchmark";
  const ends = (["least", "most"] as const).map((end) => {
    const [first, second] = ["qwen3-vl-4b", "qwen3-vl-30b-a3b"].map((model) =>
      scoreLaw(value(`${benchmark}/${model}/overall`), end),
    );
    const images = value(`${benchmark}/images`);
    const { power, visibleDifference } = scorePower({
      ...{ first: first!, second: second!, images, together: 0 },
    }).unpaired;
    return [
      [`power-${end}-spread`, power],
      [`visible-${end}-spread`, visibleDifference],
    ];
  });
  return Object.fromEntries(ends.flat());
}
