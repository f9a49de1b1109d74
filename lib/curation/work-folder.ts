/**
 * What a curation that is not finished keeps beside its release, in `.curation/`: results of blocks of images, so that a
 * run that was stopped or killed goes on, and the claim by which a second process sees that one is at work.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { splits } from "../corpus/index.js";
import { Claims, makeFolder, namesIn, readJsonFile, writeDurably } from "../io/index.js";
import { MANIFEST_FILE, type Manifest, readManifest } from "./manifest.js";

const FOLDER = ".curation";
const PARTS: readonly string[] = ["decisions", ...splits];
/** Names that this program gives: no other file is ever taken away. */
const SHARD = /^(train|val|test)\/gpic_\1_\d{5,}\.tar$/;
const CLAIM = "curation";
/** What `temporaryName` makes, and a database's log beside it. */
const LEFT_BY_THE_KILLED = /^\..+\.[0-9a-f-]{36}\.tmp(?:\.wal)?$/;

/** The folder, while this process has it for itself. */
export class WorkFolder {
  /** The release's own folder. */
  readonly out: string;
  readonly #claims: Claims;
  readonly #isNew: boolean;

  private constructor(out: string, claims: Claims, isNew: boolean) {
    this.out = out;
    this.#isNew = isNew;
    this.#claims = claims;
  }

  /**
   * Takes a folder: an empty one, one with what the same inputs have begun, or a finished release. A claim that a machine
   * left which lost its power, or another machine, is waited for: it is dead when it has stood still for a minute.
   * @param options.onWaiting is called while it waits
   * @throws Error where another process is at work in it, or it holds anything else; the signal's reason
   */
  static async open(
    out: string,
    control: { readonly signal?: AbortSignal | undefined; readonly onWaiting?: () => void } = {},
  ): Promise<WorkFolder> {
    const isNew = !existsSync(out);
    const found = (await namesIn(out)).filter((name) => !LEFT_BY_THE_KILLED.test(name));
    if (found.length > 0 && !found.includes(FOLDER) && (await readManifest(out)) === undefined)
      throw new Error(
        `Cannot curate into ${out}: an empty folder or one that a curation has begun is needed, got one with ${JSON.stringify(found[0])} in it`,
      );
    const home = join(out, FOLDER, "claims");
    await makeFolder(home);
    const claims = new Claims(home);
    try {
      if ((await claims.tryPatiently(CLAIM, control)) !== undefined)
        return new WorkFolder(out, claims, isNew);
    } catch (error) {
      await claims.close();
      throw error;
    }
    await claims.close();
    throw new Error(
      `Cannot curate into ${out}: a folder of its own is needed, and another process is at work in this one (${join(home, CLAIM)}.*); try again when it has ended`,
    );
  }

  /** A path in the folder. */
  path(...parts: readonly string[]): string {
    return join(this.out, FOLDER, ...parts);
  }

  /**
   * Begins work, and takes away what killed processes left half written. What other inputs have begun and not finished is
   * gone on with as far as it holds: each block says what it is made of.
   * @param inputs a hash of all that the release depends on
   * @throws Error where the folder holds a release of other inputs
   */
  async begin(inputs: string): Promise<void> {
    const earlier = await this.earlierManifest();
    if (earlier !== undefined && earlier.inputs !== inputs)
      throw new Error(
        `Cannot curate into ${this.out}: a folder for this pool, recipe, captions and models is needed, got the release of others; name another folder`,
      );
    const folders = [".", ...PARTS, FOLDER].map((part) => join(this.out, part));
    for (const inside of await namesIn(this.path())) folders.push(this.path(inside));
    for (const folder of folders)
      for (const name of await namesIn(folder))
        if (LEFT_BY_THE_KILLED.test(name)) await rm(join(folder, name), { force: true });
    // by it the folder is known for one that was begun
    await writeDurably(this.path("inputs.json"), `${JSON.stringify({ inputs })}\n`);
    await rename(join(this.out, MANIFEST_FILE), this.path(MANIFEST_FILE)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      },
    );
  }

  /**
   * The result of a block of work: from disk, or made now and kept. What is given is what is read again, so that a run in
   * one go and one that went on give the same.
   * @param kind a folder for results of a kind
   * @param name of the block
   * @param of what the block is made of: a result of another is not taken
   * @param isLasting whether the result is kept; all are where it is left out
   */
  async block<T>(
    kind: string,
    name: string,
    {
      of,
      make,
      isLasting = () => true,
    }: {
      readonly of: string;
      readonly make: () => Promise<T>;
      readonly isLasting?: (result: T) => boolean;
    },
  ): Promise<T> {
    const path = this.path(kind, `${name}.json`);
    const kept = await readJsonFile<{ readonly of: string; readonly result: T }>(path);
    if (kept?.of === of) return kept.result;
    const result = await make();
    const text = JSON.stringify({ of, result });
    if (isLasting(result)) await writeDurably(path, `${text}\n`);
    return JSON.parse(text).result;
  }

  /** Takes away the shards that other inputs, or answers that were owed, had given the folder. */
  async removeOtherShards(shards: readonly string[]): Promise<void> {
    for (const split of splits)
      for (const file of await namesIn(join(this.out, split))) {
        const name = `${split}/${file}`;
        if (SHARD.test(name) && !shards.includes(name)) await rm(join(this.out, name), { force: true });
      }
  }

  /** The manifest of the call before this one, wherever it lies. */
  async earlierManifest(): Promise<Manifest | undefined> {
    return (await readManifest(this.out)) ?? (await readManifest(this.path()));
  }

  /** Takes the folder's own files away: the release is finished. */
  async remove(): Promise<void> {
    for (const name of await namesIn(this.path()))
      if (name !== "claims") await rm(this.path(name), { recursive: true, force: true });
    await this.close();
  }

  /** Lets the folder go; what is kept stays. */
  async close(): Promise<void> {
    await this.#claims.close();
    // of a call that was refused nothing stays
    const mine = [this.path("claims"), this.path(), ...(this.#isNew ? [this.out] : [])];
    for (const folder of mine) await rmdir(folder).catch(() => {});
  }
}

/** SHA-256 of anything that JSON can say. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
