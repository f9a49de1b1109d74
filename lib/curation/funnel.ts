/** The funnel: how many images reach each stage and pass it, and why the others do not. */

/** The stages in their order; those from "decode" to "safety" are the filters of section 2.2. */
export const curationStages = [
  ...(["records", "licences", "decode", "resolution and aspect", "size", "quality", "safety"] as const),
  ...(["exact duplicates", "near duplicates", "review", "captions"] as const),
] as const;
/** One of them. */
export type CurationStage = (typeof curationStages)[number];

/** One stage of the funnel. */
export interface CurationRow {
  readonly stage: CurationStage;
  /** Images that reached it. */
  readonly in: number;
  /** Images that passed it. */
  readonly out: number;
  /** Why the others did not, the most frequent first; those without a verdict have "no verdict: " before the outcome. */
  readonly reasons: { readonly [reason: string]: number };
}

/** The counts of a curation. */
export class Funnel {
  readonly #in: number;
  readonly #stages = new Map<CurationStage, Map<string, number>>();

  /** @param images that the pool has, damaged records counted */
  constructor(images: number) {
    this.#in = images;
  }

  /** Counts an image that does not pass a stage. */
  drop(stage: CurationStage, reason: string): void {
    const reasons = this.#stages.get(stage) ?? new Map<string, number>();
    this.#stages.set(stage, reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
  }

  /** The stages in their order, also those that every image passes. */
  get rows(): CurationRow[] {
    let left = this.#in;
    return curationStages.map((stage) => {
      const reasons = [...(this.#stages.get(stage) ?? [])].sort(
        ([a, m], [b, n]) => n - m || (a < b ? -1 : 1),
      );
      const before = left;
      left -= reasons.reduce((sum, [, count]) => sum + count, 0);
      return { stage, in: before, out: left, reasons: Object.fromEntries(reasons) };
    });
  }
}
