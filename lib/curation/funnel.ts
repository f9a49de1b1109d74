/** The stages of a curation: the rows of its funnel, in their order. */
import { Funnel, type FunnelRow, filterStages } from "../filters/index.js";

const STAGES = [
  ...(["records", "licences"] as const),
  ...filterStages,
  ...(["exact duplicates", "near duplicates", "review", "captions"] as const),
] as const;
/** One of them; those from "decode" to "safety" are the filters of section 2.2. */
export type CurationStage = (typeof STAGES)[number];

/** One stage of the funnel. */
export type CurationRow = FunnelRow<CurationStage>;

/** The counts of a curation. */
export type CurationFunnel = Funnel<CurationStage>;

/** Begins to count. */
export function curationFunnel(): CurationFunnel {
  return new Funnel(STAGES);
}
