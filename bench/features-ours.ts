/**
 * Our side of the benchmark of features: a process that opens an encoder once and, for each line that it is told,
 * extracts a folder of images into a file.
 *
 *   features-ours.js WEIGHTS: reads lines of {"images": FOLDER, "out": F.npz}; answers each with a FeaturesAnswer
 */
import { createInterface } from "node:readline";
import { extractFeatures, featuresToWrite, writeFeatures } from "../lib/features/index.js";
import { openImages } from "../lib/images/index.js";
import { installSettings, settingsFrom } from "../lib/io/index.js";
import { openEncoder } from "../lib/models/index.js";

/** One folder that is to be extracted. */
export interface FeaturesWork {
  readonly images: string;
  readonly out: string;
}

/** What a side says of one folder. */
export interface FeaturesAnswer {
  /** From the names of the files to the file of features. */
  readonly seconds: number;
  /** The share of that time in which the encoder had no batch ready; the peer does not say. */
  readonly waitingShare?: number;
}

installSettings(() => settingsFrom(process.env));
const encoder = await openEncoder("dinov2", { weights: process.argv[2], device: "cpu" });
for await (const line of createInterface({ input: process.stdin })) {
  const { images, out }: FeaturesWork = JSON.parse(line);
  const begun = performance.now();
  const set = await openImages(images);
  const result = await extractFeatures(set, { encoder, now: () => performance.now() / 1000 });
  await writeFeatures(out, await featuresToWrite(result));
  await set.close();
  const seconds = (performance.now() - begun) / 1000;
  const { inferSeconds = 0, waitingSeconds = 0 } = result;
  const waitingShare = waitingSeconds / (inferSeconds + waitingSeconds);
  process.stdout.write(`${JSON.stringify({ seconds, waitingShare } satisfies FeaturesAnswer)}\n`);
}
await encoder.close();
