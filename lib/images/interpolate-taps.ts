/**
 * The weights of torch's and TensorFlow 1's resampling along one side.
 *
 * Both place their samples in float32, and a position that is rounded otherwise moves a result by up to 0.01 of 255:
 * the steps are therefore rounded here as they are there. Sources: torch's `UpSample.h` and `UpSampleKernel.cpp`;
 * TensorFlow 1's `image_resizer_state.h` and `resize_bilinear_op.cc`.
 */
import { type Taps, tapsFrom } from "./resize-taps.js";

/** Whose resampling, and which: torch's without antialias unless the name says so. */
export type InterpolationMethod =
  | "torch-bilinear"
  | "torch-bicubic"
  | "torch-bilinear-antialias"
  | "torch-bicubic-antialias"
  | "tensorflow1-bilinear";

type SideTaps = (from: number, to: number) => Taps;

const METHODS: Readonly<Record<InterpolationMethod, SideTaps>> = {
  "torch-bilinear": (from, to) => pointTaps(from, to, torchBilinear),
  "torch-bicubic": (from, to) => pointTaps(from, to, torchBicubic),
  "torch-bilinear-antialias": (from, to) => antialiasTaps(from, to, 1, triangle),
  "torch-bicubic-antialias": (from, to) => antialiasTaps(from, to, 2, (x) => cubic(x, -0.5)),
  "tensorflow1-bilinear": (from, to) => pointTaps(from, to, tensorflow1Bilinear),
};

/**
 * The taps of one side.
 * @throws RangeError for a method that does not exist
 * @example interpolationTaps(2, 1, "torch-bilinear").weights // [0.5, 0.5]
 */
export function interpolationTaps(from: number, to: number, method: InterpolationMethod): Taps {
  if (!Object.hasOwn(METHODS, method))
    throw new RangeError(
      `Cannot interpolate: a method out of ${Object.keys(METHODS).join(", ")} is needed, got ${JSON.stringify(method)}`,
    );
  return METHODS[method](from, to);
}

const float = Math.fround;

/** A few pixels around one position: the first one's number, which may lie outside, and the weights. */
interface Point {
  readonly first: number;
  readonly weights: readonly number[];
}

function torchBilinear(i: number, scale: number): Point {
  const position = Math.max(0, float(scale * (i + 0.5) - 0.5));
  return lerp(position);
}

function torchBicubic(i: number, scale: number): Point {
  const position = float(scale * (i + 0.5) - 0.5);
  const first = Math.floor(position);
  const t = float(position - first);
  const u = float(1 - t);
  return { first: first - 1, weights: [float(t + 1), t, u, float(u + 1)].map((x) => cubic(x, -0.75)) };
}

/** No half pixel: TensorFlow 1 aligns the corners of the first pixels, and so shifts the picture. */
function tensorflow1Bilinear(i: number, scale: number): Point {
  return lerp(float(i * scale));
}

function lerp(position: number): Point {
  const first = Math.floor(position);
  const t = float(position - first);
  return { first, weights: [float(1 - t), t] };
}

/** Taps around single positions; what lies outside the picture is taken from its border. */
function pointTaps(from: number, to: number, point: (i: number, scale: number) => Point): Taps {
  const scale = float(from / to);
  const starts = new Int32Array(to);
  const windows: number[][] = [];
  for (let i = 0; i < to; i++) {
    const { first, weights } = point(i, scale);
    const inside = (at: number) => Math.min(from - 1, Math.max(0, at));
    const start = inside(first);
    const window = new Array<number>(inside(first + weights.length - 1) - start + 1).fill(0);
    for (const [j, weight] of weights.entries()) window[inside(first + j) - start]! += weight;
    starts[i] = start;
    windows.push(window);
  }
  return tapsFrom(starts, windows);
}

/** Pillow's windows, computed in float32; torch says that it follows Pillow. */
function antialiasTaps(from: number, to: number, radius: number, kernel: (x: number) => number): Taps {
  const scale = float(from / to);
  const support = scale >= 1 ? float(radius * scale) : radius;
  const shrink = scale >= 1 ? float(1 / scale) : 1;
  const starts = new Int32Array(to);
  const windows: number[][] = [];
  for (let i = 0; i < to; i++) {
    const centre = float(scale * (i + 0.5));
    const start = Math.max(0, Math.trunc(float(centre - support) + 0.5));
    const end = Math.min(from, Math.trunc(float(centre + support) + 0.5));
    const window: number[] = [];
    let sum = 0;
    for (let j = start; j < end; j++) {
      const weight = kernel(float((float(j - centre) + 0.5) * shrink));
      window.push(weight);
      sum = float(sum + weight);
    }
    starts[i] = start;
    windows.push(sum === 0 ? window : window.map((weight) => float(weight / sum)));
  }
  return tapsFrom(starts, windows);
}

function triangle(x: number): number {
  return Math.max(0, float(1 - Math.abs(x)));
}

/** Keys' cubic, rounded to float32 where torch's build rounds: a product and the sum after it are one step. */
function cubic(signed: number, a: number): number {
  const x = Math.abs(signed);
  if (x < 1) return float(float(float((a + 2) * x - (a + 3)) * x) * x + 1);
  if (x >= 2) return 0;
  return float(float(float(a * x - 5 * a) * x + 8 * a) * x - 4 * a);
}
