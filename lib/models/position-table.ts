/**
 * DINOv2's table of positions at another resolution than it was trained at, as the official code interpolates it.
 *
 * Source: `interpolate_pos_encoding` of facebookresearch/dinov2. Models without registers: torch's bicubic with
 * a = -0.75, no antialiasing, by the factor (side + 0.1) / side of the table. Models with registers: antialiased
 * bicubic (a = -0.5) to the exact size. Products are summed in float64 here and rounded to float32 once.
 */

/** What one place of the result is made of: weights of consecutive places of the table. */
interface Window {
  readonly first: number;
  readonly weights: readonly number[];
}

/** What the official code adds to the side so that a floating-point size is not rounded down. */
const INTERPOLATE_OFFSET = 0.1;

/**
 * Interpolates a square table of vectors.
 * @param table tableSide x tableSide x width, row-major
 * @param options.antialias how the models with registers do it
 * @returns side x side x width, row-major; a copy of the table where the sides agree
 * @example interpolatePositions(table, { tableSide: 37, side: 16, width: 1024, antialias: false }).length // 262144
 */
export function interpolatePositions(
  table: Float32Array,
  options: {
    readonly tableSide: number;
    readonly side: number;
    readonly width: number;
    readonly antialias: boolean;
  },
): Float32Array {
  const { tableSide, side, width, antialias } = options;
  if (tableSide === side) return table.slice();
  const windows = antialias
    ? antialiasedWindows(tableSide, side)
    : plainWindows(tableSide, side, tableSide / (side + INTERPOLATE_OFFSET));
  const across = new Float64Array(tableSide * side * width);
  for (const [to, { first, weights }] of windows.entries())
    for (const [at, weight] of weights.entries())
      for (let row = 0; row < tableSide; row++) {
        const from = (row * tableSide + first + at) * width;
        const into = (row * side + to) * width;
        for (let i = 0; i < width; i++) across[into + i]! += weight * table[from + i]!;
      }
  const result = new Float64Array(side * side * width);
  const rowLength = side * width;
  for (const [to, { first, weights }] of windows.entries())
    for (const [at, weight] of weights.entries())
      for (let i = 0; i < rowLength; i++)
        result[to * rowLength + i]! += weight * across[(first + at) * rowLength + i]!;
  return Float32Array.from(result);
}

/** Four neighbours of each place; places outside count as those at the edge. */
function plainWindows(size: number, wanted: number, scale: number): Window[] {
  return Array.from({ length: wanted }, (_, to) => {
    const at = (to + 0.5) * scale - 0.5;
    const floor = Math.floor(at);
    const sums = new Map<number, number>();
    for (let tap = -1; tap <= 2; tap++) {
      const place = Math.min(Math.max(floor + tap, 0), size - 1);
      sums.set(place, (sums.get(place) ?? 0) + cubic(at - (floor + tap), -0.75));
    }
    return { first: Math.min(...sums.keys()), weights: [...sums.values()] };
  });
}

/** The kernel is as much wider as the result is smaller, and its weights are made to sum to 1. */
function antialiasedWindows(size: number, wanted: number): Window[] {
  const scale = size / wanted;
  const stretch = Math.max(scale, 1);
  return Array.from({ length: wanted }, (_, to) => {
    const centre = (to + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - 2 * stretch + 0.5));
    const end = Math.min(size, Math.trunc(centre + 2 * stretch + 0.5));
    const raw = Array.from({ length: end - first }, (_, at) =>
      cubic((first + at - centre + 0.5) / stretch, -0.5),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** Keys' cubic convolution kernel. */
function cubic(x: number, a: number): number {
  const d = Math.abs(x);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}
