/** The filters of section 2.2 over a pool's images, a block at a time, so that what was decided is not decided twice. */
import {
  createDecisionFile,
  decideImages,
  type FilterDecision,
  type FilterStage,
  filterStages,
  QUALITY_RULES,
} from "../filters/index.js";
import { isFinal, type OutcomeKind } from "../vlm/index.js";
import { modelHash } from "./inputs.js";
import { type PoolRecord, poolSet } from "./pool.js";
import type { StageOptions } from "./stage.js";
import { fillTable, tablePath } from "./tables.js";
import { hashOf } from "./work-folder.js";

/** A record that passed every filter, and its size in pixels by its own header. */
export interface SizedRecord {
  readonly record: PoolRecord;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/**
 * Runs the filters.
 * @returns the records that stay, and whether the model owes a verdict that a later call may bring
 * @throws as `decideImages` does
 */
export async function filterRecords(
  records: readonly PoolRecord[],
  { work, made, funnel, recipe, client, signal, onImages }: StageOptions,
): Promise<{ readonly kept: SizedRecord[]; readonly owes: number }> {
  const set = poolSet(records);
  const kept: SizedRecord[] = [];
  const byKey = new Map(records.map((record) => [record.key, record]));
  const of = hashOf([made, set.fingerprint, recipe.size, QUALITY_RULES, modelHash(client)]);
  let [done, owes] = [0, 0];
  async function* decisions(): AsyncGenerator<FilterDecision, void, undefined> {
    for (const part of set.parts) {
      const decided = await work.block<FilterDecision[]>("filters", part.name, {
        of,
        isLasting: (some) => !some.some(isOwed),
        async make() {
          const block: FilterDecision[] = [];
          const options = { client, sizeRules: recipe.size, signal };
          for await (const decision of decideImages({ ...set, parts: [part] }, options)) {
            block.push(decision);
            onImages(done + block.length);
          }
          return block;
        },
      });
      done += decided.length;
      onImages(done);
      for (const decision of decided) {
        const { key, outcome, stage, reason, width, height } = decision;
        if (outcome !== "kept")
          funnel.drop(stageOf(stage), outcome === "undecided" ? `no verdict: ${reason}` : reason);
        else kept.push({ record: byKey.get(key)!, widthPixels: width!, heightPixels: height! });
        if (isOwed(decision)) owes++;
        yield decision;
      }
    }
  }
  await fillTable(await createDecisionFile(tablePath(work.out, "filters")), decisions());
  return { kept, owes };
}

function stageOf(stage: FilterStage | undefined): FilterStage {
  return stage ?? filterStages[0];
}

/** The judge gave no verdict, and may yet: the reason of an undecided image is the outcome of its question. */
function isOwed({ outcome, reason }: FilterDecision): boolean {
  return outcome === "undecided" && !isFinal(reason as OutcomeKind);
}
