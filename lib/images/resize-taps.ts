/**
 * The weights of a resampling along one side: which input pixels each output pixel is made of, and how much of each.
 *
 * After Pillow's `Resample.c` (`precompute_coeffs`): a window of the filter's support, stretched by the scale where
 * the side shrinks, clipped to the picture and normalised to a sum of one in float64. A side that keeps its length is
 * left alone.
 */

/** Pillow's filters. */
export type ResizeFilter = "bicubic" | "bilinear" | "lanczos" | "box";

/** The pixels and weights of one side. Output i is the sum of weights[i * stride + j] * input[starts[i] + j]. */
export interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** The largest count; weights beyond an output's own count are 0. */
  readonly stride: number;
  readonly weights: Float64Array;
}

interface Kernel {
  readonly support: number;
  weight(x: number): number;
}

const KERNELS: Readonly<Record<ResizeFilter, Kernel>> = {
  bicubic: { support: 2, weight: bicubic },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
};

/** Keys of 1980, a = -0.5. */
function bicubic(signed: number): number {
  const x = Math.abs(signed);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/**
 * The taps of one side.
 * @param from pixels of the side before, at least 1
 * @param to pixels of the side after, at least 1
 * @throws RangeError for a filter that Pillow does not have
 * @example resizeTaps(4, 2, "box").weights // [0.5, 0.5, 0.5, 0.5] with starts 0, 2
 */
export function resizeTaps(from: number, to: number, filter: ResizeFilter): Taps {
  const kernel = Object.hasOwn(KERNELS, filter) ? KERNELS[filter] : undefined;
  if (kernel === undefined)
    throw new RangeError(
      `Cannot resize: a filter out of ${Object.keys(KERNELS).join(", ")} is needed, got ${JSON.stringify(filter)}`,
    );
  if (from === to)
    return tapsFrom(
      Int32Array.from({ length: to }, (_, i) => i),
      Array(to).fill([1]),
    );
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const support = kernel.support * stretch;
  const windows: number[][] = [];
  const starts = new Int32Array(to);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const window: number[] = [];
    let sum = 0;
    for (let j = start; j < end; j++) {
      const weight = kernel.weight((j - centre + 0.5) * (1 / stretch));
      window.push(weight);
      sum += weight;
    }
    starts[i] = start;
    windows.push(sum === 0 ? window : window.map((weight) => weight / sum));
  }
  return tapsFrom(starts, windows);
}

/** Taps from a list of windows, one for each output pixel. */
export function tapsFrom(starts: Int32Array, windows: readonly (readonly number[])[]): Taps {
  const counts = Int32Array.from(windows, (window) => window.length);
  const stride = windows.reduce((most, { length }) => Math.max(most, length), 0);
  const weights = new Float64Array(windows.length * stride);
  for (const [i, window] of windows.entries()) weights.set(window, i * stride);
  return { starts, counts, stride, weights };
}
