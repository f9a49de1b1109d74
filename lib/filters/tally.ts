/** Counts decisions as they come: the funnel of the filters, and how far measures and judge agree. */
import { cohenKappa, type Kappa } from "../core/index.js";
import { type DecisionOutcome, type FilterDecision, type FilterStage, filterStages } from "./decision.js";

/** One stage of the funnel. */
export interface FunnelRow {
  readonly stage: FilterStage;
  /** Images that reached it. */
  readonly in: number;
  /** Images that passed it. */
  readonly out: number;
  /** Why the others did not pass; the undecided among them have "no verdict: " before the outcome. */
  readonly reasons: { readonly [reason: string]: number };
}

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
  readonly #stages = new Map<FilterStage, Map<string, number>>();
  readonly #pairs = noPairs();

  /** Counts one decision. */
  add({ outcome, stage, reason, measuredFaults, quality }: FilterDecision): void {
    this.#outcomes.set(outcome, this.count(outcome) + 1);
    if (quality !== undefined && quality.verdict !== "none")
      count(this.#pairs, { measures: measuredFaults.length > 0, judge: quality.verdict === "drop" });
    if (stage === undefined) return;
    const reasons = this.#stages.get(stage) ?? new Map<string, number>();
    const name = outcome === "undecided" ? `no verdict: ${reason}` : reason;
    this.#stages.set(stage, reasons.set(name, (reasons.get(name) ?? 0) + 1));
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
  get funnel(): FunnelRow[] {
    let left = this.images;
    return filterStages.map((stage) => {
      const reasons = [...(this.#stages.get(stage) ?? [])].sort(
        ([a, m], [b, n]) => n - m || (a < b ? -1 : 1),
      );
      const before = left;
      left -= reasons.reduce((sum, [, count]) => sum + count, 0);
      return { stage, in: before, out: left, reasons: Object.fromEntries(reasons) };
    });
  }

  /** Measures against judge, over the images of which both have a verdict. */
  get agreement(): Agreement {
    return agreementIn(this.#pairs);
  }
}
