/**
 * What the number of images alone does to a Frechet distance: the score that perfect images would have.
 *
 * n images drawn from the very law of the real ones do not score 0 but about b(1/n + 1/N). b comes from splits of the
 * real rows, so that it is that of this encoder and these images; of N only the reference knows, or its explanation.
 */
import type { ReferenceExplanation } from "./reference-explain.js";
import {
  expectedDistance,
  LAW_ROWS,
  type LawOptions,
  type SampleSizeLaw,
  sampleSizeLaw,
} from "./reference-law.js";
import type { ScoreSides } from "./score-checks.js";
import { countOf } from "./score-side.js";

/** A score against that of perfect images. */
export interface SampleSizeEffect {
  readonly law: SampleSizeLaw;
  /** Images of each side. */
  readonly generated: number;
  readonly real: number;
  /** The distance that as many images of the real law would have on average. */
  readonly perfect: number;
  /** The distance over that of perfect images; 1 is as good as real ones. */
  readonly ratio: number;
}

/**
 * Sets a distance beside that of perfect images.
 * @param explained from how many images the reference's moments are, where it does not say
 * @returns why there is none where the real side has too few rows for the law, or a count is not known
 */
export async function sampleSizeEffect(
  { real, generated }: ScoreSides,
  fd: number,
  explained: ReferenceExplanation | undefined,
  options: LawOptions,
): Promise<{ readonly effect: SampleSizeEffect | undefined; readonly missing: readonly string[] }> {
  const none = (why: string) => ({
    effect: undefined,
    missing: [`What perfect images of the same number would score is not known: ${why}.`],
  });
  const counts = { generated: countOf(generated), real: countOf(real) ?? explained?.count };
  if (real.rows === undefined)
    return none("the reference has no rows to take the law of the sample size from");
  if (real.rows.count < LAW_ROWS)
    return none(`the law of the sample size needs ${LAW_ROWS} real rows, got ${real.rows.count}`);
  if (counts.generated === undefined) return none("the generated file does not say of how many images it is");
  if (counts.real === undefined || Number.isNaN(counts.real))
    return none("the reference does not say of how many images it is");
  const law = await sampleSizeLaw(real.rows, options);
  const x = 1 / counts.generated + 1 / counts.real;
  const perfect = expectedDistance(law, x);
  return {
    effect: { law, generated: counts.generated, real: counts.real, perfect, ratio: fd / perfect },
    missing:
      x > law.to
        ? [
            `What perfect images would score is extended beyond the law's own points (down to ${Math.round(2 / law.to)} images a side).`,
          ]
        : [],
  };
}
