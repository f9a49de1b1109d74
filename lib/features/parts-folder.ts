/**
 * Parts whose features lie in a folder, so that work that was killed goes on and several processes may share it.
 *
 *     extraction.json   images, encoder, protocol: what decides about the rows
 *     parts/NAME.part   one a finished part
 *     claims/           who is at which part at the moment
 */
import { readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ImagePart, passingFailures } from "../images/index.js";
import { Claims, type ClaimToken, makeFolder } from "../io/index.js";
import type { MomentsHand } from "./extract-moments.js";
import type { ExtractedPart, ExtractKeep, ExtractMaker } from "./extract-types.js";
import type { PartStore, PartWork } from "./parts.js";
import { PartDraft } from "./parts-draft.js";
import { readPart, readPartKeys, readPartMoments, readPartRows } from "./parts-file.js";
import { type PartsManifest, putPartsManifest } from "./parts-manifest.js";

/** How often a process that waits for others looks again. */
const POLL_MS = 100;

/** How a folder of parts is opened. */
export interface FolderPartsOptions {
  readonly moments: MomentsHand;
  readonly keep: ExtractKeep;
  readonly maker: ExtractMaker;
  readonly manifest: PartsManifest;
  readonly signal: AbortSignal;
}

/**
 * Opens a folder of parts, which is made where it is not there.
 * @throws OtherExtractionError where it holds the parts of another run
 */
export async function folderParts(
  folder: string,
  parts: readonly ImagePart[],
  options: FolderPartsOptions,
): Promise<PartStore> {
  const home = resolve(folder);
  await makeFolder(join(home, "parts"));
  const claims = new Claims(join(home, "claims"));
  try {
    const claim = await claims.wait("extraction.json", options.signal);
    await putPartsManifest(home, options.manifest).finally(() => claims.release(claim));
    const store = new FolderParts(home, parts, claims, options);
    await store.look();
    return store;
  } catch (error) {
    await claims.close();
    throw error;
  }
}

class FolderParts implements PartStore {
  readonly finished: Map<string, ExtractedPart> = new Map();
  readonly #folder: string;
  readonly #claims: Claims;
  readonly #options: FolderPartsOptions;
  readonly #pending: Map<string, ImagePart>;
  readonly #drafts = new Map<PartDraft, ClaimToken>();
  /** Parts of earlier calls with an image that could not be read then: each call tries those once more. */
  readonly #again = new Set<string>();

  constructor(folder: string, parts: readonly ImagePart[], claims: Claims, options: FolderPartsOptions) {
    this.#folder = folder;
    this.#pending = new Map(parts.map((part) => [part.name, part]));
    this.#claims = claims;
    this.#options = options;
  }

  readonly contents: PartStore["contents"] = {
    keys: (part) => readPartKeys(this.#pathOf(part)),
    moments: (part) => readPartMoments(this.#pathOf(part)),
    rowBlocks: (part) => readPartRows(this.#pathOf(part)),
  };

  get hasMore(): boolean {
    return this.#pending.size > 0;
  }

  async next(): Promise<PartWork | undefined> {
    const { signal } = this.#options;
    for (;;) {
      for (const part of [...this.#pending.values()]) {
        signal.throwIfAborted();
        if (await this.#isThere(part)) continue;
        const claim = await this.#claims.try(part.name);
        if (claim === undefined) continue;
        // it may have been finished between the look and the claim
        if (await this.#isThere(part)) await this.#claims.release(claim);
        else return this.#begin(part, claim);
      }
      if (!this.hasMore) return undefined;
      await pause(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** Finds what earlier calls have finished. */
  async look(): Promise<void> {
    for (const part of [...this.#pending.values()])
      if (await this.#isThere(part)) {
        const { failures } = this.finished.get(part.name)!;
        if (!failures.some(({ kind }) => passingFailures.has(kind))) continue;
        this.#again.add(part.name);
        this.finished.delete(part.name);
        this.#pending.set(part.name, part);
      }
  }

  async close(): Promise<void> {
    for (const [draft, claim] of this.#drafts) await this.#giveBack(draft, claim);
    if (!this.hasMore) {
      await this.#claims.sweep();
      for (const part of this.finished.keys()) await this.#clear(part);
    }
    await this.#claims.close();
  }

  async #begin(part: ImagePart, claim: ClaimToken): Promise<PartWork> {
    const { moments, keep, maker } = this.#options;
    this.#pending.delete(part.name);
    this.#again.delete(part.name);
    const draft = await PartDraft.begin(this.#pathOf(part.name), moments.begin(), keep);
    this.#drafts.set(draft, claim);
    return {
      part,
      add: (rows, keys) => draft.add(rows, keys),
      fail: (failure) => void draft.failures.push(failure),
      finish: async () => {
        const made = await draft.complete(part.name, maker);
        // whole work counts, whoever holds the claim by now: a holder that was taken for dead would else work in vain
        if (await draft.publish()) this.finished.set(part.name, made);
        else if (!(await this.#isThere(part))) this.#pending.set(part.name, part);
        await this.#clear(part.name);
        await this.#giveBack(draft, claim);
      },
    };
  }

  async #giveBack(draft: PartDraft, claim: ClaimToken): Promise<void> {
    await draft.discard();
    await this.#claims.release(claim);
    this.#drafts.delete(draft);
  }

  async #isThere(part: ImagePart): Promise<boolean> {
    if (this.#again.has(part.name)) return false;
    const made = await readPart(this.#pathOf(part.name));
    if (made === undefined) return false;
    this.finished.set(part.name, made);
    this.#pending.delete(part.name);
    return true;
  }

  /** Removes what killed or slower processes have of a part that is finished. */
  async #clear(part: string): Promise<void> {
    const folder = join(this.#folder, "parts");
    for (const file of await readdir(folder))
      if (file.startsWith(`.${part}.part.`) && file.endsWith(".tmp"))
        await rm(join(folder, file), { force: true });
  }

  #pathOf(part: string): string {
    return join(this.#folder, "parts", `${part}.part`);
  }
}
