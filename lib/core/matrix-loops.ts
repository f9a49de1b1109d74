/**
 * The inner loops of reductions to three or two diagonals and of their eigenvectors, as WebAssembly with SIMD: products of a matrix that is
 * larger than the caches with one vector, which cost as much as reading it.
 *
 * Sizes and strides are bytes; rows, columns and strides are padded with zeros to fours, so that no loop has an end
 * of its own. `symmetricTimes` reads each number of a symmetric matrix once, for both halves, four rows at a time.
 */
import {
  assemble,
  type Code,
  defineFunction,
  f64x2_add,
  f64x2_firsts,
  f64x2_mul,
  f64x2_seconds,
  f64x2_sub,
  f64x2_zero,
  i32_add,
  i32_const,
  i32_lt_u,
  i32_shl,
  i32_sub,
  type Local,
  v128_load,
  v128_load64_splat,
  v128_store,
  whileDo,
} from "./wasm-assembler.js";

/** Bytes of four float64. */
const FOUR = 32;

const advance = (pointers: readonly Local[], bytes: Code): Code =>
  pointers.flatMap((pointer) => pointer.set(i32_add(pointer.get, bytes)));
const addProduct = (sum: Local, a: Code, b: Code): Code => sum.set(f64x2_add(sum.get, f64x2_mul(a, b)));
/** The sums of two pairs, as a pair. */
const totals = (a: Local, b: Local): Code =>
  f64x2_add(f64x2_firsts(a.get, b.get), f64x2_seconds(a.get, b.get));

/**
 * p += A v for the rows from `row` to `rowEnd` of a symmetric A: left of the diagonal for both halves, and the 4 x 4
 * on the diagonal, which is full.
 */
const symmetricTimes = defineFunction(
  "symmetricTimes",
  {
    parameters: ["a", "stride", "row", "rowEnd", "v", "p"],
    numbers: ["a0", "a1", "a2", "a3", "x", "y", "xEnd"],
    vectors: ["v0", "v1", "v2", "v3", "s0", "s1", "s2", "s3", "xs", "ys", "as"],
  },
  (l) => {
    const { a, stride, row, rowEnd, v, p, x, y, xEnd, xs, ys } = l;
    const rows = [l.a0, l.a1, l.a2, l.a3];
    const factors = [l.v0, l.v1, l.v2, l.v3];
    const sums = [l.s0, l.s1, l.s2, l.s3];
    const pair = (offset: number) => [
      ...xs.set(v128_load(offset, x.get)),
      ...ys.set(v128_load(offset, y.get)),
      ...rows.flatMap((pointer, i) => [
        ...l.as.set(v128_load(offset, pointer.get)),
        ...addProduct(sums[i]!, l.as.get, xs.get),
        ...addProduct(ys, l.as.get, factors[i]!.get),
      ]),
      ...v128_store(offset, y.get, ys.get),
    ];
    const onDiagonal = (offset: number) => [
      ...xs.set(v128_load(offset, x.get)),
      ...rows.flatMap((pointer, i) => addProduct(sums[i]!, v128_load(offset, pointer.get), xs.get)),
    ];
    const addTotals = (offset: number, s: Local, t: Local) => [
      ...v128_store(offset, y.get, f64x2_add(v128_load(offset, y.get), totals(s, t))),
    ];
    return whileDo(i32_lt_u(row.get, rowEnd.get), [
      ...rows.flatMap((pointer, i) => pointer.set(i === 0 ? a.get : i32_add(rows[i - 1]!.get, stride.get))),
      ...x.set(v.get),
      ...y.set(p.get),
      ...xEnd.set(i32_add(v.get, row.get)),
      ...factors.flatMap((factor, i) => factor.set(v128_load64_splat(8 * i, xEnd.get))),
      ...sums.flatMap((sum) => sum.set(f64x2_zero)),
      ...whileDo(i32_lt_u(x.get, xEnd.get), [
        ...pair(0),
        ...pair(16),
        ...advance([...rows, x, y], i32_const(FOUR)),
      ]),
      ...onDiagonal(0),
      ...onDiagonal(16),
      ...addTotals(0, l.s0, l.s1),
      ...addTotals(16, l.s2, l.s3),
      ...advance([row], i32_const(FOUR)),
      ...a.set(i32_add(a.get, i32_shl(stride.get, i32_const(2)))),
    ]);
  },
);

/** sums[i] = x[i] . v for rows of `bytes` each; their number is even. */
const dots = defineFunction(
  "dots",
  {
    parameters: ["x", "stride", "v", "bytes", "sums", "sumsEnd"],
    numbers: ["x0", "x1", "y", "yEnd"],
    vectors: ["s0", "s1", "t0", "t1", "ys"],
  },
  ({ x, stride, v, bytes, sums, sumsEnd, x0, x1, y, yEnd, s0, s1, t0, t1, ys }) => {
    const pair = (offset: number, first: Local, second: Local) => [
      ...ys.set(v128_load(offset, y.get)),
      ...addProduct(first, v128_load(offset, x0.get), ys.get),
      ...addProduct(second, v128_load(offset, x1.get), ys.get),
    ];
    return whileDo(i32_lt_u(sums.get, sumsEnd.get), [
      ...x0.set(x.get),
      ...x1.set(i32_add(x.get, stride.get)),
      ...y.set(v.get),
      ...yEnd.set(i32_add(v.get, bytes.get)),
      ...[s0, s1, t0, t1].flatMap((sum) => sum.set(f64x2_zero)),
      ...whileDo(i32_lt_u(y.get, yEnd.get), [
        ...pair(0, s0, s1),
        ...pair(16, t0, t1),
        ...advance([x0, x1, y], i32_const(FOUR)),
      ]),
      ...s0.set(f64x2_add(s0.get, t0.get)),
      ...s1.set(f64x2_add(s1.get, t1.get)),
      ...v128_store(0, sums.get, totals(s0, s1)),
      ...advance([sums], i32_const(16)),
      ...advance([x], i32_shl(stride.get, i32_const(1))),
    ]);
  },
);

/** p += sum of c[i] x[i] for rows of `bytes` each; their number is even. */
const addRows = defineFunction(
  "addRows",
  {
    parameters: ["x", "stride", "p", "bytes", "c", "cEnd"],
    numbers: ["x0", "x1", "y", "yEnd"],
    vectors: ["c0", "c1", "ys"],
  },
  ({ x, stride, p, bytes, c, cEnd, x0, x1, y, yEnd, c0, c1, ys }) => {
    const pair = (offset: number) => [
      ...ys.set(v128_load(offset, y.get)),
      ...addProduct(ys, v128_load(offset, x0.get), c0.get),
      ...addProduct(ys, v128_load(offset, x1.get), c1.get),
      ...v128_store(offset, y.get, ys.get),
    ];
    return whileDo(i32_lt_u(c.get, cEnd.get), [
      ...x0.set(x.get),
      ...x1.set(i32_add(x.get, stride.get)),
      ...y.set(p.get),
      ...yEnd.set(i32_add(p.get, bytes.get)),
      ...c0.set(v128_load64_splat(0, c.get)),
      ...c1.set(v128_load64_splat(8, c.get)),
      ...whileDo(i32_lt_u(y.get, yEnd.get), [
        ...pair(0),
        ...pair(16),
        ...advance([x0, x1, y], i32_const(FOUR)),
      ]),
      ...advance([c], i32_const(16)),
      ...advance([x], i32_shl(stride.get, i32_const(1))),
    ]);
  },
);

/** Turns a row and the one before it by a cosine and a sine, then that and the one before, and so on. */
const turnRows = defineFunction(
  "turnRows",
  {
    parameters: ["x", "stride", "bytes", "turns", "turnsEnd"],
    numbers: ["x0", "x1", "xEnd"],
    vectors: ["cosine", "sine", "a", "b"],
  },
  ({ x, stride, bytes, turns, turnsEnd, x0, x1, xEnd, cosine, sine, a, b }) => {
    const pair = (offset: number) => [
      ...a.set(v128_load(offset, x0.get)),
      ...b.set(v128_load(offset, x1.get)),
      ...v128_store(offset, x1.get, f64x2_add(f64x2_mul(sine.get, a.get), f64x2_mul(cosine.get, b.get))),
      ...v128_store(offset, x0.get, f64x2_sub(f64x2_mul(cosine.get, a.get), f64x2_mul(sine.get, b.get))),
    ];
    return whileDo(i32_lt_u(turns.get, turnsEnd.get), [
      ...x1.set(x.get),
      ...x.set(i32_sub(x.get, stride.get)),
      ...x0.set(x.get),
      ...xEnd.set(i32_add(x0.get, bytes.get)),
      ...cosine.set(v128_load64_splat(0, turns.get)),
      ...sine.set(v128_load64_splat(8, turns.get)),
      ...whileDo(i32_lt_u(x0.get, xEnd.get), [
        ...pair(0),
        ...pair(16),
        ...advance([x0, x1], i32_const(FOUR)),
      ]),
      ...advance([turns], i32_const(16)),
    ]);
  },
);

/** The module of all loops; its memory is `env.memory`. */
export function matrixModule(): Uint8Array {
  return assemble([symmetricTimes, dots, addRows, turnRows]);
}
