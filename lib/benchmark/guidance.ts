/**
 * Whether a best setting was found: of a score over guidance scales (Table 3, check C18).
 *
 * A best one is bracketed where worse ones were tried on both sides. Where the best is the last that was tried, the least
 * of a curve with one valley lies anywhere beyond its neighbour: it may be past the last one or before it. Parabolas
 * through three points, over the scale, its logarithm and its inverse, show how little the points say.
 */

/** A score at a setting. */
export interface SettingScore {
  readonly setting: number;
  /** Lower is better. */
  readonly score: number;
}

/** Where a best setting can be. */
export interface BestSetting {
  readonly best: SettingScore;
  /** Whether worse ones were tried on both sides. */
  readonly isBracketed: boolean;
  /** Where the least of a curve with one valley lies; an end is infinite where nothing was tried beyond it. */
  readonly between: { readonly low: number; readonly high: number };
}

/** The least of a parabola through three points. */
export interface Parabola {
  readonly over: "setting" | "logarithm" | "inverse";
  /** As a setting; null where the parabola has no least, or it lies beyond any setting. */
  readonly least: SettingScore | null;
}

/**
 * What scores at several settings say of the best one.
 * @param scores two or more, settings different
 * @throws RangeError where there are fewer, two have one setting, or a number is not finite
 * @example
 * bestSetting([{ setting: 1, score: 9 }, { setting: 2, score: 4 }, { setting: 3, score: 3 }]).isBracketed; // false
 */
export function bestSetting(scores: readonly SettingScore[]): BestSetting {
  const sorted = sortedScores(scores, 2);
  const at = sorted.reduce((least, { score }, i) => (score < sorted[least]!.score ? i : least), 0);
  return {
    best: sorted[at]!,
    isBracketed: at > 0 && at < sorted.length - 1,
    between: {
      low: sorted[at - 1]?.setting ?? Number.NEGATIVE_INFINITY,
      high: sorted[at + 1]?.setting ?? Number.POSITIVE_INFINITY,
    },
  };
}

/**
 * Parabolas through three scores.
 * @param scores three, settings different and above 0
 * @throws RangeError where there are not three such
 * @example parabolas([{ setting: 1, score: 4 }, { setting: 2, score: 1 }, { setting: 4, score: 1 }])[0].least?.setting // 3
 */
export function parabolas(scores: readonly SettingScore[]): [Parabola, Parabola, Parabola] {
  const sorted = sortedScores(scores, 3);
  if (sorted.length !== 3 || !(sorted[0]!.setting > 0))
    throw new RangeError(
      `Cannot draw a parabola: three settings above 0 are needed, got ${sorted.map(({ setting }) => setting).join(", ")}`,
    );
  const inverse = (x: number): number => 1 / x;
  return [
    {
      over: "setting",
      least: leastOf(
        sorted,
        (x) => x,
        (x) => x,
      ),
    },
    { over: "logarithm", least: leastOf(sorted, Math.log, Math.exp) },
    { over: "inverse", least: leastOf(sorted, inverse, inverse) },
  ];
}

function leastOf(
  scores: readonly SettingScore[],
  to: (setting: number) => number,
  from: (x: number) => number,
): SettingScore | null {
  const [x0, x1, x2] = scores.map(({ setting }) => to(setting)) as [number, number, number];
  const [y0, y1, y2] = scores.map(({ score }) => score) as [number, number, number];
  // Newton's form: y0 + first (x - x0) + second (x - x0)(x - x1)
  const first = (y1 - y0) / (x1 - x0);
  const second = ((y2 - y1) / (x2 - x1) - first) / (x2 - x0);
  if (!(second > 0)) return null;
  const x = (x0 + x1 - first / second) / 2;
  const setting = from(x);
  if (!(setting > 0 && setting < Infinity)) return null;
  return { setting, score: y0 + first * (x - x0) + second * (x - x0) * (x - x1) };
}

function sortedScores(scores: readonly SettingScore[], least: number): SettingScore[] {
  const sorted = [...scores].sort((a, b) => a.setting - b.setting);
  const sound = sorted.every(
    ({ setting, score }, i) =>
      Number.isFinite(setting) && Number.isFinite(score) && setting !== sorted[i - 1]?.setting,
  );
  if (!sound || sorted.length < least)
    throw new RangeError(
      `Cannot tell the best setting: ${least} or more finite scores at different settings are needed, got ${sorted.length}`,
    );
  return sorted;
}
