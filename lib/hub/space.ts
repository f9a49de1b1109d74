/** Whether a disk has room, asked before anything is written to it. */
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { HubError } from "./errors.js";

/** Space that is left free: a disk filled to the last byte stops other programs. */
const RESERVE_BYTES: number = 64 << 20;

/**
 * Makes sure that a folder's disk has room.
 * @param folder need not be there yet
 * @param bytes that will be written
 * @throws HubError of kind "no space" with what is needed and what is free
 */
export async function checkSpace(folder: string, bytes: number): Promise<void> {
  if (bytes <= 0) return;
  let there = resolve(folder);
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  const { bavail, bsize } = await statfs(there);
  const free = bavail * bsize;
  if (bytes + RESERVE_BYTES <= free) return;
  throw new HubError(
    "no space",
    `Cannot download into ${folder}: ${gigabytes(bytes)} are needed, got ${gigabytes(free)} free; choose fewer shards, or another disk (--to DIR, HF_HUB_CACHE)`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 0)} GB`;
}
