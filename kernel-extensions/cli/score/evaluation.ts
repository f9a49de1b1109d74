/** What `evaluate` does: opens samples and reference, makes features where they are images, scores, and writes. */
import {
  type CompareOptions,
  checkTraining,
  compareFeatures,
  evaluateImages,
  openSide,
  type SampleSize,
  type Score,
  type ScoreSide,
  samplesKind,
} from "../../../lib/benchmark/index.js";
import {
  type ExtractFailure,
  type PartsUse,
  usePartsFolder,
  writeFeatures,
} from "../../../lib/features/index.js";
import { type ImageSet, type OpenImagesOptions, openImages } from "../../../lib/images/index.js";
import { architectureOf, type EncoderOptions, openEncoder } from "../../../lib/models/index.js";
import type { ScorePicture } from "../../report/score-tiles.js";
import { UsageError } from "../command.js";
import type { StatusLine } from "../corpus/status-line.js";
import { progressText } from "../features.js";
import { checkKept } from "./kept-features.js";
import { pictures } from "./score-page.js";

/** What a call of `evaluate` asks for. */
export interface EvaluationCall {
  /** SAMPLES. */
  readonly name: string;
  readonly choice: OpenImagesOptions;
  readonly reference: string;
  readonly prefix: ScoreSide["prefix"];
  /** Not used where SAMPLES are features. */
  readonly encoder: { readonly id: string; readonly options: EncoderOptions };
  readonly workers: number | undefined;
  /** Names of the options given that ask for images. */
  readonly imageOptions: readonly string[];
  /** Features of training images. */
  readonly training: string | undefined;
  /** Training images, for pictures of the nearest. */
  readonly trainingImages: string | undefined;
  /** Where features of the samples are kept. */
  readonly features: string | undefined;
  readonly score: Pick<CompareOptions, "seed" | "statements">;
  /** Whether the images at both ends are wanted, made small. */
  readonly hasPage: boolean;
}

/** What a call may use while it works. */
export interface EvaluationHand {
  readonly signal: AbortSignal;
  readonly line: StatusLine;
  readonly seconds: () => number;
}

/** What came of it. */
export interface Evaluation {
  readonly score: Score;
  readonly real: ScoreSide;
  readonly generated: ScoreSide;
  readonly failures: readonly ExtractFailure[];
  readonly sizes: readonly SampleSize[] | undefined;
  /** By key; only those that the page shows. */
  readonly pictures: ReadonlyMap<string, ScorePicture>;
  readonly trainingPictures: ReadonlyMap<string, ScorePicture>;
}

/** Scores samples. */
export async function evaluation(call: EvaluationCall, hand: EvaluationHand): Promise<Evaluation> {
  const { signal, line } = hand;
  const kind = await samplesKind(call.name);
  checkOptionsFit(kind, call);
  const { training: path, trainingImages: trainingName } = call;
  let images: ImageSet | undefined;
  let trainingImages: ImageSet | undefined;
  try {
    if (kind === "images") images = await openImages(call.name, { ...call.choice, signal });
    if (images !== undefined && call.features !== undefined)
      await checkKept(call.features, images, call.encoder.id);
    if (trainingName !== undefined) trainingImages = await openImages(trainingName, { signal });
    line.show(() => "reading the reference");
    const real = await openSide(call.reference, { prefix: call.prefix, signal });
    const training = path === undefined ? undefined : await openSide(path, { prefix: real.prefix, signal });
    if (training !== undefined) checkTraining(real, training);
    const made =
      images === undefined
        ? { side: await openSide(call.name, { prefix: real.prefix, signal }), sizes: undefined, failures: [] }
        : await madeOf(images, real, call, hand);
    const generated = made.side;
    const score = await compareFeatures(
      { real, generated },
      {
        ...call.score,
        ...{ sizes: made.sizes, failed: made.failures.length, training, signal },
        onStage: (stage) => line.show(() => stage),
      },
    );
    line.show(() => "reading the images of the page");
    const shown = call.hasPage ? shownKeys(score) : { samples: [], training: [] };
    return {
      ...{ score, real, generated, failures: made.failures, sizes: made.sizes },
      pictures: await pictures(images, new Set(shown.samples), signal),
      trainingPictures: await pictures(trainingImages, new Set(shown.training), signal),
    };
  } finally {
    await trainingImages?.close();
    await images?.close();
  }
}

/** Which images a page shows. */
function shownKeys({ images, training }: Score): { readonly samples: string[]; readonly training: string[] } {
  const ends = [
    ...(images?.mostHelpful ?? []),
    ...(images?.leastHelpful ?? []),
    ...(training?.nearest ?? []),
  ];
  return {
    samples: ends.flatMap(({ key }) => key ?? []),
    training: (training?.nearest ?? []).flatMap(({ trainingKey }) => trainingKey ?? []),
  };
}

/** What a call has asked for that features cannot be given. */
function checkOptionsFit(kind: "images" | "features", { name, imageOptions }: EvaluationCall): void {
  if (kind === "features" && imageOptions.length > 0)
    throw new UsageError(`${imageOptions.join(", ")} is for images, got features (${name})`);
}

async function madeOf(
  images: ImageSet,
  real: ScoreSide,
  { encoder: { id, options }, workers, features }: EvaluationCall,
  { signal, line, seconds }: EvaluationHand,
): Promise<{
  readonly side: ScoreSide;
  readonly sizes: readonly SampleSize[];
  readonly failures: readonly ExtractFailure[];
}> {
  const { prefix } = architectureOf(id === "sscd-int8" ? "sscd" : id);
  if (real.prefix !== undefined && real.prefix !== prefix)
    throw new RangeError(
      `Cannot score against ${real.name}: its encoder is needed (its features are ${real.prefix}'s; --encoder), got ${id}`,
    );
  line.show(() => "reading the weights");
  let use: PartsUse | undefined;
  const encoder = await openEncoder(id, { ...options, signal });
  try {
    const folder = features === undefined ? undefined : `${features}.parts`;
    use = folder === undefined ? undefined : await usePartsFolder(folder, signal);
    const started = seconds();
    const made = await evaluateImages(images, {
      ...{ encoder, real, folder, workers, signal, now: seconds },
      onProgress: (progress) => line.show((now) => progressText(progress, now - started)),
    });
    if (features !== undefined) {
      await writeFeatures(features, made.side, { signal });
      await use?.remove();
    }
    return made;
  } finally {
    await use?.close();
    await encoder.close();
  }
}
