/**
 * What of the process belongs to the cells while a session lives: its two output streams, its exit, the errors that
 * nobody caught and how much of their stacks is kept, and SIGINT. Everything is given back when the session closes.
 */
import { KEPT_FRAMES } from "./traceback.js";

/** Where the session wants them. */
export interface ProcessHooks {
  /** @returns whether a cell took the text; if not it goes where it would have gone */
  write(name: "stdout" | "stderr", chunk: string | Uint8Array): boolean;
  /** @returns whether it was a cell that called, so that the process goes on and the error is thrown */
  exit(error: Error): boolean;
  stray(thrown: unknown): void;
  signal(): void;
}

/** What `process.exit` does in a cell. */
export class ExitInCell extends Error {
  override readonly name = "ExitInCell";
}

/** Takes the process over; the function that it returns gives it back. */
export function takeOverProcess(hooks: ProcessHooks): () => void {
  const undo: (() => void)[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    const stream = process[name];
    const original = stream.write;
    stream.write = ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const bytes =
        typeof chunk === "string" && typeof encoding === "string" && !/^utf-?8$/i.test(encoding)
          ? Buffer.from(chunk, encoding as BufferEncoding)
          : chunk;
      if (!hooks.write(name, bytes)) return Reflect.apply(original, stream, [chunk, encoding, callback]);
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") queueMicrotask(() => done());
      return true;
    }) as typeof stream.write;
    undo.push(() => {
      stream.write = original;
    });
  }

  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = KEPT_FRAMES;
  undo.push(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  const exit = process.exit;
  process.exit = ((code?: number | string | null) => {
    const error = new ExitInCell(
      `Cannot leave the kernel from a cell: process.exit(${code ?? ""}) was called; end the cell with \`throw\`, or restart the kernel`,
    );
    if (hooks.exit(error)) throw error;
    return Reflect.apply(exit, process, [code]);
  }) as typeof process.exit;
  undo.push(() => {
    process.exit = exit;
  });

  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    const listener = (thrown: unknown) => hooks.stray(thrown);
    process.on(event, listener);
    undo.push(() => process.off(event, listener));
  }
  const onSignal = () => hooks.signal();
  process.on("SIGINT", onSignal);
  undo.push(() => process.off("SIGINT", onSignal));

  return () => {
    for (const step of undo) step();
  };
}
