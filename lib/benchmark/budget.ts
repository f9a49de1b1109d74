/** What a training cost in images, parameters and GPU hours, and what each of them bought. */

/** What is stated of a training; what is not stated is left out. */
export interface TrainingBudget {
  /** Different images. */
  readonly images?: number;
  /** Images that went through the network, repeats counted. */
  readonly samples?: number;
  readonly parameters?: number;
  readonly gpuHours?: number;
}

/** What follows; undefined where something that is needed is not stated. */
export interface BudgetShares {
  /** How often each image was seen. */
  readonly passes: number | undefined;
  readonly samplesPerParameter: number | undefined;
  readonly imagesPerParameter: number | undefined;
  /** Throughput of one GPU, images per second. */
  readonly samplesPerGpuSecond: number | undefined;
  /** A measure of work: parameters times samples. */
  readonly parameterSamples: number | undefined;
  /** The same work for each GPU second. */
  readonly parameterSamplesPerGpuSecond: number | undefined;
}

/**
 * What a budget amounts to.
 * @throws RangeError where a stated number is not above 0
 * @example budgetShares({ images: 1e8, samples: 1e8, parameters: 1.1e9, gpuHours: 320 }).passes // 1
 */
export function budgetShares(budget: TrainingBudget): BudgetShares {
  for (const [name, value] of Object.entries(budget))
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw new RangeError(`Cannot compute a budget: ${name} above 0 is needed, got ${value}`);
  const { images, samples, parameters, gpuHours } = budget;
  const gpuSeconds = gpuHours === undefined ? undefined : gpuHours * 3600;
  const parameterSamples =
    parameters === undefined || samples === undefined ? undefined : parameters * samples;
  return {
    passes: ratio(samples, images),
    samplesPerParameter: ratio(samples, parameters),
    imagesPerParameter: ratio(images, parameters),
    samplesPerGpuSecond: ratio(samples, gpuSeconds),
    parameterSamples,
    parameterSamplesPerGpuSecond: ratio(parameterSamples, gpuSeconds),
  };
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b;
}
