/**
 * How much arithmetic a training was, and how much of a GPU's it amounts to.
 *
 * The usual count (Kaplan et al. 2020): a parameter costs two operations for each token forward and four backward. In
 * attention each token meets each: 4 T W operations a token and layer forward, three times that with backward (PaLM's
 * appendix B). A square image of p x p patches is (pixels / p)^2 tokens. What was computed again to save memory is not
 * counted, as is the custom where a share of the GPU's peak is called its utilisation. Known limit: parameters
 * that not every token passes (embeddings, the text's own blocks, modulation) are counted as if each did.
 */

/** Dense bfloat16 operations a second of NVIDIA's H100 (SXM), by its data sheet, without sparsity. */
export const H100_PEAK_OPERATIONS = 989.4e12;
/** Bytes a second of its memory, by the same sheet. */
export const H100_MEMORY_BYTES = 3.35e12;

/** Bytes that a parameter moves in a step: bfloat16 weights forward and backward, float32 gradient, AdamW's two moments and master weights read and written. */
const STEP_BYTES_PER_PARAMETER = 2 + 2 + 4 + 4 + 6 * 4;

/** A training of a Transformer on pixels. */
export interface TransformerTraining {
  readonly parameters: number;
  readonly images: number;
  /** Side of the image; a multiple of the patch's. */
  readonly imagePixels: number;
  readonly patchPixels: number;
  /** Tokens of text that pass the same parameters, for each image; 0 where they do not. */
  readonly textTokens: number;
  /** Layers and their width, for attention; left out, attention is not counted. */
  readonly attention?: { readonly layers: number; readonly width: number } | undefined;
  /** Another network that is only run forward for each image, such as a text encoder. */
  readonly frozen?: { readonly parameters: number; readonly tokens: number } | undefined;
}

/** The arithmetic of a training. */
export interface TrainingWork {
  readonly tokensPerImage: number;
  readonly operationsPerImage: number;
  /** Shares of it: by parameters, by attention, by the frozen network; they add up to 1. */
  readonly shares: { readonly parameters: number; readonly attention: number; readonly frozen: number };
  readonly operations: number;
  /** Tokens of all images for each parameter. */
  readonly tokensPerParameter: number;
}

/**
 * The arithmetic of a training.
 * @throws RangeError where a number is negative, or a patch does not divide the image
 * @example
 * trainingWork({ parameters: 1.1e9, images: 1e8, imagePixels: 256, patchPixels: 16, textTokens: 0 }).operations; // 1.69e20
 */
export function trainingWork(training: TransformerTraining): TrainingWork {
  const { parameters, images, imagePixels, patchPixels, textTokens, attention, frozen } = training;
  const numbers = [parameters, images, textTokens, attention?.layers, attention?.width];
  if (![...numbers, frozen?.parameters, frozen?.tokens].every((value = 0) => value >= 0 && value < Infinity))
    throw new RangeError(
      `Cannot count a training's work: numbers of 0 or more are needed, got ${numbers.join(", ")}`,
    );
  if (!(patchPixels >= 1 && Number.isSafeInteger(imagePixels / patchPixels)))
    throw new RangeError(
      `Cannot count a training's work: a patch that divides the image is needed, got ${patchPixels} of ${imagePixels} px`,
    );
  const tokens = (imagePixels / patchPixels) ** 2 + textTokens;
  const byParameters = 6 * parameters * tokens;
  const byAttention = attention === undefined ? 0 : 12 * attention.layers * attention.width * tokens ** 2;
  const byFrozen = frozen === undefined ? 0 : 2 * frozen.parameters * frozen.tokens;
  const operationsPerImage = byParameters + byAttention + byFrozen;
  return {
    tokensPerImage: tokens,
    operationsPerImage,
    shares: {
      parameters: byParameters / operationsPerImage,
      attention: byAttention / operationsPerImage,
      frozen: byFrozen / operationsPerImage,
    },
    operations: operationsPerImage * images,
    tokensPerParameter: (tokens * images) / parameters,
  };
}

/**
 * The share of its GPUs' peak that a training amounts to.
 * @param operations of all of it
 * @param time gpus, hours each, peak: operations a second of one, default an H100's in bfloat16
 * @returns above 1 where the numbers cannot all be right
 * @throws RangeError where a number is not above 0
 * @example impliedUtilisation(1.69e20, { gpus: 8, hours: 40 }) // 0.148
 */
export function impliedUtilisation(
  operations: number,
  {
    gpus,
    hours,
    peak = H100_PEAK_OPERATIONS,
  }: { readonly gpus: number; readonly hours: number; readonly peak?: number },
): number {
  if (![operations, gpus, hours, peak].every((value) => value > 0 && value < Infinity))
    throw new RangeError(
      `Cannot imply a utilisation: numbers above 0 are needed, got ${operations}, ${gpus}, ${hours}, ${peak}`,
    );
  return operations / (gpus * hours * 3600 * peak);
}

/**
 * Arithmetic intensity of a training step on one GPU: operations for each byte of weights, gradients and AdamW's state
 * that has to move. Above the machine's own ratio (H100: peak by memory, 295) arithmetic is the limit, below it memory.
 * @param batchImages of one GPU
 * @throws RangeError as trainingWork, or where the batch is below 1
 * @example
 * stepIntensity({ parameters: 1.1e9, images: 1e8, imagePixels: 256, patchPixels: 16, textTokens: 0 }, 32); // 1365
 */
export function stepIntensity(training: TransformerTraining, batchImages: number): number {
  if (!(batchImages >= 1 && training.parameters > 0))
    throw new RangeError(
      `Cannot tell a step's intensity: a batch of at least 1 and parameters are needed, got ${batchImages} and ${training.parameters}`,
    );
  return (
    (trainingWork(training).operationsPerImage * batchImages) /
    (STEP_BYTES_PER_PARAMETER * training.parameters)
  );
}
