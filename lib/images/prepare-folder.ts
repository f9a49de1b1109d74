/**
 * How prepared images lie in their folder, and how a run that was killed goes on.
 *
 *     a.png, cats/b.png      the images; a file appears only whole
 *     failed.json            the images that no pixels could be had from, and why; absent where there are none
 *     .gpic-lab/             prepare.json: of which set, by which protocol; parts/NAME.json: a part that is done;
 *                            new/: files that are not whole yet; lock
 */
import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder, writeDurably } from "../io/index.js";
import type { ImageSet } from "./image-set.js";
import type { ProtocolId } from "./protocol.js";

const FORMAT = "gpic-lab prepare";
const OWN_FOLDER = ".gpic-lab";

/** An image that there is no file of. */
export interface FailedImage {
  /** Hostile text. */
  readonly key: string;
  /** An ImageError's kind; "container" where the record around it is damaged; "unreadable", "thread died", "failed". */
  readonly kind: string;
  readonly message: string;
}

/** What is written of a part that is done. */
export interface PreparedPart {
  /** Its files, in the order of its images. */
  readonly files: readonly string[];
  /** Names that images have which failed, so that those behind them keep theirs. */
  readonly unused: readonly string[];
  readonly failed: readonly FailedImage[];
}

/** The folder of one run. */
export interface PreparedFolder {
  /** Whether an image's file is there, and not empty. */
  has(file: string): Promise<boolean>;
  /** Writes an image's file: beside, then renamed. */
  write(file: string, bytes: Uint8Array): Promise<void>;
  /** What is written of a part; undefined where it is not done. */
  part(name: string): Promise<PreparedPart | undefined>;
  finishPart(name: string, part: PreparedPart): Promise<void>;
  /** Writes the list of what failed, or takes an old one away. */
  writeFailed(failed: readonly FailedImage[]): Promise<void>;
}

/** The place of the lock that keeps two processes from one folder. */
export function lockOf(folder: string): string {
  return join(folder, OWN_FOLDER, "lock");
}

/**
 * Opens a folder for a set and a protocol, and sweeps what a killed run left. The lock must be held.
 * @throws Error where the folder holds images of another set or protocol, or files that no run of ours made
 */
export async function openPreparedFolder(
  folder: string,
  set: ImageSet,
  protocol: ProtocolId,
): Promise<PreparedFolder> {
  const own = join(folder, OWN_FOLDER);
  await rm(join(own, "new"), { recursive: true, force: true });
  for (const name of ["new", "parts"]) await makeFolder(join(own, name));
  const made = new Map<string, Promise<unknown>>();
  const writeWhole = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    const beside = join(own, "new", randomUUID());
    await writeFile(beside, bytes);
    await rename(beside, path);
  };
  await expectSame(folder, join(own, "prepare.json"), set, protocol);
  return {
    async has(file) {
      const found = await stat(join(folder, file)).catch(missing);
      return found?.isFile() === true && found.size > 0;
    },
    async write(file, bytes) {
      const inside = dirname(join(folder, file));
      if (!made.has(inside)) made.set(inside, makeFolder(inside));
      await made.get(inside);
      await writeWhole(join(folder, file), bytes);
    },
    async part(name) {
      const text = await readFile(join(own, "parts", `${name}.json`), "utf8").catch(missing);
      return text === undefined ? undefined : parsed(text);
    },
    finishPart: (name, part) => writeDurably(join(own, "parts", `${name}.json`), JSON.stringify(part)),
    async writeFailed(failed) {
      const path = join(folder, "failed.json");
      if (failed.length === 0) await rm(path, { force: true });
      else await writeWhole(path, `[\n${failed.map((one) => `  ${JSON.stringify(one)}`).join(",\n")}\n]\n`);
    },
  };
}

async function expectSame(folder: string, path: string, set: ImageSet, protocol: ProtocolId): Promise<void> {
  const now = { format: FORMAT, protocol, fingerprint: set.fingerprint, images: set.describe() };
  const text = await readFile(path, "utf8").catch(missing);
  if (text === undefined) {
    const [stranger] = (await readdir(folder)).filter((name) => !name.startsWith("."));
    if (stranger !== undefined)
      throw new Error(
        `Cannot prepare into ${folder}: an empty folder or one of an earlier run is needed, got one with ${JSON.stringify(stranger)}; choose another folder`,
      );
    return writeDurably(path, `${JSON.stringify(now, null, 2)}\n`);
  }
  const before = parsed<Partial<typeof now>>(text);
  if (before === undefined)
    throw new Error(
      `Cannot prepare into ${folder}: the record of the earlier run is needed, got ${path} damaged; choose another folder, or remove this one`,
    );
  if (before.protocol === protocol && before.fingerprint === set.fingerprint) return;
  const needed = `the same images and protocol as before are needed (${before.images}, ${before.protocol})`;
  throw new Error(
    `Cannot prepare into ${folder}: ${needed}, got ${now.images}, ${protocol}${before.images === now.images ? ", with other names, sizes or times" : ""}; ` +
      "choose another folder, or remove this one",
  );
}

/** Undefined where a record is not whole, as a power cut may leave it. */
function parsed<T>(text: string): T | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}
