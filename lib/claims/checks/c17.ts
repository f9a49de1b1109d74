/** C17: steps, warm-up and rates of the baseline's training (Section 4). */
import { type CheckResults, value } from "./value.js";

/** What the printed settings amount to. */
export function c17(): CheckResults {
  const training = "table3/training";
  const steps = (value(`${training}/images`) * value(`${training}/epochs`)) / value(`${training}/batch`);
  const hours = value(`${training}/hours-approx`);
  const gpus = value(`${training}/gpus`);
  const rate = value(`${training}/images`) / (hours * 3600);
  return {
    steps,
    "warm-up": steps * value(`${training}/warmup-share`),
    rate,
    "rate-per-gpu": rate / gpus,
    "gpu-hours": hours * gpus,
  };
}
