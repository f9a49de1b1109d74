/**
 * A lock between processes: a file that whoever works on something holds, and shows to be alive by.
 *
 * A file made with O_EXCL has one maker. The holder writes a count into it every second; a waiter that sees no change
 * for ten seconds of its own waiting takes the lock over, so a killed holder blocks nobody, and no clock is compared
 * between machines. Where the waiter can ask whether a process lives, and the holder was on the same machine, a dead
 * one's lock is taken at once. Python's own locks (`flock` on files beside these) cannot be held from Node; both sides
 * write to files of their own and rename, so the worst is the same file fetched twice.
 */
import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** The process that asks for a lock, and how it learns whether another one lives: values that a program passes in. */
export interface ProcessIdentity {
  readonly id: number;
  isAlive(id: number): boolean;
}

/** How a lock is held and waited for. */
export interface LockOptions {
  readonly process?: ProcessIdentity | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How often the holder shows that it lives. */
  readonly beatMilliseconds?: number;
  /** How long a lock must have stood still to be taken over; many beats. */
  readonly staleMilliseconds?: number;
}

/**
 * Does some work that only one process may do at a time.
 * @param path the lock's file; its folder is made
 * @param work gets a signal that is aborted where the lock was lost to another process, or the caller stops
 * @returns what the work returns
 * @throws the signal's reason where it stops the waiting
 * @example await withLock("/cache/.locks/a.lock", async () => download());
 */
export async function withLock<T>(
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { signal, beatMilliseconds = 1000 } = options;
  await mkdir(dirname(path), { recursive: true });
  const mine = randomUUID();
  const handle = await acquire(path, mine, options);
  const lost = new AbortController();
  let beats = 0;
  let beating: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beats++;
    beating = beating
      .then(async () => {
        if ((await holderOf(path)) !== mine) throw new Error(`Cannot go on: the lock ${path} was taken over`);
        await handle.write(content(mine, options.process, beats), 0);
      })
      .catch((error) => lost.abort(error));
  }, beatMilliseconds);
  timer.unref();
  try {
    return await work(signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(timer);
    await beating;
    if ((await holderOf(path)) === mine) await unlink(path).catch(() => {});
    await handle.close();
  }
}

async function acquire(path: string, mine: string, options: LockOptions): Promise<FileHandle> {
  const { signal, beatMilliseconds = 1000, staleMilliseconds = 10_000 } = options;
  const pollMilliseconds = Math.min(100, beatMilliseconds);
  let seen: string | undefined;
  let stillMilliseconds = 0;
  for (;;) {
    signal?.throwIfAborted();
    const handle = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return undefined;
      throw error;
    });
    if (handle !== undefined) {
      await handle.write(content(mine, options.process, 0), 0);
      return handle;
    }
    const now = await readFile(path, "utf8").catch(() => undefined);
    stillMilliseconds = now === seen ? stillMilliseconds + pollMilliseconds : 0;
    seen = now;
    if (now !== undefined && (stillMilliseconds >= staleMilliseconds || isDead(now, options.process))) {
      await breakLock(path, now, mine);
      stillMilliseconds = 0;
      continue;
    }
    await pause(pollMilliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  }
}

/** Moves a dead lock aside; where another waiter was faster and its live lock was moved, that one notices at its next beat. */
async function breakLock(path: string, dead: string, mine: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) !== dead) return;
  const aside = `${path}.${mine}`;
  await rename(path, aside).catch(() => {});
  await unlink(aside).catch(() => {});
}

function content(id: string, self: ProcessIdentity | undefined, beats: number): string {
  // of one length, so that a beat overwrites the one before
  return `${JSON.stringify({ id, host: hostname(), process: self?.id ?? null, beats: String(beats).padStart(10, "0") })}\n`;
}

async function holderOf(path: string): Promise<string | undefined> {
  return parse(await readFile(path, "utf8").catch(() => "")).id;
}

function isDead(text: string, self: ProcessIdentity | undefined): boolean {
  const holder = parse(text);
  return (
    self !== undefined &&
    holder.host === hostname() &&
    typeof holder.process === "number" &&
    !self.isAlive(holder.process)
  );
}

function parse(text: string): {
  readonly id?: string;
  readonly host?: string;
  readonly process?: number | null;
} {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
