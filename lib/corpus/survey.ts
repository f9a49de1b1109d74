/** Walks through a whole corpus once and counts it; what is damaged is counted too, and stops nothing. */
import type { Corpus } from "./corpus.js";
import { type CorpusIdentity, identityAfterReading } from "./identity.js";
import type { CorpusProblem } from "./problems.js";
import { type CorpusSummary, summarise } from "./summarise.js";
import type { CorpusProgress } from "./walk.js";

/** The counts of a corpus, and which data they were counted on. */
export interface CorpusSurvey extends CorpusSummary {
  /** The corpus' identity; complete only where all of it was read, so that a part is never compared with a claim. */
  readonly identity: CorpusIdentity;
}

/**
 * Counts every image of a corpus from headers and JSON, without reading a pixel, in memory that does not grow with it.
 * @param options `signal` stops between two records, `onProgress` is called after each shard
 * @throws the signal's reason where it was stopped
 * @example (await surveyCorpus(await openCorpus("sample"))).images // 152
 */
export async function surveyCorpus(
  corpus: Corpus,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: CorpusProgress) => void) | undefined;
  } = {},
): Promise<CorpusSurvey> {
  const problems: CorpusProblem[] = [];
  const records = corpus.records({ ...options, onProblem: (problem) => problems.push(problem) });
  const summary = await summarise(records, problems);
  return { ...summary, identity: identityAfterReading(corpus.identity, summary.images, problems.length) };
}
