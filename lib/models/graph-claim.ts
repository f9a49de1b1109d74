/**
 * One process at a time builds a graph, and takes away what killed ones left: folders NAME.UUID beside the graphs, with
 * the whole of the weights in them where these were copied.
 */
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Claims } from "../io/index.js";

/** A folder that is being made or was set aside, and the graph's name that it was to have. */
const UNFINISHED = /^(.+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Does something while no other process builds the same graph; waits for one that does and lives.
 * @param there the folder that the graph is to have
 * @throws what `build` throws; the signal's reason where it stops the waiting
 */
export async function buildAlone<T>(
  there: string,
  signal: AbortSignal | undefined,
  build: () => Promise<T>,
): Promise<T> {
  const folder = dirname(there);
  const claims = new Claims(join(folder, "claims"));
  try {
    await claims.wait(basename(there), signal);
    await sweepUnfinished(folder, basename(there), claims);
    return await build();
  } finally {
    await claims.close();
  }
}

/** Removes what nobody who lives is making: of the graph that is claimed all, of others where their claim can be had. */
async function sweepUnfinished(folder: string, claimed: string, claims: Claims): Promise<void> {
  for (const entry of await readdir(folder)) {
    const name = UNFINISHED.exec(entry)?.[1];
    if (name === undefined) continue;
    const claim = name === claimed ? undefined : await claims.try(name);
    if (name !== claimed && claim === undefined) continue;
    await rm(join(folder, entry), { recursive: true, force: true });
    if (claim !== undefined) await claims.release(claim);
  }
}
