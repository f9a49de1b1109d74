/**
 * Works on so many items at once and hands the results out in the items' order.
 *
 * What counts is what runs: a result that is there before its turn waits and holds no place, so that one slow item does not
 * stop the others. Results wait in a window of so many times as many: it bounds the memory, and how long the oldest may take
 * before all wait for it.
 */

/**
 * Results that are under way or wait for their turn, for each that may run at once: the oldest may take 64 times as long as
 * others before it stops them, as a question does that is sent again after it timed out. At some kilobytes a result, eight
 * at once hold a megabyte or two.
 */
const WINDOW = 64;

/** How much runs at once, and what stops it. */
export interface InOrderOptions {
  /** A whole number from 1. */
  readonly atOnce: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Maps items to results, each by work of its own.
 * @param items they are taken one after the other, at most `64 * atOnce` before the oldest result that was not handed out;
 *   the signal that stops the work stops them too
 * @param work its signal is aborted when the caller's is, or when whoever takes the results leaves early: no work outlives
 *   the loop
 * @throws what `items` or `work` throws, in its turn, after the results before it; the signal's reason where it was stopped;
 *   RangeError where `atOnce` is not a whole number from 1
 * @example for await (const size of inOrder(() => urls, sizeOf, { atOnce: 8 })) console.log(size);
 */
export async function* inOrder<Item, Result>(
  items: (signal: AbortSignal) => AsyncIterable<Item> | Iterable<Item>,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  { atOnce, signal: stop }: InOrderOptions,
): AsyncGenerator<Result, void, undefined> {
  if (!Number.isSafeInteger(atOnce) || atOnce < 1)
    throw new RangeError(`Cannot work in order: a whole number at once from 1 is needed, got ${atOnce}`);
  const left = new AbortController();
  const signal = stop === undefined ? left.signal : AbortSignal.any([stop, left.signal]);
  const line: Place<Result>[] = [];
  let running = 0;
  let wake = () => {};
  const enter = (result: Promise<Result>) => {
    const place = { result, hasEnded: false };
    running++;
    const end = () => {
      place.hasEnded = true;
      running--;
      wake();
    };
    // a failure is thrown in its turn: until then it must not count as unhandled
    result.then(end, end);
    line.push(place);
  };
  try {
    for await (const step of steps(() => items(signal))) {
      signal.throwIfAborted();
      enter("error" in step ? Promise.reject(step.error) : work(step.item, signal));
      while (line[0]?.hasEnded || running >= atOnce || line.length >= WINDOW * atOnce)
        if (line[0]!.hasEnded) yield await line.shift()!.result;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
    }
    while (line.length > 0) yield await line.shift()!.result;
  } finally {
    // whoever leaves early leaves no question behind, and no answer that comes when its file is closed
    left.abort(new Error("Cannot go on: the results are no longer asked for"));
    await Promise.allSettled(line.map(({ result }) => result));
  }
}

interface Place<Result> {
  readonly result: Promise<Result>;
  hasEnded: boolean;
}

/** The items, and in the place of the next one what their source throws. */
async function* steps<Item>(
  items: () => AsyncIterable<Item> | Iterable<Item>,
): AsyncGenerator<{ readonly item: Item } | { readonly error: unknown }, void, undefined> {
  try {
    for await (const item of items()) yield { item };
  } catch (error) {
    yield { error };
  }
}
