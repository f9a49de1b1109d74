/**
 * The two passes of `resize` as WebAssembly with SIMD: what takes the time, four sums at once.
 *
 * A table tells each output its window: where it starts (in pixels or rows), how many weights it has, the weights,
 * all 32-bit. Reads and writes go up to 15 bytes over the end of a row; the next row, or what the caller leaves free,
 * takes them.
 */
import { wasm } from "../core/index.js";

const {
  assemble,
  defineFunction,
  doWhile,
  i8x16_narrow_i16x8_u,
  i16x8_extend_high_i8x16_u,
  i16x8_extend_low_i8x16_u,
  i16x8_narrow_i32x4_s,
  i32_add,
  i32_const,
  i32_load,
  i32_lt_u,
  i32_mul,
  i32_shl,
  i32x4_add,
  i32x4_extend_high_i16x8_u,
  i32x4_extend_low_i16x8_u,
  i32x4_mul,
  i32x4_shr_s,
  i32x4_splat,
  v128_load,
  v128_load32_splat,
  v128_load32_zero,
  v128_store,
  v128_store32_first_lane,
} = wasm;
type Code = wasm.Code;
type Local = wasm.Local;

/** 32 bits less 8 of the pixel less 2 for filters whose weights go below zero: Pillow's PRECISION_BITS. */
export const FRACTION_BITS = 22;

/** 32-bit numbers before the weights of an output. */
export const TABLE_HEAD = 2;

const HALF: Code = i32x4_splat(i32_const(1 << (FRACTION_BITS - 1)));
const [START, COUNT, WEIGHTS] = [0, 4, 8];

const advance = (pointer: Local, bytes: Code): Code => pointer.set(i32_add(pointer.get, bytes));
/** Four bytes, the first of a vector, as four 32-bit numbers. */
const widened = (bytes: Code): Code => i32x4_extend_low_i16x8_u(i16x8_extend_low_i8x16_u(bytes));
/** Sixteen 32-bit numbers as bytes, clipped to 0..255. */
const narrowed = (a: Code, b: Code, c: Code, d: Code): Code =>
  i8x16_narrow_i16x8_u(i16x8_narrow_i32x4_s(a, b), i16x8_narrow_i32x4_s(c, d));
const whole = (sum: Code): Code => i32x4_shr_s(sum, i32_const(FRACTION_BITS));

/** The pass along the rows: one output pixel after the other, in lanes of red, green, blue and one unused. */
const rows = defineFunction(
  "rows",
  {
    parameters: ["from", "to", "toEnd", "rowBytes", "outputBytes", "table", "pitch"],
    numbers: ["rowEnd", "entry", "pixel", "weight", "weightEnd"],
    vectors: ["sum"],
  },
  ({
    from,
    to,
    toEnd,
    rowBytes,
    outputBytes,
    table,
    pitch,
    rowEnd,
    entry,
    pixel,
    weight,
    weightEnd,
    sum,
  }) => {
    const tap = [
      ...sum.set(
        i32x4_add(
          sum.get,
          i32x4_mul(widened(v128_load32_zero(0, pixel.get)), v128_load32_splat(WEIGHTS, weight.get)),
        ),
      ),
      ...advance(pixel, i32_const(3)),
      ...advance(weight, i32_const(4)),
    ];
    const output = [
      ...pixel.set(i32_add(from.get, i32_mul(i32_load(START, entry.get), i32_const(3)))),
      ...weight.set(entry.get),
      ...weightEnd.set(i32_add(entry.get, i32_shl(i32_load(COUNT, entry.get), i32_const(2)))),
      ...sum.set(HALF),
      ...doWhile(tap, i32_lt_u(weight.get, weightEnd.get)),
      ...v128_store32_first_lane(
        0,
        to.get,
        narrowed(whole(sum.get), whole(sum.get), whole(sum.get), whole(sum.get)),
      ),
      ...advance(to, i32_const(3)),
      ...advance(entry, pitch.get),
    ];
    const row = [
      ...entry.set(table.get),
      ...rowEnd.set(i32_add(to.get, outputBytes.get)),
      ...doWhile(output, i32_lt_u(to.get, rowEnd.get)),
      ...advance(from, rowBytes.get),
    ];
    return doWhile(row, i32_lt_u(to.get, toEnd.get));
  },
);

/** The pass along the columns: 16 neighbouring values of an output row at once. */
const columns = defineFunction(
  "columns",
  {
    parameters: ["from", "to", "toEnd", "rowBytes", "entry", "pitch"],
    numbers: ["window", "rowEnd", "value", "weight", "weightEnd"],
    vectors: ["bytes", "factor", "half", "sum0", "sum1", "sum2", "sum3"],
  },
  ({
    from,
    to,
    toEnd,
    rowBytes,
    entry,
    pitch,
    window,
    rowEnd,
    value,
    weight,
    weightEnd,
    bytes,
    factor,
    half,
    ...sums
  }) => {
    const { sum0, sum1, sum2, sum3 } = sums;
    const addProduct = (sum: Local, values: Code) =>
      sum.set(i32x4_add(sum.get, i32x4_mul(values, factor.get)));
    const tap = [
      ...bytes.set(v128_load(0, value.get)),
      ...factor.set(v128_load32_splat(WEIGHTS, weight.get)),
      ...half.set(i16x8_extend_low_i8x16_u(bytes.get)),
      ...addProduct(sum0, i32x4_extend_low_i16x8_u(half.get)),
      ...addProduct(sum1, i32x4_extend_high_i16x8_u(half.get)),
      ...half.set(i16x8_extend_high_i8x16_u(bytes.get)),
      ...addProduct(sum2, i32x4_extend_low_i16x8_u(half.get)),
      ...addProduct(sum3, i32x4_extend_high_i16x8_u(half.get)),
      ...advance(value, rowBytes.get),
      ...advance(weight, i32_const(4)),
    ];
    const sixteen = [
      ...value.set(window.get),
      ...weight.set(entry.get),
      ...[sum0, sum1, sum2, sum3].flatMap((sum) => sum.set(HALF)),
      ...doWhile(tap, i32_lt_u(weight.get, weightEnd.get)),
      ...v128_store(0, to.get, narrowed(whole(sum0.get), whole(sum1.get), whole(sum2.get), whole(sum3.get))),
      ...advance(window, i32_const(16)),
      ...advance(to, i32_const(16)),
    ];
    const row = [
      ...window.set(i32_add(from.get, i32_mul(i32_load(START, entry.get), rowBytes.get))),
      ...weightEnd.set(i32_add(entry.get, i32_shl(i32_load(COUNT, entry.get), i32_const(2)))),
      ...rowEnd.set(i32_add(to.get, rowBytes.get)),
      ...doWhile(sixteen, i32_lt_u(to.get, rowEnd.get)),
      ...to.set(rowEnd.get),
      ...advance(entry, pitch.get),
    ];
    return doWhile(row, i32_lt_u(to.get, toEnd.get));
  },
);

/** The module of both passes; its memory is `env.memory`. */
export function resizeModule(): Uint8Array {
  return assemble([rows, columns]);
}
