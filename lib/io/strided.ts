/**
 * Numbers in memory by shape and strides: whether they lie row-major, how far they reach, and a row-major copy.
 *
 * Shapes and strides are whole numbers of elements, 0 or more, as torch has them; who calls has checked that.
 */

/** Strides of a row-major tensor: `rowMajorStrides([2, 3])` is `[3, 1]`. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= Math.max(1, shape[axis]!);
  }
  return strides;
}

/** How many elements a shape has: 1 for no axes; beyond the safe integers where the product is. */
export function elementsOf(shape: readonly number[]): number {
  // a zero wins over axes whose product would be infinite
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** Elements from the first to behind the last one that shape and strides reach; 0 for an empty tensor. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((span, size, axis) => span + (size - 1) * strides[axis]!, 1);
}

/** Whether the elements lie row-major without gaps; axes of size 1 may have any stride. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  const expected = rowMajorStrides(shape);
  return shape.every((size, axis) => size === 1 || strides[axis] === expected[axis]);
}

/**
 * A row-major copy of strided numbers.
 * @param bytes from the first element to the last one that is reached: `spanOf(shape, strides) * itemBytes` of them
 * @param itemBytes bytes of one element: 1, 2, 4 or 8
 * @returns `elementsOf(shape) * itemBytes` bytes
 * @example rowMajorCopy(new Uint8Array([1, 2, 3, 4]), 1, [2, 2], [1, 2]) // Uint8Array [1, 3, 2, 4]
 */
export function rowMajorCopy(
  bytes: Uint8Array,
  itemBytes: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  const into = new Uint8Array(elementsOf(shape) * itemBytes);
  if (into.length === 0) return into;
  const { outer, steps, run } = runsOf(itemBytes, shape, strides);
  const index = new Array<number>(outer.length).fill(0);
  let from = 0;
  for (let at = 0; ; at += run) {
    if (run > SMALL_RUN_BYTES) into.set(bytes.subarray(from, from + run), at);
    else for (let byte = 0; byte < run; byte++) into[at + byte] = bytes[from + byte]!;
    let axis = outer.length - 1;
    for (; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < outer[axis]!) break;
      from -= steps[axis]! * outer[axis]!;
      index[axis] = 0;
    }
    if (axis < 0) return into;
  }
}

/** Bytes up to which a loop is faster than a view and a copy of it. */
const SMALL_RUN_BYTES = 32;

/** The innermost axes that lie without gaps, as one run of bytes, and the axes around them with steps in bytes. */
function runsOf(
  itemBytes: number,
  shape: readonly number[],
  strides: readonly number[],
): { outer: readonly number[]; steps: readonly number[]; run: number } {
  const axes = shape.map((size, axis) => ({ size, step: strides[axis]! * itemBytes }));
  const long = axes.filter(({ size }) => size > 1);
  let run = itemBytes;
  while (long.length > 0 && long.at(-1)!.step === run) run *= long.pop()!.size;
  return { outer: long.map(({ size }) => size), steps: long.map(({ step }) => step), run };
}

/** Turns the bytes of every number around, in place: big-endian to little-endian and back. */
export function swapByteOrder(bytes: Uint8Array, itemBytes: number): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (itemBytes === 2) buffer.swap16();
  else if (itemBytes === 4) buffer.swap32();
  else if (itemBytes === 8) buffer.swap64();
  return bytes;
}
