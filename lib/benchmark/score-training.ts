/**
 * The nearest training image of each sample, and whether samples are nearer to the training set than held-out real
 * images are: the reference is the held-out set, as the paper's section 3 chose it for.
 */
import { Random } from "../core/index.js";
import type { FeatureRows } from "../features/index.js";
import { drawRows, frechetGap, memorisation, pickRows } from "../metrics/index.js";
import { flaggedByChance } from "./chance-flags.js";
import { checkSameMaker, type ScoreSides } from "./score-checks.js";
import type { DrawOptions } from "./score-rows.js";
import type { ScoreSide } from "./score-side.js";

/** A sample and its nearest training image. */
export interface NearestTraining {
  readonly row: number;
  readonly key: string | undefined;
  readonly trainingRow: number;
  readonly trainingKey: string | undefined;
  readonly distance: number;
  /** Share of held-out images that are as near to the training set, at the most. */
  readonly pValue: number;
  readonly isFlagged: boolean;
}

/** What the training images say of the samples. */
export interface TrainingFinding {
  /** The file of training features. */
  readonly name: string;
  readonly images: number;
  /** Held-out images that set the threshold. */
  readonly heldOut: number;
  /** The samples that are nearest to a training image, 20 at the most, the nearest first. */
  readonly nearest: readonly NearestTraining[];
  /** Samples nearer than the threshold, and the share of held-out images that would be. */
  readonly flagged: number;
  /** Samples that chance alone flags in 95 % of cases, at the most: see chance-flags.ts. */
  readonly flaggedByChance: number;
  readonly threshold: number;
  readonly falseAlarmRate: number;
  /** Share of samples that are further from their nearest training image than that is from its own nearest other one. */
  readonly authenticity: { readonly generated: number; readonly heldOut: number };
  /** Frechet distances of the samples to as many training and held-out images, and whether chance makes their gap. */
  readonly gap: TrainingGap;
}

/** The train/test gap of the Frechet distance. */
export interface TrainingGap {
  readonly training: number;
  readonly heldOut: number;
  /** Share of random dealings of training and held-out images whose gap is at least as large. */
  readonly pValue: number;
  /** Training and held-out images each. */
  readonly rows: number;
}

/** Images of each side for the gap, drawn by seed: twenty times two distances of more would take longer than the score. */
const GAP_ROWS = 5000;

const SHOWN = 20;
/** Of held-out images, where there are enough of them. */
const FALSE_ALARM_RATE = 0.01;

/**
 * Holds training features against the reference, which must be of other images made alike.
 * @throws RangeError where they are of another encoder or protocol, or are the reference itself
 */
export function checkTraining(real: ScoreSide, training: ScoreSide): void {
  checkSameMaker({ real, generated: training }, { real: "real", generated: "training" });
  if (training.sha256 !== undefined && training.sha256 === real.sha256)
    throw new RangeError(
      `Cannot look for training images: held-out real images are needed as the reference, got the training images themselves`,
    );
}

/**
 * Looks for samples that are training images.
 * @returns undefined, and why, where a side has no rows
 * @throws RangeError as `checkTraining`
 */
export async function trainingFinding(
  { real, generated }: ScoreSides,
  training: ScoreSide | undefined,
  { seed, signal }: DrawOptions,
): Promise<{ readonly finding: TrainingFinding | undefined; readonly missing: readonly string[] }> {
  if (training === undefined) return { finding: undefined, missing: [] };
  checkTraining(real, training);
  if (training.rows === undefined || real.rows === undefined || generated.rows === undefined)
    return {
      finding: undefined,
      missing: ["Nearest training images need rows of the training, the real and the generated side."],
    };
  const rate = Math.max(FALSE_ALARM_RATE, 1 / (real.rows.count + 1));
  const found = await memorisation(
    { training: training.rows, heldOut: real.rows, generated: generated.rows },
    { falseAlarmRate: rate, ...(signal === undefined ? {} : { signal }) },
  );
  const some = (rows: FeatureRows, which: string) =>
    pickRows(rows, drawRows(rows.count, GAP_ROWS, new Random(`gap ${which} ${seed}`)));
  const gap = await frechetGap(
    {
      training: some(training.rows, "training"),
      heldOut: some(real.rows, "held out"),
      generated: generated.rows,
    },
    { seed, ...(signal === undefined ? {} : { signal }) },
  );
  const { indices, distances } = found.nearest;
  const flagged = new Set(found.flagged);
  const order = Array.from(distances, (_, row) => row).sort((a, b) => distances[a]! - distances[b]!);
  return {
    missing: [],
    finding: {
      ...{ name: training.name, images: training.rows.count, heldOut: real.rows.count },
      flagged: flagged.size,
      flaggedByChance: flaggedByChance({
        ...{ samples: generated.rows.count, heldOut: real.rows.count, falseAlarmRate: rate },
      }),
      ...{ threshold: found.threshold, falseAlarmRate: rate, authenticity: found.authenticity },
      gap: { training: gap.training, heldOut: gap.heldOut, pValue: gap.pValue, rows: gap.rows },
      nearest: order.slice(0, SHOWN).map((row) => ({
        ...{ row, key: generated.keys?.[row], trainingRow: indices[row]! },
        ...{ trainingKey: training.keys?.[indices[row]!], distance: distances[row]! },
        ...{ pValue: found.pValues[row]!, isFlagged: flagged.has(row) },
      })),
    },
  };
}

/**
 * The finding in words.
 * @param samples rows of the generated side
 * @example trainingText(finding, 5000) // "2 of 5,000 samples are nearer to a training image than ..."
 */
export function trainingText(
  { flagged, flaggedByChance: most, falseAlarmRate, authenticity, images, gap }: TrainingFinding,
  samples: number,
): string {
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  return (
    `Of ${samples.toLocaleString("en-US")} samples ${flagged.toLocaleString("en-US")} are nearer to one of ` +
    `${images.toLocaleString("en-US")} training images than all but ${share(falseAlarmRate)} of held-out real images are; ` +
    `chance alone makes ${most.toLocaleString("en-US")} or fewer in 95 % of cases. ` +
    `Authentic: ${share(authenticity.generated)} of the samples, ${share(authenticity.heldOut)} of held-out images. ` +
    `The Frechet distance to ${gap.rows.toLocaleString("en-US")} training images is ${gap.training.toPrecision(4)}, to as many ` +
    `held-out ones ${gap.heldOut.toPrecision(4)}: chance makes such a gap with p = ${Number(gap.pValue.toPrecision(2))}.`
  );
}
