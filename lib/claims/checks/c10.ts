/** C10: GPU hours that the printed captioning rates explain (Section 2.4, Figure 7). */
import { captioningHours, requiredRate } from "../../captions/index.js";
import { c4 } from "./c4.js";
import { type CheckResults, value } from "./value.js";

/** Hours of short and medium captions, and what is left for the rest. */
export function c10(): CheckResults {
  const images = c4()["sum-of-splits"] as number;
  const model = "captions/microbenchmark/qwen3-vl-4b";
  const short = value("captions/types/short");
  const medium = value("captions/types/medium");
  const hours = captioningHours([
    { images: images * short, imagesPerSecond: value(`${model}/images-per-s-short-1xh100`) },
    { images: images * medium, imagesPerSecond: value(`${model}/images-per-s-medium-1xh100`) },
  ]);
  const left = value("captions/h100-gpu-hours-approx") - hours;
  return {
    "short-and-medium": hours,
    "left-for-the-rest": left,
    "rest-rate": requiredRate(images * (1 - short - medium), left),
  };
}
