/**
 * A caption for each image: by a model, or where none is set, the pool's own; an image without one is not released.
 *
 * The pool's captions lie in its JSON, or in a table of key, caption_type and caption, CSV or Parquet.
 */
import {
  captionImages,
  captionTypes,
  checkCaptionAnswer,
  NOT_VISIBLE,
  type WrittenCaption,
} from "../captions/index.js";
import type { CaptionType } from "../corpus/index.js";
import type { HashedRecord } from "./copies-stage.js";
import { type PoolRecord, poolSet } from "./pool.js";
import type { PoolCaption } from "./pool-captions.js";
import type { CurationRecipe } from "./recipe.js";
import type { StageOptions } from "./stage.js";
import { type CaptionDecision, writeDecisions } from "./tables.js";

/** A record that is released, with its caption. */
export interface CaptionedRecord extends HashedRecord {
  readonly captionType: CaptionType;
  readonly caption: string;
}

/**
 * Captions the records.
 * @param captions the pool's, by key; a record's own JSON comes after them
 * @returns those that have one, how many answers the model still owes, and what the first without one was told
 */
export async function captionRecords(
  records: readonly HashedRecord[],
  captions: ReadonlyMap<string, PoolCaption> | undefined,
  options: StageOptions,
): Promise<{ readonly kept: CaptionedRecord[]; readonly owes: number; readonly why: string }> {
  const { work, funnel, recipe, client, signal, onImages } = options;
  const decisions: CaptionDecision[] = [];
  let owes = 0;
  if (client === undefined)
    for (const { record } of records) decisions.push(fromPool(record, captions?.get(record.key), recipe));
  else {
    const set = poolSet(records.map(({ record }) => record));
    for await (const written of captionImages(set, { client, seed: recipe.seed, signal })) {
      decisions.push(fromModel(written, recipe));
      if (written.outcome === "unanswered") owes++;
      onImages(decisions.length);
    }
  }
  await writeDecisions(work.out, "captions", decisions);
  const kept: CaptionedRecord[] = [];
  decisions.forEach(({ outcome, reason, captionType, caption }, i) => {
    if (outcome !== "kept") funnel.drop("captions", reason);
    else kept.push({ ...records[i]!, captionType: captionType!, caption });
  });
  const without = decisions.find(({ outcome }) => outcome !== "kept");
  const why =
    without === undefined ? "" : [without.reason, without.message].filter((text) => text !== "").join(": ");
  return { kept, owes, why };
}

function fromPool(
  record: PoolRecord,
  listed: PoolCaption | undefined,
  { notVisible }: Pick<CurationRecipe, "notVisible">,
): CaptionDecision {
  const { key } = record;
  const { caption_type: type = "", caption = "" } = listed ?? record;
  const none = { key, outcome: "dropped", captionType: undefined, caption: "", source: "pool" } as const;
  if (caption === "") return { ...none, reason: "no caption", broken: [], message: "" };
  const captionType = captionTypes.find((one) => one === type);
  if (captionType === undefined)
    return {
      ...none,
      reason: "no caption type",
      broken: [],
      message: `got ${JSON.stringify(type.slice(0, 40))}`,
    };
  const { faults, notes } = checkCaptionAnswer(captionType, caption);
  const broken = [...faults.map(({ rule }) => rule), ...notes];
  const row = { key, captionType, caption, source: "pool", broken, message: "" };
  return caption === NOT_VISIBLE && notVisible === "drop"
    ? { ...row, outcome: "dropped", reason: "not visible" }
    : { ...row, outcome: "kept", reason: "" };
}

function fromModel(
  { key, captionType, outcome, caption, faults, notes, asked, message, model }: WrittenCaption,
  { notVisible }: Pick<CurationRecipe, "notVisible">,
): CaptionDecision {
  const row = { key, captionType, caption, source: model, message };
  if (outcome === "captioned" || (outcome === "not visible" && notVisible === "keep"))
    return { ...row, outcome: "kept", reason: "", broken: notes };
  const broken = [...new Set(faults.flat().map(({ rule }) => rule))];
  if (outcome === "unanswered")
    return { ...row, outcome: "undecided", reason: `no caption yet: ${asked ?? "not asked"}`, broken };
  if (outcome === "failed")
    return {
      ...row,
      outcome: "dropped",
      reason: asked === "answered" ? "rules broken twice" : `no caption: ${asked}`,
      broken,
    };
  return { ...row, outcome: "dropped", reason: outcome, broken };
}
