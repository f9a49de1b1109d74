/** Takes out what the recipe names: what somebody saw, or was asked to withhold. */
import type { HashedRecord } from "./copies-stage.js";
import type { StageOptions } from "./stage.js";
import { writeDecisions } from "./tables.js";

/** Takes images out by hand. One that has gone before is not counted again. */
export async function reviewRecords(
  records: readonly HashedRecord[],
  { work, funnel, recipe }: StageOptions,
): Promise<HashedRecord[]> {
  const reasons = new Map(recipe.review.map(({ key, reason }) => [key, reason]));
  const decisions = records.map(({ record: { key } }) => {
    const reason = reasons.get(key) ?? "";
    return { key, outcome: reason === "" ? ("kept" as const) : ("dropped" as const), reason };
  });
  for (const { outcome, reason } of decisions) if (outcome === "dropped") funnel.drop("review", reason);
  await writeDecisions(work.out, "review", decisions);
  return records.filter((_, i) => decisions[i]!.outcome === "kept");
}
