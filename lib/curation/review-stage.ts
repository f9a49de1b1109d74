/** Takes out what the recipe names: what somebody saw, or was asked to withhold. */
import type { HashedRecord } from "./copies-stage.js";
import type { StageOptions } from "./filter-stage.js";
import type { Pool } from "./pool.js";
import { writeDecisions } from "./tables.js";

/**
 * Takes images out by hand. One that has gone before is not counted again.
 * @throws RangeError where the recipe names an image that the pool does not have
 */
export async function reviewRecords(
  records: readonly HashedRecord[],
  pool: Pool,
  { work, funnel, recipe }: StageOptions,
): Promise<HashedRecord[]> {
  const known = new Set(pool.records.map(({ key }) => key));
  for (const { key } of recipe.review)
    if (!known.has(key))
      throw new RangeError(
        `Cannot review images: keys of the pool are needed, got ${JSON.stringify(key)}, which it has not`,
      );
  const reasons = new Map(recipe.review.map(({ key, reason }) => [key, reason]));
  const decisions = records.map(({ record: { key } }) => {
    const reason = reasons.get(key) ?? "";
    return { key, outcome: reason === "" ? ("kept" as const) : ("dropped" as const), reason };
  });
  for (const { outcome, reason } of decisions) if (outcome === "dropped") funnel.drop("review", reason);
  await writeDecisions(work.out, "review", decisions);
  return records.filter((_, i) => decisions[i]!.outcome === "kept");
}
