/** A funnel: how many images reach each of some stages and pass it, and why the others do not. */

/** One stage of a funnel. */
export interface FunnelRow<Stage extends string = string> {
  readonly stage: Stage;
  /** Images that reached it. */
  readonly in: number;
  /** Images that passed it. */
  readonly out: number;
  /** Why the others did not, the most frequent first; those without a verdict have "no verdict: " before the outcome. */
  readonly reasons: { readonly [reason: string]: number };
}

/** The counts of a funnel: as many numbers as there are reasons, whatever the number of images. */
export class Funnel<Stage extends string> {
  readonly #stages: ReadonlyMap<Stage, Map<string, number>>;

  /** @param stages in their order */
  constructor(stages: readonly Stage[]) {
    this.#stages = new Map(stages.map((stage) => [stage, new Map()]));
  }

  /** Counts an image that does not pass a stage. */
  drop(stage: Stage, reason: string): void {
    const reasons = this.#stages.get(stage)!;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }

  /**
   * The stages in their order, also those that every image passes.
   * @param images that come to the first stage
   * @example new Funnel(["size"]).rows(3) // [{ stage: "size", in: 3, out: 3, reasons: {} }]
   */
  rows(images: number): FunnelRow<Stage>[] {
    let left = images;
    return Array.from(this.#stages, ([stage, counts]) => {
      const reasons = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
      const before = left;
      left -= reasons.reduce((sum, [, count]) => sum + count, 0);
      return { stage, in: before, out: left, reasons: Object.fromEntries(reasons) };
    });
  }
}
