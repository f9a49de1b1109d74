/** Brings bytes to a reader out of a stream, as it passes. */
import type { Feed } from "./feed.js";
import type { Need } from "./reading.js";

/** A feed over bytes that pass once; holds what the reader may ask for again, and pulls only when asked. */
export function streamFeed(stream: AsyncIterable<Uint8Array>): Feed {
  const chunks: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  let isDone = false;
  let iterator: AsyncIterator<Uint8Array> | undefined;

  function forget(keep: number): void {
    let gone = 0;
    while (gone < chunks.length && start + chunks[gone]!.length <= keep) start += chunks[gone++]!.length;
    if (gone > 0) chunks.splice(0, gone);
  }

  function held(need: Need): Uint8Array {
    const from = Math.max(need.offset, start);
    const wanted = Math.max(0, Math.min(need.offset + need.length, end) - from);
    let at = start;
    let i = 0;
    while (i < chunks.length && at + chunks[i]!.length <= from) at += chunks[i++]!.length;
    const first = chunks[i];
    if (first === undefined || wanted === 0) return new Uint8Array(0);
    if (from - at + wanted <= first.length) return first.subarray(from - at, from - at + wanted);
    const bytes = new Uint8Array(wanted);
    for (let done = 0; done < wanted; i++) {
      const piece = chunks[i]!.subarray(done === 0 ? from - at : 0).subarray(0, wanted - done);
      bytes.set(piece, done);
      done += piece.length;
    }
    return bytes;
  }

  async function pull(need: Need): Promise<Uint8Array> {
    iterator ??= stream[Symbol.asyncIterator]();
    while (!isDone && end < need.offset + need.length) {
      const { done, value } = await iterator.next();
      if (done) isDone = true;
      else if (value.length > 0) {
        chunks.push(value);
        end += value.length;
        forget(need.keep);
      }
    }
    if (isDone) need.end = end;
    return held(need);
  }

  return {
    take(need): Uint8Array | Promise<Uint8Array> {
      forget(need.keep);
      if (isDone || end >= need.offset + need.length) return held(need);
      return pull(need);
    },
    async close(): Promise<void> {
      chunks.length = 0;
      if (!isDone) await iterator?.return?.();
    },
  };
}
