/** Work that Ctrl-C stops, as a rule at a point from which the same call goes on. */

/**
 * Runs work with a signal that SIGINT and SIGTERM abort.
 * @param after what a stop leaves: the words of the message behind "stopped"
 * @throws what the work throws; an Error that says so where it was stopped
 */
export async function stoppable<T>(
  work: (signal: AbortSignal) => Promise<T>,
  after: string = "the same call goes on where it was",
): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new Error(`stopped; ${after}`));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
  }
}
