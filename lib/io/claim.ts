/**
 * Claims: which process works on what, in a folder that several of them share.
 *
 * A claim is a file NAME.N that is linked to where no other is, so it has one maker; the highest N holds. A dead holder is
 * followed by whoever makes NAME.N+1 first; a holder that was only suspended can see the higher number before it
 * publishes (`isClaimHeld`). Dead is who ran on this machine, under this
 * system start and user, and is no longer there (told by /proc, where there is one); otherwise who has not changed
 * his file for a minute of the watcher's own waiting, so that no clock is compared between machines. A wrong verdict
 * costs work done twice, never a row: what is published is renamed into place whole.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { type FileHandle, link, open, readdir, readFile, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryName } from "./durable-file.js";
import { makeFolder } from "./make-folder.js";

/** How often a holder shows that it lives. */
const BEAT_MS = 1000;
/** How long a claim of another machine stands still until it counts as dead: network file systems show a change up to half a minute late. */
const STALE_MS = 60_000;
/** What `temporaryName` makes of a claim's name. */
const UNLINKED = /^\..+\.\d+\.[0-9a-f-]{36}\.tmp$/;
/** How often a claim that may be of somebody dead is looked at. */
const LOOK_MS = 250;
/** How often a wait for a claim tries again. */
const POLL_MS = 50;

/** A claim as it can be handed to a thread. */
export interface ClaimToken {
  readonly folder: string;
  readonly name: string;
  readonly generation: number;
  readonly id: string;
}

/** The claims of this process in one folder, with the beat that keeps them alive. */
export class Claims {
  readonly #folder: string;
  readonly #held = new Map<string, { readonly token: ClaimToken; readonly handle: FileHandle }>();
  readonly #watched = new Map<string, { content: string; stale: boolean; timer: NodeJS.Timeout }>();
  readonly #holder = thisProcess();
  #beats = 0;
  readonly #timer: NodeJS.Timeout;

  /** @param folder is made where it is not there */
  constructor(folder: string) {
    this.#folder = folder;
    this.#timer = setInterval(() => void this.#beat(), BEAT_MS);
    this.#timer.unref();
  }

  /** Claims something; undefined where a process that lives holds it. */
  async try(name: string): Promise<ClaimToken | undefined> {
    const newest = await newestGeneration(this.#folder, name);
    if (newest > 0 && !(await this.#isDead(join(this.#folder, `${name}.${newest}`)))) return undefined;
    const token = { folder: this.#folder, name, generation: newest + 1, id: randomUUID() };
    const handle = await makeAlone(pathOf(token), this.#content(token.id));
    if (handle === undefined) return undefined;
    this.#held.set(token.id, { token, handle });
    return token;
  }

  /**
   * Claims something for a long time. Of a holder of whom nobody can tell at once whether he lives (another machine, or this
   * one before it was started anew) the claim is watched, for a minute at most.
   * @param options.onWaiting is called while it is watched
   * @returns undefined where its holder lives
   * @throws the signal's reason
   */
  async tryPatiently(
    name: string,
    {
      signal,
      onWaiting,
    }: { readonly signal?: AbortSignal | undefined; readonly onWaiting?: () => void } = {},
  ): Promise<ClaimToken | undefined> {
    let before = "";
    for (;;) {
      signal?.throwIfAborted();
      const token = await this.try(name);
      if (token !== undefined) return token;
      const newest = await newestGeneration(this.#folder, name);
      const now = await readFile(join(this.#folder, `${name}.${newest}`), "utf8").catch(() => "");
      const { machine, pid } = parse(now);
      const isHere = pid !== undefined && machine === this.#holder.machine && !hasEnded(now, this.#holder);
      // whoever lives changes it every second
      if (isHere || (before !== "" && now !== "" && now !== before)) return undefined;
      if (now !== "") before = now;
      onWaiting?.();
      await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Claims something that is held for moments only. */
  async wait(name: string, signal?: AbortSignal): Promise<ClaimToken> {
    for (;;) {
      signal?.throwIfAborted();
      const token = await this.try(name);
      if (token !== undefined) return token;
      await pause(POLL_MS);
    }
  }

  /** Gives a claim back, and with it those of the dead before it. */
  async release(token: ClaimToken): Promise<void> {
    const held = this.#held.get(token.id);
    if (held === undefined) return;
    this.#held.delete(token.id);
    await held.handle.close();
    for (let older = 1; older < token.generation; older++)
      await rm(join(this.#folder, `${token.name}.${older}`), { force: true });
    if ((await idIn(pathOf(token))) === token.id) await rm(pathOf(token), { force: true });
  }

  /** Removes the claims of the dead: what they were at was finished by others, or is not there to be taken up. */
  async sweep(): Promise<void> {
    for (const file of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, file);
      if (await this.#isDead(path)) await rm(path, { force: true });
    }
  }

  /** Gives everything back. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const { timer } of this.#watched.values()) clearTimeout(timer);
    for (const { token } of [...this.#held.values()]) await this.release(token);
    await this.#removeUnlinked();
  }

  /** Takes away what processes have left that were killed between making a claim's file and giving it its name. */
  async #removeUnlinked(): Promise<void> {
    for (const file of await readdir(this.#folder).catch(() => [])) {
      if (!UNLINKED.test(file)) continue;
      const path = join(this.#folder, file);
      const content = await readFile(path, "utf8").catch(() => undefined);
      // of an empty one the maker, if he lives, makes another
      if (content === "" || (content !== undefined && hasEnded(content, this.#holder)))
        await rm(path, { force: true });
    }
  }

  async #beat(): Promise<void> {
    this.#beats++;
    // a claim that cannot be shown to live is lost by and by, and `isClaimHeld` tells
    for (const { token, handle } of this.#held.values())
      await handle
        .write(this.#content(token.id), 0)
        // a network's file system shows others what was brought to the disk
        .then(() => handle.datasync())
        .catch(() => {});
  }

  #content(id: string): string {
    // of one length, so that a beat overwrites the one before
    return `${JSON.stringify({ id, ...this.#holder, beats: String(this.#beats).padStart(10, "0") })}\n`;
  }

  async #isDead(path: string): Promise<boolean> {
    const content = await readFile(path, "utf8").catch(() => "");
    if (hasEnded(content, this.#holder)) return true;
    const seen = this.#watched.get(path);
    if (seen?.content === content) return seen.stale;
    clearTimeout(seen?.timer);
    const watch = { content, stale: false, timer: setTimeout(() => (watch.stale = true), STALE_MS) };
    watch.timer.unref();
    this.#watched.set(path, watch);
    return false;
  }
}

/** Whether a claim is still its holder's: asked right before something is published. */
export async function isClaimHeld(token: ClaimToken): Promise<boolean> {
  return (
    (await newestGeneration(token.folder, token.name)) === token.generation &&
    (await idIn(pathOf(token))) === token.id
  );
}

function pathOf({ folder, name, generation }: ClaimToken): string {
  return join(folder, `${name}.${generation}`);
}

async function newestGeneration(folder: string, name: string): Promise<number> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const generations = files
    .filter((file) => file.startsWith(`${name}.`))
    .map((file) => Number(file.slice(name.length + 1)));
  return Math.max(0, ...generations.filter(Number.isSafeInteger));
}

/** Makes a claim that nobody has, with its content at once: one that a killed process left empty would say of nobody whether he lives. */
async function makeAlone(path: string, content: string): Promise<FileHandle | undefined> {
  await makeFolder(dirname(path));
  const beside = temporaryName(path);
  let handle = await open(beside, "wx");
  try {
    await handle.write(content, 0);
    await link(beside, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw error;
      // a file system without links, or one whose file was taken for a dead process'
      await handle.close();
      handle = await open(path, "wx");
      await handle.write(content, 0);
    });
    return handle;
  } catch (error) {
    await handle.close().catch(() => {});
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

async function idIn(path: string): Promise<string | undefined> {
  return parse(await readFile(path, "utf8").catch(() => "")).id;
}

interface Holder {
  /** System start, room of process numbers and user: within one, a process that /proc does not show has ended. */
  readonly machine: string;
  readonly pid?: number;
  /** When it was started, in ticks since the system was: tells it from a later process of its number. */
  readonly started?: string;
}

function thisProcess(): Holder {
  try {
    const pid = Number(readlinkSync("/proc/self"));
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const machine = `${boot} ${readlinkSync("/proc/self/ns/pid")} ${userInfo().uid}`;
    return { machine, pid, started: startOf(pid) ?? "" };
  } catch {
    return { machine: hostname() };
  }
}

function hasEnded(content: string, mine: Holder): boolean {
  const { machine, pid, started } = parse(content);
  return pid !== undefined && mine.pid !== undefined && machine === mine.machine && startOf(pid) !== started;
}

/** The 22nd field of /proc/PID/stat; a zombie has ended too. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function parse(text: string): Partial<Holder> & { readonly id?: string } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
