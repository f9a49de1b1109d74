/** Square matrices, row-major: the sum along the diagonal, and the upper half as both. */

/**
 * The sum of the diagonal.
 * @param matrix size x size, row-major
 * @example trace(Float64Array.of(1, 2, 3, 4), 2) // 5
 */
export function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * (size + 1)]!;
  return sum;
}

/**
 * Divides the upper half and writes it into the lower one, in place: symmetric to the bit.
 * @param matrix size x size, row-major
 * @example mirrorUpper(Float64Array.of(2, 4, 0, 6), 2, 2) // Float64Array [1, 2, 2, 3]
 */
export function mirrorUpper(matrix: Float64Array, size: number, divisor: number): Float64Array {
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++)
      matrix[i * size + j] = matrix[j * size + i] = matrix[i * size + j]! / divisor;
  return matrix;
}
