/** What the paper's stages removed of its pool, as words beside a funnel; from the claims, none typed here. */
import { claim } from "../../lib/claims/index.js";
import type { CurationStage } from "../../lib/curation/index.js";

/** The paper's shares of its pool, in which every licence was accepted, by stage; stages whose share it does not give are missing. */
export function paperRates(): ReadonlyMap<CurationStage, string> {
  const number = (id: string) => Number(claim(id).value);
  const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
  const pool = number("source-pool/images");
  return new Map<CurationStage, string>([
    [
      "resolution and aspect",
      `about ${percent(number("filtering/extreme-resolution-or-aspect-removed-share-approx"))}`,
    ],
    ["quality", `about ${percent(number("filtering/quality-removed-share-approx"))}`],
    ["safety", `about ${percent(number("filtering/safety-removed-share-approx"))}`],
    ["near duplicates", `${percent(number("check/C1/small-or-duplicate") / pool)} with size`],
  ]);
}
