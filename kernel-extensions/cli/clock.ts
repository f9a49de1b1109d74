/** The clock of the commands, which the library has none of. */

/** Seconds since this process began. */
export function seconds(): number {
  return performance.now() / 1000;
}
