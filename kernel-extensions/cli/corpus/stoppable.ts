/** Work that Ctrl-C stops at a point from which the same call goes on. */

/**
 * Runs work with a signal that SIGINT and SIGTERM abort.
 * @throws what the work throws; an Error that says so where it was stopped
 */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error("stopped; the same call goes on where it was"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
  }
}
