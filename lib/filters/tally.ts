/** Counts decisions as they come: the funnel of the filters, and how far measures and judge agree. */
import { cohenKappa, type Kappa } from "../core/index.js";
import { type DecisionOutcome, type FilterDecision, type FilterStage, filterStages } from "./decision.js";
import { Funnel, type FunnelRow } from "./funnel.js";

/** How often measures and judge say the same of quality. */
export interface Agreement {
  /** `table[m][j]`: m is 1 where the measures find a fault, j where the judge drops. */
  readonly table: readonly (readonly number[])[];
  /** Undefined where the judge gave no verdict at all. */
  readonly kappa: Kappa | undefined;
}

/**
 * How far two lists of verdicts agree.
 * @param pairs whether each drops the image
 * @example agreementOf([{ measures: true, judge: true }]).table // [[0, 0], [0, 1]]
 */
export function agreementOf(
  pairs: Iterable<{ readonly measures: boolean; readonly judge: boolean }>,
): Agreement {
  const table = noPairs();
  for (const pair of pairs) count(table, pair);
  return agreementIn(table);
}

function noPairs(): number[][] {
  return [
    [0, 0],
    [0, 0],
  ];
}

function count(
  table: number[][],
  { measures, judge }: { readonly measures: boolean; readonly judge: boolean },
) {
  table[Number(measures)]![Number(judge)]!++;
}

function agreementIn(table: readonly (readonly number[])[]): Agreement {
  const items = table.flat().reduce((sum, one) => sum + one, 0);
  return { table: table.map((row) => [...row]), kappa: items === 0 ? undefined : cohenKappa(table) };
}

/** The counts of a run of the filters: as many numbers as there are outcomes and reasons, whatever the number of images. */
export class FilterTally {
  readonly #outcomes = new Map<DecisionOutcome, number>();
  readonly #funnel = new Funnel(filterStages);
  readonly #pairs = noPairs();

  /** Counts one decision. */
  add({ outcome, stage, reason, measuredFaults, quality }: FilterDecision): void {
    this.#outcomes.set(outcome, this.count(outcome) + 1);
    if (quality !== undefined && quality.verdict !== "none")
      count(this.#pairs, { measures: measuredFaults.length > 0, judge: quality.verdict === "drop" });
    if (stage !== undefined)
      this.#funnel.drop(stage, outcome === "undecided" ? `no verdict: ${reason}` : reason);
  }

  /** Images with this outcome. */
  count(outcome: DecisionOutcome): number {
    return this.#outcomes.get(outcome) ?? 0;
  }

  /** Images in all. */
  get images(): number {
    return [...this.#outcomes.values()].reduce((sum, count) => sum + count, 0);
  }

  /** The stages in their order, also those that nothing fails. */
  get funnel(): FunnelRow<FilterStage>[] {
    return this.#funnel.rows(this.images);
  }

  /** Measures against judge, over the images of which both have a verdict. */
  get agreement(): Agreement {
    return agreementIn(this.#pairs);
  }
}
