/** What a map of principal components keeps: whether a row's nearest other row is still its nearest on fewer axes. */
import type { PrincipalComponents } from "./principal-components.js";

/**
 * The share of rows whose nearest other row along the first axes is their nearest along all axes that were found.
 *
 * Distances are Euclidean. Where all components of the rows were found, those along all axes are the distances of the
 * rows themselves. Every pair is looked at: for some thousand rows.
 * @param found the components; at least 2 rows
 * @param axes how many of the first axes, each 1 to `found.components`
 * @returns a share, 0 to 1, for each number of axes
 * @throws RangeError where a number of axes is out of range
 * @example keptNeighbours(principalComponents(rows, 152, { components: 151 }), [2, 151]) // [0.05, 1]
 */
export function keptNeighbours(
  found: Pick<PrincipalComponents, "components" | "scores">,
  axes: readonly number[],
): number[] {
  const { components, scores } = found;
  for (const count of axes)
    if (!Number.isSafeInteger(count) || count < 1 || count > components)
      throw new RangeError(`Cannot compare neighbours: 1 to ${components} axes are possible, got ${count}`);
  const inTruth = nearestRows(scores, components, components);
  return axes.map((count) => {
    const onMap = nearestRows(scores, components, count);
    return onMap.filter((row, i) => row === inTruth[i]).length / onMap.length;
  });
}

/** The nearest other row of each; of equally near ones that of the smaller number. */
function nearestRows(scores: Float64Array, components: number, axes: number): number[] {
  const count = scores.length / components;
  return Array.from({ length: count }, (_, row) => {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < count; other++) {
      if (other === row) continue;
      let square = 0;
      for (let axis = 0; axis < axes; axis++)
        square += (scores[row * components + axis]! - scores[other * components + axis]!) ** 2;
      if (square < least) {
        least = square;
        nearest = other;
      }
    }
    return nearest;
  });
}
