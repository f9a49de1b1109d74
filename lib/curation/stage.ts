/** What every stage of a curation is given. */
import type { VlmClient } from "../vlm/index.js";
import type { CurationFunnel } from "./funnel.js";
import type { CurationRecipe } from "./recipe.js";
import type { WorkFolder } from "./work-folder.js";

/** What a stage takes beside its images. */
export interface StageOptions {
  readonly work: WorkFolder;
  /** What the pool is, and which version works on it: a result of others is not taken. */
  readonly made: string;
  readonly funnel: CurationFunnel;
  readonly recipe: CurationRecipe;
  /** A model that judges and writes captions, where there is one. */
  readonly client: VlmClient | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onImages: (done: number) => void;
}
