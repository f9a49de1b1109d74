/**
 * How well a threshold tells copies from other pictures, where the truth is known: recall by what was done to the copy,
 * precision over all pairs.
 */
import { type Share, shareOf } from "../core/index.js";
import { cosine, type FeatureRows } from "../features/index.js";

/** An image of a pool whose truth is known (`samplePool`). */
export interface KnownImage {
  readonly key: string;
  /** What was done to its source: "re-encoded", "cropped" ...; "photograph" of a source itself. */
  readonly kind: string;
  /** The photograph that it was made of; its own key for a photograph. */
  readonly sourceKey: string;
}

/** What a threshold finds. */
export interface ThresholdQuality {
  readonly threshold: number;
  /** Of the pairs above it, those of one photograph. */
  readonly precision: Share;
  /** Of the images that were made of a photograph, those whose similarity to it is above the threshold. */
  readonly recall: Share;
  readonly recallByKind: ReadonlyMap<string, Share>;
}

/** The similarity of an image to the photograph that it was made of. */
export interface CopySimilarity {
  readonly key: string;
  readonly sourceKey: string;
  readonly kind: string;
  readonly similarity: number;
}

/** Images, their descriptors, and what counts as a copy. */
export interface KnownPool {
  readonly images: readonly KnownImage[];
  /** A row for each image, in their order. */
  readonly rows: FeatureRows;
  /** Kinds that count as copies; every kind but "photograph" where it is left out. Images of other kinds are left out. */
  readonly kinds?: readonly string[] | undefined;
}

/**
 * How like each copy is to its photograph.
 * @throws RangeError where there is not one row an image, or a photograph is not in the pool
 * @example copySimilarities({ images: await samplePool(), rows, kinds: ["mirrored"] })[0]?.similarity // 0.9346
 */
export function copySimilarities({ images, rows, kinds }: KnownPool): CopySimilarity[] {
  checkRows(images, rows);
  const places = new Map(images.map(({ key }, place) => [key, place]));
  return images.flatMap(({ key, kind, sourceKey }, place) => {
    if (kind === "photograph" || (kinds !== undefined && !kinds.includes(kind))) return [];
    const source = places.get(sourceKey);
    if (source === undefined)
      throw new RangeError(
        `Cannot compare ${JSON.stringify(key)} with its photograph: it is needed in the pool, got no ${JSON.stringify(sourceKey)}`,
      );
    return [{ key, sourceKey, kind, similarity: cosine(rows, place, rows, source) }];
  });
}

/**
 * Precision and recall by threshold.
 * @param thresholds a similarity above one counts as a copy, as in the paper's text
 * @returns in the order of the thresholds
 * @throws as `copySimilarities`
 * @example copyQuality({ images, rows }, [0.9625])[0]?.recallByKind.get("mirrored")?.share // 0
 */
export function copyQuality(pool: KnownPool, thresholds: readonly number[]): ThresholdQuality[] {
  const copies = copySimilarities(pool);
  const { images, rows, kinds } = pool;
  const counted = images.flatMap(({ kind }, place) =>
    kind === "photograph" || kinds === undefined || kinds.includes(kind) ? [place] : [],
  );
  const pairs: { readonly similarity: number; readonly isCopy: boolean }[] = [];
  const lowest = Math.min(...thresholds);
  counted.forEach((a, i) => {
    for (const b of counted.slice(i + 1)) {
      const similarity = cosine(rows, a, rows, b);
      if (similarity > lowest)
        pairs.push({ similarity, isCopy: images[a]!.sourceKey === images[b]!.sourceKey });
    }
  });
  return thresholds.map((threshold) => {
    const above = pairs.filter(({ similarity }) => similarity > threshold);
    const found = (some: readonly CopySimilarity[]) =>
      shareOf(some.filter(({ similarity }) => similarity > threshold).length, some.length);
    const names = [...new Set(copies.map(({ kind }) => kind))].sort();
    return {
      threshold,
      precision: shareOf(above.filter(({ isCopy }) => isCopy).length, above.length),
      recall: found(copies),
      recallByKind: new Map(names.map((name) => [name, found(copies.filter(({ kind }) => kind === name))])),
    };
  });
}

function checkRows(images: readonly KnownImage[], rows: FeatureRows): void {
  if (rows.count !== images.length)
    throw new RangeError(
      `Cannot compare images: a descriptor for each of ${images.length} is needed, got ${rows.count}`,
    );
}
