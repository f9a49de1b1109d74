/**
 * The whole of section 2.3 for images whose hashes and similar pairs are known: exact copies, then the paper's rule; every
 * removal with the kept image that stands for it.
 *
 * The paper hashes after its rule and finds nothing; here exact copies go first, as whoever has a pool of their own wants
 * to know which they are, and the rule is applied to what they leave, as if they had never been there: they make no
 * component of five. Whoever leaves the hashes out gets the rule on descriptors alone, as the paper ran it. The result does
 * not depend on the order in which images or pairs are listed.
 *
 * Known limit: images are objects and removals a map, some ten million at once. A larger pool goes by components
 * (components.ts holds a hundred million), which have nothing to do with each other.
 */
import { pairsWhere, type SimilarPairs } from "./pairs.js";
import { type RuleOptions, ruleOptions } from "./rule-options.js";
import { type DedupImage, imageOrder } from "./rule-order.js";
import {
  noStages,
  type RemovalRule,
  removeOfComponents,
  removeOfPairs,
  removeSame,
  type Stages,
} from "./rule-stages.js";

/** What is known of images; the arrays beside them have an entry for each. */
export interface DedupInput {
  readonly images: readonly DedupImage[];
  /** SHA-256 of each file; undefined where it is not known. Without hashes the rule sees exact copies as it sees others. */
  readonly bytesSha256?: readonly (string | undefined)[] | undefined;
  /** SHA-256 of each image's pixels. */
  readonly pixelsSha256?: readonly (string | undefined)[] | undefined;
  /** Pairs of images by number, and the threshold of the search that found them. */
  readonly similar: { readonly pairs: SimilarPairs; readonly threshold: number };
  /** The similarity of any two images: of a removed one and its witness, which need be no pair. */
  readonly similarityOf: (a: number, b: number) => number;
}

/** An image that goes, and its witness. */
export interface Removal {
  readonly key: string;
  /** The kept image that stands for it. */
  readonly keptKey: string;
  /** Of the two; below the rule's threshold where they are joined through others. */
  readonly similarity: number;
  readonly rule: RemovalRule;
  /** Keys of the removed images between the two, where the rule acted through others. */
  readonly via: readonly string[];
}

/** Who stays and who goes. */
export interface Deduplication {
  /** Numbers of the images that stay, in the order of the list. */
  readonly kept: Uint32Array;
  /** By key. */
  readonly removed: readonly Removal[];
  readonly byRule: { readonly [rule in RemovalRule]: number };
  readonly options: RuleOptions;
}

/**
 * Removes exact copies where hashes are given, then, of what is left, the paper's rule's copies.
 * @param given choices of the rule; the others are those of PAPER_RULE
 * @throws RangeError where keys repeat, a tie cannot be decided by what is given, or the search's threshold is above the
 *   graph's, so that pairs are missing
 * @example
 * const images = [{ key: "a", widthPixels: 640, heightPixels: 480 }, { key: "b", widthPixels: 320, heightPixels: 240 }];
 * const similar = { pairs: pairsOf([{ first: 0, second: 1, similarity: 0.98 }]), threshold: 0.9 };
 * deduplicate({ images, similar, similarityOf: () => 0.98 }).removed;
 * // [{ key: "b", keptKey: "a", similarity: 0.98, rule: "pair", via: [] }]
 */
export function deduplicate(input: DedupInput, given: Partial<RuleOptions> = {}): Deduplication {
  const options = ruleOptions(given);
  const { images, bytesSha256, pixelsSha256, similar } = input;
  checkInput(input, options);
  const stages = noStages(imageOrder(images, options));
  if (bytesSha256 !== undefined) removeSame(stages, bytesSha256, "same-bytes");
  if (pixelsSha256 !== undefined) removeSame(stages, pixelsSha256, "same-pixels");
  const left = pairsOfKept(stages, similar.pairs);
  const rules = [removeOfPairs, removeOfComponents];
  if (options.order === "components-first") rules.reverse();
  for (const rule of rules) rule(stages, left, options);
  const removed = removals(stages, input);
  const byRule = { "same-bytes": 0, "same-pixels": 0, pair: 0, component: 0 };
  for (const { rule } of removed) byRule[rule]++;
  const kept = new Uint32Array(images.length).map((_, i) => i).filter((i) => stages.isKept[i] === 1);
  return { kept, removed, byRule, options };
}

function checkInput(
  { images, bytesSha256, pixelsSha256, similar }: DedupInput,
  { graphThreshold }: RuleOptions,
): void {
  for (const [name, list] of Object.entries({ bytesSha256, pixelsSha256 }))
    if (list !== undefined && list.length !== images.length)
      throw new RangeError(
        `Cannot remove copies: ${name} of each of ${images.length} images is needed, got ${list.length}`,
      );
  if (!(similar.threshold <= graphThreshold))
    throw new RangeError(
      `Cannot remove copies: pairs from ${graphThreshold} on are needed, got those of a search at ${similar.threshold}`,
    );
  const { pairs } = similar;
  for (let i = 0; i < pairs.count; i++)
    if (!(pairs.first[i]! < pairs.second[i]! && pairs.second[i]! < images.length))
      throw new RangeError(
        `Cannot remove copies: pairs among ${images.length} images are needed, got ${pairs.first[i]} and ${pairs.second[i]}`,
      );
}

/** The pairs of which both images are there. */
function pairsOfKept({ isKept, causes }: Stages, pairs: SimilarPairs): SimilarPairs {
  if (causes.size === 0) return pairs;
  const { first, second } = pairs;
  return pairsWhere(pairs, (_, place) => isKept[first[place]!] === 1 && isKept[second[place]!] === 1);
}

function removals({ causes }: Stages, { images, similarityOf }: DedupInput): Removal[] {
  const key = (image: number) => images[image]!.key;
  const removed = Array.from(causes, ([image, { because, rule }]): Removal => {
    const via: string[] = [];
    // each cause is a better image than the one before, so this ends
    let kept = because;
    for (let next = causes.get(kept); next !== undefined; next = causes.get(kept)) {
      via.push(key(kept));
      kept = next.because;
    }
    return { key: key(image), keptKey: key(kept), similarity: similarityOf(image, kept), rule, via };
  });
  return removed.sort((a, b) => (a.key < b.key ? -1 : 1));
}
