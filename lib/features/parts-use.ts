/**
 * Who uses a folder of parts: each process has a claim in it while it makes or reads them, so that none takes them away
 * from under another, and what is taken away is what this program made.
 *
 * Coming and taking away exclude each other by the claim on extraction.json: whoever comes is seen, or finds nothing.
 */
import { randomUUID } from "node:crypto";
import { readdir, rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Claims, namesIn } from "../io/index.js";
import { OtherExtractionError, PARTS_MANIFEST_FILE } from "./parts-manifest.js";

const PART: RegExp = /^[\w-][\w.-]*\.part$/;
const PART_BEING_MADE: RegExp = /^\.[\w-][\w.-]*\.part\.[\w-]+\.tmp$/;
const MANIFEST_BEING_MADE: RegExp = /^\.extraction\.json\.[\w-]+\.tmp$/;

/** A process' use of a folder of parts. */
export interface PartsUse {
  /**
   * Ends the use and takes the parts away; what else is in the folder stays, and the folder with it.
   * @returns false where others use the folder too: the last one takes the parts away
   */
  remove(): Promise<boolean>;
  /** Ends the use. */
  close(): Promise<void>;
}

/**
 * Begins to use a folder of parts, which is made where it is not there.
 * @throws OtherExtractionError, before anything is made in it, where it is a folder of other things; the signal's reason
 * @example
 * const use = await usePartsFolder("F.npz.parts");
 * await writeFeatures("F.npz", await featuresToWrite(await extractFeatures(images, { encoder, folder: "F.npz.parts" })));
 * await use.remove(); // true
 */
export async function usePartsFolder(folder: string, signal?: AbortSignal): Promise<PartsUse> {
  const home = resolve(folder);
  await refuseForeign(home);
  const claims = new Claims(join(home, "claims"));
  try {
    const coming = await claims.wait(PARTS_MANIFEST_FILE, signal);
    // nobody else makes this name
    const own = (await claims.try(`use-${randomUUID()}`))!;
    await claims.release(coming);
    return {
      async remove() {
        const leaving = await claims.wait(PARTS_MANIFEST_FILE, signal);
        await claims.release(own);
        await claims.sweep();
        const isLast = (await readdir(join(home, "claims"))).every((name) =>
          name.startsWith(`${PARTS_MANIFEST_FILE}.`),
        );
        if (isLast) await removeOurs(home);
        await claims.release(leaving);
        if (isLast) for (const empty of [join(home, "claims"), home]) await removeEmpty(empty);
        return isLast;
      },
      close: () => claims.close(),
    };
  } catch (error) {
    await claims.close();
    throw error;
  }
}

/** A folder without a manifest may hold what processes have begun that were killed before they wrote one, no more. */
async function refuseForeign(home: string): Promise<void> {
  const names = await namesIn(home);
  if (names.includes(PARTS_MANIFEST_FILE)) return;
  const inParts = names.includes("parts") ? await namesIn(join(home, "parts")) : [];
  const foreign =
    names.find((name) => name !== "parts" && name !== "claims" && !MANIFEST_BEING_MADE.test(name)) ??
    inParts.find((name) => !PART_BEING_MADE.test(name));
  if (foreign !== undefined)
    throw new OtherExtractionError(
      `Cannot extract into ${home}: an empty folder or the parts of the same run are needed, got one with ${JSON.stringify(foreign)} in it`,
    );
}

async function removeOurs(home: string): Promise<void> {
  const parts = join(home, "parts");
  for (const name of await namesIn(parts))
    if (PART.test(name) || PART_BEING_MADE.test(name)) await rm(join(parts, name), { force: true });
  await removeEmpty(parts);
  for (const name of await namesIn(home))
    if (name === PARTS_MANIFEST_FILE || MANIFEST_BEING_MADE.test(name))
      await rm(join(home, name), { force: true });
}

async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code ?? "")) throw error;
  });
}
