/**
 * What follows from the published numbers about the ImageNet paper (arXiv:2502.21318), computed here again.
 *
 * Each result is compared with the claim of its id, whose value was written down when the facts were collected.
 */
import {
  type GenevalShares,
  genevalOverall,
  genevalShares,
  genevalStandardError,
} from "../benchmark/index.js";
import { type ImagenetBenchmark, type ImagenetClaims, imagenetClaims } from "./imagenet-versions.js";
import { claim } from "./load.js";
import type { Verdict } from "./verdict.js";

const ROOT = "imagenet-t2i";

/**
 * The cells of a model in GenEval's table, from the sources that print them.
 * @param model as the table has it: "SDXL", "SD-v1.5", "IF-XL", "PixArt-alpha", "Janus-1.3B", "SD3-Medium"
 * @throws RangeError where the table has no such row
 * @example genevalCells("SDXL").counting // 0.39
 */
export function genevalCells(model: string): GenevalShares {
  return genevalShares((task) => number(`baselines-from-their-own-sources/geneval/${model}/${task}`));
}

/**
 * Every number about the ImageNet paper that follows from published numbers, by the id of its claim.
 * @example imagenetRecomputed().get("imagenet-t2i/claims-recomputed/noise-floor/sdxl-mean-of-printed-cells") // 0.5567
 */
export function imagenetRecomputed(): ReadonlyMap<string, number> {
  return new Map(
    Object.entries({
      ...within("claims-recomputed/score-implied-for-the-authors-model", implied()),
      ...within("claims-recomputed/parameters", parameters()),
      ...within("claims-recomputed/training-images", images()),
      ...within("claims-recomputed/noise-floor", noiseFloor()),
      ...within("tables/table-3-augmentations/relative-change", {
        "dit-i": change("dit-i"),
        "cad-i": change("cad-i"),
      }),
      ...within("", training()),
    }),
  );
}

/**
 * One verdict for each of them.
 * @example imagenetVerdicts().every(({ kind }) => kind === "recomputed") // true
 */
export function imagenetVerdicts(): Verdict[] {
  return [...imagenetRecomputed()].map(([id, value]) =>
    claim(id).compare(value, { on: "published numbers" }),
  );
}

type Numbers = Readonly<Record<string, number>>;

function implied(): Numbers {
  const [first, second, latest] = imagenetClaims();
  const score = (
    version: ImagenetClaims | undefined,
    benchmark: ImagenetBenchmark,
    reading: "asPoints" | "asPart",
  ): number => {
    const gain = version?.gains[benchmark];
    return (gain?.baseline ?? Number.NaN) + (gain?.[reading] ?? Number.NaN);
  };
  return {
    "geneval/v1-plus-2-points": score(first, "geneval", "asPoints"),
    "geneval/v2-plus-1-point": score(second, "geneval", "asPoints"),
    "geneval/v2-relative": score(second, "geneval", "asPart"),
    "geneval/latest-plus-6-points": score(latest, "geneval", "asPoints"),
    "geneval/latest-relative": score(latest, "geneval", "asPart"),
    "dpg/v1-plus-5-points": score(first, "dpgbench", "asPoints"),
    "dpg/v2-plus-half-a-point": score(second, "dpgbench", "asPoints"),
    "dpg/v2-relative": score(second, "dpgbench", "asPart"),
    "dpg/latest-plus-5-points": score(latest, "dpgbench", "asPoints"),
    "dpg/latest-relative": score(latest, "dpgbench", "asPart"),
  };
}

/** Against SDXL's network; text encoders are counted on neither side. */
function parameters(): Numbers {
  const sdxl = number("claims-recomputed/parameters/sdxl-unet-b") * 1e3;
  const bytesOfFloat32 = 4;
  const fromFile = (number("claims-recomputed/parameters/cad-i-file-gb") * 1e3) / bytesOfFloat32;
  const [low, high] = statedParameters();
  return {
    "cad-i-parameters-if-float32-m": fromFile,
    "ratio-at-300m": sdxl / low,
    "ratio-at-332m": sdxl / fromFile,
    "ratio-at-400m": sdxl / high,
  };
}

/**
 * The range that the project page states, in millions.
 * @example statedParameters() // [300, 400]
 */
export function statedParameters(): readonly [low: number, high: number] {
  const text = String(claim(`${ROOT}/claims-recomputed/parameters/authors-models`).value);
  const match = /^(\d+)M-(\d+)M$/.exec(text);
  if (match === null) throw new SyntaxError(`Cannot read parameters: "300M-400M" is needed, got "${text}"`);
  return [Number(match[1]), Number(match[2])];
}

function images(): Numbers {
  const own = number("claims-recomputed/training-images/imagenet-m");
  return {
    "ratio-to-sd-1-5": number("claims-recomputed/training-images/sd-1-5-and-2-1-m") / own,
    "ratio-to-pixart-alpha": number("claims-recomputed/training-images/pixart-alpha-m") / own,
  };
}

function noiseFloor(): Numbers {
  const shares = genevalCells("SDXL");
  return {
    "geneval-standard-error-sdxl-2212-images-independent": genevalStandardError({ shares, correlation: 0 }),
    "geneval-standard-error-sdxl-553-prompts": genevalStandardError({ shares, correlation: 1 }),
    "sdxl-mean-of-printed-cells": genevalOverall(shares),
  };
}

function change(model: string): number {
  const fid = (state: string): number =>
    number(`tables/table-3-augmentations/fid-inception/${model}-${state}`);
  return fid("cutmix") / fid("before") - 1;
}

/** CutMix is used above a noise level, as the released code has it, and there with a probability. */
function training(): Numbers {
  const samples = number("models-and-training/max-steps") * number("models-and-training/batch");
  return {
    "image-augmentation/cutmix/share-of-training-samples":
      (1 - cutmixThreshold()) * number("image-augmentation/cutmix/probability"),
    "models-and-training/epochs-if-full-run": samples / number("imagenet-train-images"),
    "models-and-training/images-per-second-if-full-run-in-500-gpu-hours":
      samples / (number("summary/h100-hours") * 3600),
  };
}

/**
 * The share of noise above which mixed pictures are trained on, out of the fact that states it.
 * @example cutmixThreshold() // 0.4
 */
export function cutmixThreshold(): number {
  const text = String(claim(`${ROOT}/image-augmentation/cutmix/timesteps`).value);
  const match = /t > (0\.\d+)/.exec(text);
  if (match === null) throw new SyntaxError(`Cannot read a noise level: "t > 0.4" is needed, got "${text}"`);
  return Number(match[1]);
}

function number(id: string): number {
  return claim(`${ROOT}/${id}`).number;
}

function within(place: string, numbers: Numbers): Numbers {
  const prefix = place === "" ? ROOT : `${ROOT}/${place}`;
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${prefix}/${name}`, value]));
}
