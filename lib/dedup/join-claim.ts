/**
 * One process at a time has a join's journal: two that write to one would each leave out what the other has found.
 *
 * The claim is a file beside the journal, gone when the join ends. Of a holder that cannot be told to have ended (another
 * machine, or this one before it was started anew) the claim is watched: whoever lives changes it every second.
 */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Claims, type ClaimToken, isClaimHeld } from "../io/index.js";

/** How often a claim that another holds is looked at. */
const LOOK_MS = 100;

/** A journal that no other process writes to. */
export interface JournalClaim {
  /**
   * Asked before anything is written.
   * @throws Error where the claim was lost: this process stood still for so long that it was taken for dead
   */
  check(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Claims a journal; waits for as long as it takes to tell that its holder is dead, up to a minute.
 * @throws Error where its holder lives; the signal's reason where it stops the waiting
 */
export async function claimJournal(path: string, signal: AbortSignal | undefined): Promise<JournalClaim> {
  const folder = dirname(path);
  const name = `${basename(path)}.claim`;
  const claims = new Claims(folder);
  try {
    const token = await claimOfTheDead(claims, path, { folder, name }, signal);
    return {
      async check() {
        if (!(await isClaimHeld(token)))
          throw new Error(
            `Cannot go on with the join in ${path}: the journal is needed for one process alone, got another that took it while this one stood still`,
          );
      },
      release: () => claims.close(),
    };
  } catch (error) {
    await claims.close();
    throw error;
  }
}

async function claimOfTheDead(
  claims: Claims,
  path: string,
  at: { readonly folder: string; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<ClaimToken> {
  let before = "";
  for (;;) {
    signal?.throwIfAborted();
    const token = await claims.try(at.name);
    if (token !== undefined) return token;
    const now = await claimText(at);
    if (before !== "" && now !== "" && now !== before)
      throw new Error(
        `Cannot join rows with the journal ${path}: one that no other process writes to is needed, got one that a living process is at work on; wait until it has ended, or name another file`,
      );
    if (now !== "") before = now;
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** What the claims of a name say; "" where there is none, or none that can be read. */
async function claimText({
  folder,
  name,
}: {
  readonly folder: string;
  readonly name: string;
}): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${name}.`)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8").catch(() => "")));
  return texts.join("");
}
