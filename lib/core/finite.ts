/**
 * Whether every number is finite; as quick as reading them, which a callback for each is not.
 * @example areFinite(Float64Array.of(1, Number.NaN)) // false
 */
export function areFinite(numbers: Float32Array | Float64Array): boolean {
  // zero times a finite number is zero, times another NaN, which stays
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]! * 0;
  return sum === 0;
}
