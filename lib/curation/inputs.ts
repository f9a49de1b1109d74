/** What a release depends on, as one hash: a call with other inputs makes another release, and is not gone on with. */
import { createHash } from "node:crypto";
import { captionQuestion, captionTypes } from "../captions/index.js";
import { QUALITY_QUESTION, QUALITY_RULES, SAFETY_QUESTION } from "../filters/index.js";
import { questionHash, type VlmClient } from "../vlm/index.js";
import type { Pool } from "./pool.js";
import type { PoolCaption } from "./pool-captions.js";
import type { CurationRecipe } from "./recipe.js";
import { hashOf } from "./work-folder.js";

/** Everything that a release is made of. */
export interface CurationInputs {
  readonly version: string;
  readonly pool: Pick<Pool, "fingerprint">;
  readonly recipe: CurationRecipe;
  readonly describedBy: string | undefined;
  readonly client: VlmClient | undefined;
  readonly captions: ReadonlyMap<string, PoolCaption> | undefined;
}

/** The hash of all of it: 64 hexadecimal digits. */
export function inputsHash({ version, pool, recipe, describedBy, client, captions }: CurationInputs): string {
  const hash = createHash("sha256");
  const add = (value: unknown) => hash.update(`${JSON.stringify(value)}\n`);
  add([version, pool.fingerprint, recipe, QUALITY_RULES, describedBy ?? null, modelHash(client)]);
  if (client === undefined)
    for (const [key, { caption_type, caption }] of captions ?? []) add([key, caption_type, caption]);
  return hash.digest("hex");
}

/** A hash of what a model is asked, and how; null where none is. */
export function modelHash(client: VlmClient | undefined): string | null {
  if (client === undefined) return null;
  const { model, seed, longestSidePixels } = client.endpoint;
  const questions = [QUALITY_QUESTION, SAFETY_QUESTION, ...captionTypes.map(captionQuestion)];
  return hashOf([model, seed, longestSidePixels, questions.map(questionHash)]);
}
