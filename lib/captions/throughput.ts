/**
 * Hours of one accelerator for the captions of a corpus, by the rates at which each type is written (the paper's Figure 7;
 * check C10).
 *
 * The paper prints rates of short and medium captions alone, and about 1,500 hours for all. What is left over can be read
 * as the rate of the rest, or as overhead: `rateByLength` says what the rest would take if writing took as much time a
 * word as between short and medium.
 */

/** Captions of one kind. */
export interface CaptioningPart {
  readonly images: number;
  readonly imagesPerSecond: number;
}

/**
 * Hours for all parts, one after the other.
 * @throws RangeError where a number is negative or a rate is 0
 * @example captioningHours([{ images: 1_000_000, imagesPerSecond: 50 }]) // 5.56
 */
export function captioningHours(parts: readonly CaptioningPart[]): number {
  return parts.reduce((hours, { images, imagesPerSecond }) => {
    if (!(images >= 0 && imagesPerSecond > 0))
      throw new RangeError(
        `Cannot add up hours: images from 0 and a rate above 0 are needed, got ${images} and ${imagesPerSecond}`,
      );
    return hours + images / imagesPerSecond / 3600;
  }, 0);
}

/**
 * The rate at which so many images are done in so many hours.
 * @throws RangeError where the hours are not above 0
 * @example requiredRate(100_000_000, 1500) // 18.5
 */
export function requiredRate(images: number, hours: number): number {
  if (!(hours > 0 && images >= 0))
    throw new RangeError(
      `Cannot compute a rate: hours above 0 are needed, got ${hours} for ${images} images`,
    );
  return images / (hours * 3600);
}

/** A measured rate of captions of a length. */
export interface LengthRate {
  /** Mean words, or tokens; one unit for all. */
  readonly words: number;
  readonly imagesPerSecond: number;
}

/**
 * The rate of captions of another length, where an image takes a fixed time and each word a further one: the line through
 * two measured rates. An extrapolation, not a measurement.
 * @throws RangeError where the two lengths are the same, or the line gives no time above 0
 * @example rateByLength({ words: 20, imagesPerSecond: 50 }, { words: 40, imagesPerSecond: 40 }, 100) // 25
 */
export function rateByLength(first: LengthRate, second: LengthRate, words: number): number {
  const [a, b] = [1 / first.imagesPerSecond, 1 / second.imagesPerSecond];
  const seconds = a + ((b - a) * (words - first.words)) / (second.words - first.words);
  if (!(seconds > 0 && Number.isFinite(seconds)))
    throw new RangeError(
      `Cannot extend a rate: two lengths and rates on a line above 0 are needed, got ${seconds} s for ${words} words`,
    );
  return 1 / seconds;
}
