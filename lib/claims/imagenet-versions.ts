/**
 * What "How far can we go with ImageNet for Text-to-Image generation?" (arXiv:2502.21318) claims, version by version.
 *
 * Its three versions make three claims, as short texts: "+2 overall score", "+1%", "+6% overall score". None says whether
 * a percent is a point of the score or a part of it, so both readings are kept.
 */
import { claim } from "./load.js";

/** A version of the paper. */
export type ImagenetVersion = "v1" | "v2" | "latest";

/** The three versions, oldest first. */
export const imagenetVersionNames: readonly ImagenetVersion[] = ["v1", "v2", "latest"];

/** The two benchmarks of the claims, with SDXL's published score and how much of it a point is. */
export const imagenetBenchmarks = {
  geneval: { name: "GenEval", baseline: "imagenet-t2i/claims-recomputed/sdxl-baseline/geneval", point: 0.01 },
  dpgbench: { name: "DPG-Bench", baseline: "imagenet-t2i/claims-recomputed/sdxl-baseline/dpg", point: 1 },
} as const;

/** A benchmark of the claims. */
export type ImagenetBenchmark = keyof typeof imagenetBenchmarks;

/** A claimed gain over SDXL, in the benchmark's own unit, as each reading has it. */
export interface ClaimedGain {
  readonly version: ImagenetVersion;
  readonly benchmark: ImagenetBenchmark;
  /** As claimed: "+6% overall score". */
  readonly text: string;
  readonly baseline: number;
  /** Where the number means points of a hundred. */
  readonly asPoints: number;
  /** Where it means a part of SDXL's score; undefined where no percent sign is there. */
  readonly asPart: number | undefined;
}

/** A version's claims. */
export interface ImagenetClaims {
  readonly version: ImagenetVersion;
  readonly gains: Readonly<Record<ImagenetBenchmark, ClaimedGain>>;
  /** The authors' parameters and training images, in those of the models they compare with. */
  readonly parametersRatio: number;
  readonly imagesRatio: number;
  /** What it says of compute, as a text. */
  readonly compute: string;
}

/**
 * The claims of all three versions, oldest first.
 * @example imagenetClaims().map(({ gains }) => gains.geneval.text) // ["+2 overall score", "+1%", "+6% overall score"]
 */
export function imagenetClaims(): ImagenetClaims[] {
  return imagenetVersionNames.map((version) => ({
    version,
    gains: { geneval: gain(version, "geneval"), dpgbench: gain(version, "dpgbench") },
    parametersRatio: fraction(text(version, "parameters")),
    imagesRatio: fraction(text(version, "training-images")),
    compute: text(version, "compute"),
  }));
}

function gain(version: ImagenetVersion, benchmark: ImagenetBenchmark): ClaimedGain {
  const { baseline: id, point } = imagenetBenchmarks[benchmark];
  const claimed = text(version, `${benchmark}-over-sdxl`);
  const match = /^\+(\d+(?:\.\d+)?)(%?)/.exec(claimed);
  if (match === null)
    throw new SyntaxError(`Cannot read a gain: "+6%" or "+2" is needed, got "${claimed.slice(0, 40)}"`);
  const amount = Number(match[1]);
  const baseline = claim(id).number;
  return {
    version,
    benchmark,
    text: claimed,
    baseline,
    asPoints: amount * point,
    asPart: match[2] === "%" ? (amount / 100) * baseline : undefined,
  };
}

function fraction(claimed: string): number {
  const match = /^1\/(\d+)th$/.exec(claimed);
  if (match === null)
    throw new SyntaxError(`Cannot read a ratio: "1/10th" is needed, got "${claimed.slice(0, 40)}"`);
  return 1 / Number(match[1]);
}

function text(version: ImagenetVersion, what: string): string {
  return String(claim(`imagenet-t2i/claims/${version}/${what}`).value);
}
