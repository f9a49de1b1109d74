/** Which rules a caption breaks, and which share of many captions breaks each (the paper's Appendix F; check C19). */
import { Random, type Share, shareOf } from "../core/index.js";
import { type CaptionType, captionTypes } from "../corpus/index.js";
import { type Captions, NOT_VISIBLE } from "./caption.js";
import type { Found } from "./markup.js";
import type { CaptionRule, RuleKind } from "./rule.js";
import { captionRules } from "./rules.js";

/** A rule that a caption breaks, with the evidence. */
export interface BrokenRule extends Found {
  readonly rule: string;
  readonly kind: RuleKind;
  /** What the rule asks. */
  readonly sentence: string;
}

const rulesOf: ReadonlyMap<CaptionType, readonly CaptionRule[]> = new Map(
  captionTypes.map((type) => [type, captionRules.filter((rule) => rule.types.includes(type))]),
);

/**
 * The rules of its type that a caption breaks; none for the fixed answer `NOT VISIBLE.`.
 * @example checkCaption("tag", "Red boat, sea, beach")[0] // { rule: "tag/lower-case", found: "Red", at: 0, ... }
 * @throws RangeError where the type is not one of the four
 */
export function checkCaption(type: CaptionType, text: string): readonly BrokenRule[] {
  const rules = rulesOf.get(type);
  if (rules === undefined)
    throw new RangeError(
      `Cannot check a caption: its type is one of ${captionTypes.join(", ")}, got ${type}`,
    );
  if (text === NOT_VISIBLE) return [];
  return rules.flatMap(({ id, kind, sentence, breach }) => {
    const evidence = breach(text, type);
    return evidence === undefined ? [] : [{ rule: id, kind, sentence, ...evidence }];
  });
}

/** How many captions of a type break a rule; the fixed answer is not counted, as no other rule is meant for it. */
export interface RuleShare extends Share {
  readonly caption_type: CaptionType;
  readonly rule: string;
  readonly kind: RuleKind;
  readonly sentence: string;
  /** Some of those that break it, each as likely to be shown. */
  readonly examples: readonly { readonly caption: string; readonly found: string; readonly at: number }[];
}

/** Rule by rule, and how many captions of each type are the fixed answer or break no required rule. */
export interface RuleReport {
  readonly rules: readonly RuleShare[];
  readonly types: readonly {
    readonly caption_type: CaptionType;
    readonly captions: number;
    readonly not_visible: Share;
    /** Captions, other than the fixed answer, that break no required rule. */
    readonly obeys_required: Share;
    /** Captions, other than the fixed answer, that break no rule at all. */
    readonly obeys_all: Share;
  }[];
}

/** How examples are chosen. */
export interface RuleOptions {
  /** How many examples a rule keeps; 3 if not given. */
  readonly examples?: number;
  /** Seed of their choice; 0 if not given. */
  readonly seed?: number | string;
}

interface Tally {
  count: number;
  readonly examples: { caption: string; found: string; at: number }[];
}

/**
 * The share of captions that breaks each rule, by type, with its 95 % interval and examples.
 *
 * Memory: the examples only. A row for each rule of each type that occurs, also where nothing breaks it.
 */
export async function ruleShares(captions: Captions, options: RuleOptions = {}): Promise<RuleReport> {
  const { examples = 3, seed = 0 } = options;
  const random = new Random(seed);
  const tallies = new Map<string, Tally>();
  const totals = new Map(captionTypes.map((type) => [type, { all: 0, fixed: 0, required: 0, whole: 0 }]));
  for await (const { caption_type, caption } of captions) {
    const broken = checkCaption(caption_type, caption);
    const total = totals.get(caption_type)!;
    total.all++;
    if (caption === NOT_VISIBLE) total.fixed++;
    else {
      if (broken.length === 0) total.whole++;
      if (broken.every((rule) => rule.kind === "preferred")) total.required++;
    }
    for (const { rule, found, at } of broken) {
      const key = `${caption_type} ${rule}`;
      const tally = tallies.get(key) ?? { count: 0, examples: [] };
      tallies.set(key, tally);
      tally.count++;
      // a reservoir: the n-th is kept with probability examples / n
      const place = tally.count <= examples ? tally.count - 1 : random.integer(tally.count);
      if (place < examples) tally.examples[place] = { caption, found, at };
    }
  }
  const types = captionTypes.filter((type) => totals.get(type)!.all > 0);
  return {
    rules: types.flatMap((caption_type) => {
      const { all, fixed } = totals.get(caption_type)!;
      return rulesOf.get(caption_type)!.map(({ id, kind, sentence }) => {
        const tally = tallies.get(`${caption_type} ${id}`);
        return {
          ...{ caption_type, rule: id, kind, sentence },
          ...shareOf(tally?.count ?? 0, all - fixed),
          examples: tally?.examples ?? [],
        };
      });
    }),
    types: types.map((caption_type) => {
      const { all, fixed, required, whole } = totals.get(caption_type)!;
      return {
        caption_type,
        captions: all,
        not_visible: shareOf(fixed, all),
        obeys_required: shareOf(required, all - fixed),
        obeys_all: shareOf(whole, all - fixed),
      };
    }),
  };
}
