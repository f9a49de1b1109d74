/** What a plausible corpus is made of: the paper's shares, and the vocabulary of the sample's captions. */
import { openCorpus } from "gpic-lab/corpus";

/** A value and how often it comes, in parts of a thousand. */
export type Weighted<T> = readonly (readonly [value: T, weight: number])[];

const cc = (path: string) => `https://creativecommons.org/${path}/`;

/** Licences as the two sources write them; shares near the paper's Figure 2, and some strings that it would reject. */
export const licences: Weighted<readonly [license: string, url: string]> = [
  [["CC BY 2.0", cc("licenses/by/2.0")], 700],
  [["Attribution License", "http://creativecommons.org/licenses/by/2.0/"], 30],
  [["CC BY 4.0", cc("licenses/by/4.0")], 50],
  [["CC BY 3.0", cc("licenses/by/3.0")], 29],
  [["Public Domain Mark", cc("publicdomain/mark/1.0")], 90],
  [["Public domain", ""], 48],
  [["CC0 1.0", cc("publicdomain/zero/1.0")], 44],
  [["No known copyright restrictions", "https://www.flickr.com/commons/usage/"], 8],
  [["CC BY-SA 4.0", cc("licenses/by-sa/4.0")], 1],
];

/** Credits by source: Flickr and Wikimedia as the paper says, few of neither. */
export const credits: Weighted<string> = [
  [" on Flickr", 875],
  [", via Wikimedia Commons", 123],
  [", own work", 2],
];

/** Caption types as the release has them, each with the range of its words. */
export const captionKinds: Weighted<readonly [type: string, fewest: number, most: number]> = [
  [["tag", 8, 18], 10],
  [["short", 12, 30], 450],
  [["medium", 30, 56], 450],
  [["long", 90, 160], 90],
];

/** Widths and heights: most have 640 px on a side, as the release was scaled to. */
export const sizes: Weighted<readonly [width: number, height: number]> = [
  [[640, 480], 500],
  [[480, 640], 180],
  [[640, 427], 200],
  [[427, 640], 70],
  [[640, 360], 40],
  [[1411, 1411], 10],
];

/** The words of the sample's captions, each as often as it is there. */
export async function captionWords(): Promise<string[]> {
  const words: string[] = [];
  for await (const { caption } of (await openCorpus("sample")).records()) words.push(...caption.split(/\s+/));
  return words;
}

/** Draws by weights. */
export function drawWeighted<T>(from: Weighted<T>, uniform: number): T {
  const total = from.reduce((sum, [, weight]) => sum + weight, 0);
  let left = uniform * total;
  for (const [value, weight] of from) {
    left -= weight;
    if (left < 0) return value;
  }
  return from.at(-1)![0];
}
