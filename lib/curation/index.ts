/** Curation: the stages from a pool to a release in a row, with the record of every decision. */

export type { Describer } from "./copies-stage.js";
export { type CurateOptions, type CurationProgress, curate } from "./curate.js";
export type { CurationRow, CurationStage } from "./funnel.js";
export { type Manifest, readManifest, type WrittenShard } from "./manifest.js";
export { type Pool, type PoolOptions, type PoolProblem, type PoolRecord, poolSet, readPool } from "./pool.js";
export { type PoolCaption, readCaptions } from "./pool-captions.js";
export type { TableRow } from "./read-table.js";
export { type CurationRecipe, curationRecipe, PAPER_RECIPE, type ReviewedImage } from "./recipe.js";
export { drawSplits, type LayoutChoices, type PlannedShard, planShards } from "./splits.js";
export { type DecisionTable, readDecisions } from "./tables.js";
