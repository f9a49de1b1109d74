/**
 * Saturation: how much room a score leaves between generated images and real ones (Figure 9 of the paper).
 *
 * Real photographs that were held out are the best that a generator could hope for: another draw of the very thing. A
 * score is used up where systems lie below them, or where what is left between systems is what the score cannot show.
 */

/** What a score still tells. */
export interface Saturation {
  readonly systems: number;
  /** Systems with a smaller distance than real images; level is not below. */
  readonly below: number;
  /** below / systems. */
  readonly share: number;
  /** The distance of real images. */
  readonly real: number;
  /** The smallest distance of a system. */
  readonly best: number;
  /** best / real: below 1 the score prefers something generated to photographs. */
  readonly bestOverReal: number;
  /** The middle system's distance over that of real images. */
  readonly medianOverReal: number;
}

/**
 * How used up a score is.
 * @param distances.real of held-out real images to the reference, above 0
 * @param distances.generated of the systems, at least one, in the same setting: same reference, encoder, number of images
 * @throws RangeError where a distance is not finite, real's not above 0, or no system is given
 * @example saturation({ real: 2, generated: [1, 3, 4, 6] }) // { below: 1, share: 0.25, bestOverReal: 0.5, medianOverReal: 1.75, ... }
 */
export function saturation(distances: {
  readonly real: number;
  readonly generated: readonly number[];
}): Saturation {
  const { real, generated } = distances;
  if (!(real > 0 && Number.isFinite(real)) || generated.length === 0)
    throw new RangeError(
      `Cannot measure saturation: a distance above 0 of real images and at least one system are needed, got ${real} and ${generated.length} systems`,
    );
  for (const distance of generated)
    if (!Number.isFinite(distance))
      throw new RangeError(`Cannot measure saturation: finite distances are needed, got ${distance}`);
  const sorted = [...generated].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  const best = sorted[0] ?? Number.NaN;
  const below = sorted.filter((distance) => distance < real).length;
  return {
    systems: sorted.length,
    below,
    share: below / sorted.length,
    real,
    best,
    bestOverReal: best / real,
    medianOverReal: median / real,
  };
}
