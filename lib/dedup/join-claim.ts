/**
 * One process at a time has a join's journal: two that write to one would each leave out what the other has found.
 *
 * The claim is a file beside the journal, gone when the join ends. Of a holder that cannot be told to have ended (another
 * machine, or this one before it was started anew) the claim is watched: whoever lives changes it every second.
 */
import { basename, dirname } from "node:path";
import { Claims, isClaimHeld } from "../io/index.js";

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
  const claims = new Claims(dirname(path));
  try {
    const token = await claims.tryPatiently(`${basename(path)}.claim`, { signal });
    if (token === undefined)
      throw new Error(
        `Cannot join rows with the journal ${path}: one that no other process writes to is needed, got one that a living process is at work on; wait until it has ended, or name another file`,
      );
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
