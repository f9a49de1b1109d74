/**
 * The recipe of a release: every choice of the way from a pool to it, each with a name and a default.
 *
 * What the paper says (sections 2.2 to 2.5) is the default; what it does not say is a choice of ours, given beside it.
 * A recipe is JSON, and lies in the manifest of what was made by it: pool and recipe make the release again.
 */
import { PAPER_RULE, type RuleOptions, ruleOptions } from "../dedup/index.js";
import { SIZE_RULES, type SizeRules } from "../filters/index.js";

/** An image that somebody takes out by hand. */
export interface ReviewedImage {
  /** The pool's key. */
  readonly key: string;
  /** Why, for the funnel and for whoever asks: "half-size copy that the rule leaves". */
  readonly reason: string;
}

/** Every choice. */
export interface CurationRecipe {
  /** Of the order of the release, and of the draw of caption types. */
  readonly seed: string;
  readonly size: SizeRules;
  /** The rule for near copies; exact ones go before it, and of them stays what its ties say too. */
  readonly rule: RuleOptions;
  /** Images joined by pairs at or above it go to one split: the paper does not say that splits were compared (silence 13). */
  readonly splitThreshold: number;
  /**
   * The order of the images, of which val and test are the first: by a hash of seed and key, so that an image that is taken
   * out later moves no other one between splits but the next in line; or one shuffle of all, which then deals anew.
   */
  readonly order: "hash" | "shuffle";
  /** Images of val: below 1 a share of the release, from 1 on their number; 200 K of 101.2 M in the paper. */
  readonly val: number;
  /** The same of test; 1 M of 101.2 M. */
  readonly test: number;
  /** About so many images a shard where `shards` gives no number. */
  readonly imagesPerShard: number;
  /** Shards of each split, where they are given. */
  readonly shards: { readonly train?: number; readonly val?: number; readonly test?: number };
  /** Train shards of the two smaller tiers; a hundredth and a tenth of all where they are left out, as in the paper. */
  readonly tierShards: { readonly nano?: number; readonly lite?: number };
  /** What becomes of an image whose caption is the fixed answer NOT VISIBLE. (silence 6). */
  readonly notVisible: "drop" | "keep";
  /** Taken out by hand, after every rule: what somebody saw, or was asked to withhold. */
  readonly review: readonly ReviewedImage[];
}

const PAPER_IMAGES = { train: 100_000_000, val: 200_000, test: 1_000_000 };
const ALL_IMAGES = PAPER_IMAGES.train + PAPER_IMAGES.val + PAPER_IMAGES.test;

/** The paper's choices where it says them; a test compares them with the claims. */
export const PAPER_RECIPE: CurationRecipe = {
  seed: "gpic-lab",
  size: SIZE_RULES,
  rule: PAPER_RULE,
  splitThreshold: PAPER_RULE.graphThreshold,
  order: "hash",
  val: PAPER_IMAGES.val / ALL_IMAGES,
  test: PAPER_IMAGES.test / ALL_IMAGES,
  imagesPerShard: 12_500,
  shards: {},
  tierShards: {},
  notVisible: "drop",
  review: [],
};

type Check = (value: unknown) => boolean;
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 1;
const isSize: Check = (value) =>
  typeof value === "number" && value >= 0 && (value < 1 || Number.isSafeInteger(value));
const isAbove: Check = (value) => typeof value === "number" && value > 0 && Number.isFinite(value);
const isText: Check = (value) => typeof value === "string" && value !== "";
const isReviewed: Check = (value) =>
  isRecord(value) && isText(value.key) && isText(value.reason) && Object.keys(value).length === 2;

const FIELDS: { readonly [name in keyof CurationRecipe]: readonly [needed: string, check: Check] } = {
  seed: ["a text", isText],
  size: ["bounds above 0 by their names", hasOnly(SIZE_RULES, isAbove)],
  rule: ["choices of the rule by their names, numbers as numbers", hasOnly(PAPER_RULE, isRuleChoice)],
  splitThreshold: ["a cosine above 0 and at most 1", (value) => isAbove(value) && Number(value) <= 1],
  order: ['"hash" or "shuffle"', (value) => value === "hash" || value === "shuffle"],
  val: ["a share below 1 or a whole number", isSize],
  test: ["a share below 1 or a whole number", isSize],
  imagesPerShard: ["a whole number from 1", isCount],
  shards: ["whole numbers from 1 for train, val, test", hasOnly({ train: 1, val: 1, test: 1 }, isCount)],
  tierShards: ["whole numbers from 1 for nano, lite", hasOnly({ nano: 1, lite: 1 }, isCount)],
  notVisible: ['"drop" or "keep"', (value) => value === "drop" || value === "keep"],
  review: ["a list of { key, reason }", (value) => Array.isArray(value) && value.every(isReviewed)],
};

/**
 * The recipe that some choices make; the others are the paper's.
 * @param given such as JSON.parse gave: an object with some of the fields of `CurationRecipe`; of `size` and `rule` some
 *   choices suffice
 * @throws TypeError where it is none or has a field that a recipe has not; RangeError where a field is out of its range
 * @example curationRecipe({ val: 16, rule: { pairThreshold: 0.95 } }).rule.graphThreshold // 0.9
 */
export function curationRecipe(given: unknown = {}): CurationRecipe {
  if (!isRecord(given))
    throw new TypeError(`Cannot read a recipe: a JSON object is needed, got ${shown(given)}`);
  for (const [name, value] of Object.entries(given)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof CurationRecipe] : undefined;
    if (field === undefined)
      throw new TypeError(
        `Cannot read a recipe: fields out of ${Object.keys(FIELDS).join(", ")} are needed, got ${shown(name)}`,
      );
    const [needed, check] = field;
    if (!check(value))
      throw new RangeError(`Cannot read a recipe: ${name} is ${needed}, got ${shown(value)}`);
  }
  const { size, rule, ...rest } = given as Partial<CurationRecipe>;
  const recipe = {
    ...PAPER_RECIPE,
    ...rest,
    size: { ...PAPER_RECIPE.size, ...size },
    rule: ruleOptions({ ...PAPER_RECIPE.rule, ...rule }),
  };
  const { nano, lite } = recipe.tierShards;
  if (nano !== undefined && lite !== undefined && nano > lite)
    throw new RangeError(`Cannot read a recipe: nano is a part of lite, got ${nano} and ${lite} shards`);
  const twice = recipe.review.find(({ key }, i) => recipe.review.findIndex((one) => one.key === key) !== i);
  if (twice !== undefined)
    throw new RangeError(`Cannot read a recipe: each image is reviewed once, got ${shown(twice.key)} twice`);
  return recipe;
}

function hasOnly(names: object, check: (value: unknown, name: string) => boolean): Check {
  return (value) =>
    isRecord(value) &&
    Object.entries(value).every(([name, one]) => Object.hasOwn(names, name) && check(one, name));
}

/** Of the kind of the paper's own choice; which texts and numbers there are `ruleOptions` says. */
function isRuleChoice(value: unknown, name: string): boolean {
  return typeof value === typeof PAPER_RULE[name as keyof RuleOptions];
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 200);
}
