/**
 * The oracle ladder on features at hand: distances of some of the images at several sizes, for the law to be fitted to.
 *
 * Three ways in which the benchmark's rows relate to their reference: some of the reference's own images (Test-50K), as
 * many images apart from it of the same law (Val), images of another set (the training tiers). Rows are drawn without
 * replacement, so that the bias law holds for the images at hand as if they were a law themselves; a rung is the mean
 * over draws, which share images, so that its standard error says how sure the mean over all draws is and not
 * how other photographs would move it.
 */
import { Random } from "../core/index.js";
import { type FeatureMoments, type FeatureRows, featureMoments, Moments } from "../features/index.js";
import { type BiasPoint, drawRows, type FrechetDistance, frechetFrom, sizeTerm } from "../metrics/index.js";

/** A rung that was measured: `fitBiasLaw` takes it as it is. */
export interface MeasuredRung extends BiasPoint {
  readonly isSubset: boolean;
  /** Means over draws, as fd is. */
  readonly fd_mu: number;
  readonly fd_sigma: number;
  /** Of fd, from the deviations of all sizes: each alone is of few draws, and they go with 1/n ± 1/N as fd does. */
  readonly standardError: number;
  /** Of one draw's fd. */
  readonly standardDeviation: number;
  readonly draws: number;
}

/** How a ladder is measured. */
export interface LadderOptions {
  /** Images of a rung, each at least 2. */
  readonly sizes: readonly number[];
  /** Draws of each size, at least 2, default 6. */
  readonly draws?: number | undefined;
  readonly seed: number | string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { drawsDone: number; drawsTotal: number }) => void) | undefined;
}

/**
 * Some of the images against all of them, as Test-50K is measured against Test-1M.
 * @param real N x D
 * @param options sizes below N
 * @throws RangeError where sizes or draws are out of range; the signal's reason
 * @example (await subsetLadder(rows, { sizes: [1_000, 2_000], seed: 1 }))[0]?.isSubset // true
 */
export async function subsetLadder(real: FeatureRows, options: LadderOptions): Promise<MeasuredRung[]> {
  checkLadder(options, real.count - 1);
  const distance = await frechetFrom(
    momentsOfRows(
      real,
      Array.from({ length: real.count }, (_, row) => row),
    ),
  );
  return rungsOf(options, { referenceCount: () => real.count, isSubset: true }, (size, random) =>
    distance(momentsOfRows(real, drawRows(real.count, size, random))),
  );
}

/**
 * As many images on either side, none on both.
 * @param real N x D
 * @param options sizes up to N/2
 * @throws RangeError where sizes or draws are out of range; the signal's reason
 * @example (await disjointLadder(rows, { sizes: [1_000], seed: 1 }))[0]?.referenceCount // 1,000
 */
export async function disjointLadder(real: FeatureRows, options: LadderOptions): Promise<MeasuredRung[]> {
  checkLadder(options, Math.floor(real.count / 2));
  const all = Array.from({ length: real.count }, (_, row) => row);
  return rungsOf(options, { referenceCount: (size) => size, isSubset: false }, async (size, random) => {
    const shuffled = random.shuffle(all);
    const distance = await frechetFrom(momentsOfRows(real, shuffled.slice(0, size)));
    return distance(momentsOfRows(real, shuffled.slice(size, 2 * size)));
  });
}

/**
 * Images of another set against a reference, as the training tiers are measured against Test-1M.
 * @param sets real: all of it is the reference; generated: rungs are drawn from it
 * @param options sizes below the count of `generated`
 * @throws RangeError where sizes or draws are out of range, or widths differ; the signal's reason
 * @example (await ladderAgainst({ real, generated }, { sizes: [1_000], seed: 1 }))[0]?.isSubset // false
 */
export async function ladderAgainst(
  { real, generated }: { readonly real: FeatureRows; readonly generated: FeatureRows },
  options: LadderOptions,
): Promise<MeasuredRung[]> {
  checkLadder(options, generated.count - 1);
  const distance = await frechetFrom(
    momentsOfRows(
      real,
      Array.from({ length: real.count }, (_, row) => row),
    ),
  );
  return rungsOf(options, { referenceCount: () => real.count, isSubset: false }, (size, random) =>
    distance(momentsOfRows(generated, drawRows(generated.count, size, random))),
  );
}

async function rungsOf(
  { sizes, draws = 6, seed, signal, onProgress }: LadderOptions,
  {
    referenceCount,
    isSubset,
  }: { readonly referenceCount: (size: number) => number; readonly isSubset: boolean },
  measure: (size: number, random: Random) => Promise<FrechetDistance>,
): Promise<MeasuredRung[]> {
  const random = new Random(seed);
  const rungs: MeasuredRung[] = [];
  for (const size of sizes) {
    const found: FrechetDistance[] = [];
    for (let draw = 0; draw < draws; draw++) {
      signal?.throwIfAborted();
      found.push(await measure(size, random));
      onProgress?.({ drawsDone: rungs.length * draws + draw + 1, drawsTotal: sizes.length * draws });
    }
    const mean = (part: "fd" | "fd_mu" | "fd_sigma"): number =>
      found.reduce((sum, distance) => sum + distance[part], 0) / draws;
    const fd = mean("fd");
    const deviation = Math.sqrt(found.reduce((sum, one) => sum + (one.fd - fd) ** 2, 0) / (draws - 1));
    rungs.push({
      ...{ generatedCount: size, referenceCount: referenceCount(size), isSubset },
      ...{ fd, fd_mu: mean("fd_mu"), fd_sigma: mean("fd_sigma") },
      ...{ standardDeviation: deviation, standardError: 0, draws },
    });
  }
  const share = Math.sqrt(
    rungs.reduce((sum, rung) => sum + (rung.standardDeviation / sizeTerm(rung)) ** 2, 0) / rungs.length,
  );
  return rungs.map((rung) => ({ ...rung, standardError: (share * sizeTerm(rung)) / Math.sqrt(draws) }));
}

function checkLadder({ sizes, draws = 6 }: LadderOptions, most: number): void {
  const wrong = sizes.find((size) => !(Number.isSafeInteger(size) && size >= 2 && size <= most));
  if (sizes.length === 0 || wrong !== undefined)
    throw new RangeError(
      `Cannot measure a ladder: sizes from 2 to ${most} are needed, got ${wrong ?? "none"}`,
    );
  if (!(Number.isSafeInteger(draws) && draws >= 2))
    throw new RangeError(`Cannot measure a ladder: 2 draws or more are needed, got ${draws}`);
}

function momentsOfRows({ data, width }: FeatureRows, rows: ArrayLike<number>): FeatureMoments {
  const moments = Moments.of(width);
  for (let i = 0; i < rows.length; i++)
    moments.add(data.subarray(rows[i]! * width, (rows[i]! + 1) * width), 1);
  return featureMoments(moments);
}
