/**
 * The coverage that equal laws have: what perfect images score, in closed form.
 *
 * A real row is missed where its k nearest among all N + M - 1 other rows are real ones. For independent rows of one
 * continuous law each choice of N - 1 among them is as likely, whatever the law and the number of columns, so that
 * E[coverage] = 1 - prod over i = 1..k of (N - i) / (N + M - i) (Naeem et al. 2020, for coverage; the paper's own tables
 * fit it with N = M = 10,000 and k = 5). The other three values of PRDC have no such form: they depend on the law.
 */

/** Of which coverage is asked for. */
export interface CoverageSizes {
  /** Independent rows of each side. */
  readonly real: number;
  readonly generated: number;
  /** Neighbours that make a ball. */
  readonly k: number;
}

/**
 * The expected coverage of generated rows that have the real rows' law.
 * @returns from 0 to 1; 1 - 2^-k, nearly, for many rows and as many generated as real
 * @throws RangeError where a count is no integer, none are generated, or k is not from 1 to real - 1
 * @example expectedCoverage({ real: 10_000, generated: 10_000, k: 5 }) // 0.96880
 */
export function expectedCoverage({ real, generated, k }: CoverageSizes): number {
  for (const [name, count] of Object.entries({ real, generated, k }))
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(
        `Cannot expect a coverage: ${name} is an integer of at least 1, got ${String(count)}`,
      );
  if (k >= real)
    throw new RangeError(
      `Cannot expect a coverage: more real rows than k are needed, got ${real} rows for k = ${k}`,
    );
  let missed = 1;
  for (let i = 1; i <= k; i++) missed *= (real - i) / (real + generated - i);
  return 1 - missed;
}
