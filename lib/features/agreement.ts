/**
 * How far two sets of features of the same images agree: the same encoder on two machines, or two encoders.
 *
 * Numbers of two encoders mean nothing beside each other; who is nearest to whom can be compared all the same.
 */
import type { FeaturePrefix, FeatureRows } from "./feature-set.js";
import { cosine, nearest } from "./nearest.js";

/** Rows and the images that they are of. */
export interface KeyedRows {
  /** Which kind of encoder; sets of different ones are compared by neighbours alone. */
  readonly prefix?: FeaturePrefix | undefined;
  readonly rows: FeatureRows;
  /** In the order of the rows, each once. */
  readonly keys: readonly string[];
}

/** The agreement of two sets on the images that both have. */
export interface FeatureAgreement {
  /** Images that both have. */
  readonly images: number;
  /** The smallest cosine of an image's two rows; undefined where the encoders differ or no image is in both. */
  readonly smallestCosine: number | undefined;
  /** The largest difference of two numbers; undefined as above. */
  readonly largestDifference: number | undefined;
  /** Images whose nearest neighbour among the shared ones is the same in both; 0 where there are fewer than 2. */
  readonly sameNearest: number;
}

/**
 * Compares two sets by key.
 * @throws RangeError where a row has no direction, or there are not as many keys as rows
 * @example featureAgreement(live, await sampleDescriptors("release")).smallestCosine // 0.99998
 */
export function featureAgreement(a: KeyedRows, b: KeyedRows): FeatureAgreement {
  for (const { rows, keys } of [a, b])
    if (keys.length !== rows.count)
      throw new RangeError(`Cannot compare features: ${rows.count} keys are needed, got ${keys.length}`);
  const placeInB = new Map(b.keys.map((key, row) => [key, row]));
  const shared = a.keys.flatMap((key, inA) => {
    const inB = placeInB.get(key);
    return inB === undefined ? [] : [{ inA, inB }];
  });
  const ofA = picked(
    a.rows,
    shared.map(({ inA }) => inA),
  );
  const ofB = picked(
    b.rows,
    shared.map(({ inB }) => inB),
  );
  const isComparable = shared.length > 0 && a.rows.width === b.rows.width && a.prefix === b.prefix;
  const [nearestA, nearestB] = [nearestOf(ofA), nearestOf(ofB)];
  return {
    images: shared.length,
    smallestCosine: isComparable ? Math.min(...shared.map((_, i) => cosine(ofA, i, ofB, i))) : undefined,
    largestDifference: isComparable
      ? ofA.data.reduce((most, value, i) => Math.max(most, Math.abs(value - ofB.data[i]!)), 0)
      : undefined,
    sameNearest: nearestA.filter((row, i) => row !== undefined && row === nearestB[i]).length,
  };
}

function picked({ data, width }: FeatureRows, rows: readonly number[]): FeatureRows & { data: Float64Array } {
  const taken = new Float64Array(rows.length * width);
  for (const [at, row] of rows.entries())
    taken.set(data.subarray(row * width, (row + 1) * width), at * width);
  return { data: taken, count: rows.length, width };
}

function nearestOf(rows: FeatureRows): (number | undefined)[] {
  const except = (query: number, row: number) => query === row;
  return nearest({ queries: rows, rows, k: 1, except }).map(([first]) => first?.row);
}
