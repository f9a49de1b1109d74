/** Half-precision floats (IEEE binary16), which JavaScript has no array of. */

let table: Float32Array | undefined;

/**
 * Widens halves to float32 by a table of all 65,536: exact, NaN and infinities included.
 * @param halves their bits
 * @example widenHalves(Uint16Array.of(0x3c00)) // Float32Array [1]
 */
export function widenHalves(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => half(bits));
  const wide = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) wide[i] = table[halves[i]!]!;
  return wide;
}

function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits < 32_768 ? 1 : -1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
