/** How a model's samples are named for the benchmark: {caption type}_{key}.png, with the key of the test image. */

/** What a sample's name says. */
export interface SampleName {
  readonly captionType: string;
  /** SHA-256 of the test image whose caption was used, hexadecimal. */
  readonly key: string;
}

/**
 * Reads the name of a sample, with or without folders and ending.
 * @returns undefined where it is another name
 * @example sampleName("out/long_3f…e1.png") // { captionType: "long", key: "3f…e1" }
 */
export function sampleName(name: string): SampleName | undefined {
  const found = /(?:^|\/)(tag|short|medium|long)_([0-9a-f]{64})(?:\.[A-Za-z0-9]{1,5})?$/.exec(name);
  return found === null ? undefined : { captionType: found[1]!, key: found[2]! };
}
