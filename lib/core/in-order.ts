/** Works on so many items at once and hands the results out in the items' order. */

/** How much runs at once, and what stops it. */
export interface InOrderOptions {
  /** A whole number from 1. */
  readonly atOnce: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Maps items to results, each by work of its own.
 * @param items they are taken one after the other, with the signal that stops them too
 * @param work its signal is aborted when the caller's is, or when whoever takes the results leaves early: no work outlives
 *   the loop
 * @throws what `items` or `work` throws, in its turn; the signal's reason where it was stopped
 */
export async function* inOrder<Item, Result>(
  items: (signal: AbortSignal) => AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  { atOnce, signal: stop }: InOrderOptions,
): AsyncGenerator<Result, void, undefined> {
  const left = new AbortController();
  const signal = stop === undefined ? left.signal : AbortSignal.any([stop, left.signal]);
  const running: Promise<Result>[] = [];
  try {
    for await (const item of items(signal)) {
      signal.throwIfAborted();
      const result = work(item, signal);
      // awaited in its turn: until then a failure must not count as unhandled
      result.catch(() => {});
      running.push(result);
      while (running.length >= atOnce) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    // whoever leaves early leaves no question behind, and no answer that comes when its file is closed
    left.abort(new Error("Cannot go on: the results are no longer asked for"));
    await Promise.allSettled(running);
  }
}
