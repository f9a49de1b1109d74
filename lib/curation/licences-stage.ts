/** The first two stages, which need no picture: records that are whole, and licences that are permissive. */
import { normaliseLicence } from "../licences/index.js";
import type { Pool, PoolRecord } from "./pool.js";
import type { StageOptions } from "./stage.js";
import { type LicenceDecision, type RecordDecision, writeDecisions } from "./tables.js";

/** Counts and writes down what is no sound record of the pool. */
export async function countRecords(
  { records, lost, problems }: Pool,
  { work, funnel }: Pick<StageOptions, "work" | "funnel">,
): Promise<void> {
  for (const { reason } of lost) funnel.drop("records", reason);
  function* rows(): Generator<RecordDecision> {
    for (const { key, shard } of records) yield { key, shard, outcome: "kept", reason: "" };
    for (const { key, shard, reason } of lost) yield { key, shard, outcome: "dropped", reason };
  }
  await writeDecisions(work.out, "records", rows());
  await writeDecisions(work.out, "problems", problems);
}

/** The records whose licence is one of the paper's four categories (section 2.1). */
export async function keepLicensed(
  { records }: Pool,
  { work, funnel }: Pick<StageOptions, "work" | "funnel">,
): Promise<PoolRecord[]> {
  const kept: PoolRecord[] = [];
  function* rows(): Generator<LicenceDecision> {
    for (const record of records) {
      const { key, license, license_url } = record;
      const licence = normaliseLicence(license, license_url);
      const reason = licence.permissive ? "" : (licence.name ?? "not recognised");
      if (licence.permissive) kept.push(record);
      else funnel.drop("licences", reason);
      yield { key, outcome: licence.permissive ? "kept" : "dropped", reason, license, licence };
    }
  }
  await writeDecisions(work.out, "licences", rows());
  return kept;
}
