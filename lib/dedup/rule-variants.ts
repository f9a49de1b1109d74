/** What each silence of the rule changes: the rule with one choice made otherwise, beside the rule as it is. */
import { type DedupInput, type Deduplication, deduplicate } from "./deduplicate.js";
import { RULE_CHOICES, type RuleChoice, type RuleOptions, ruleOptions } from "./rule-options.js";

/** One choice, and what it comes to. */
export interface RuleVariant {
  readonly silence: RuleChoice;
  readonly choice: string;
  /** Whether it is the choice of the rule that the others are compared with. */
  readonly isBase: boolean;
  readonly kept: number;
  readonly removed: number;
  /** Images that one of the two keeps and the other does not. */
  readonly differs: number;
}

/**
 * Each choice of each silence, all others as in `base`.
 * @param base choices of the rule; the others are those of PAPER_RULE
 * @param silences which are tried; those whose choices the input can decide where it is left out
 * @returns a row for each choice, silences in the order of RULE_CHOICES
 * @example ruleVariants(input).find(({ choice }) => choice === "in-turn")?.differs // 2
 */
export function ruleVariants(
  input: DedupInput,
  base: Partial<RuleOptions> = {},
  silences: readonly RuleChoice[] = Object.keys(RULE_CHOICES) as RuleChoice[],
): RuleVariant[] {
  const options = ruleOptions(base);
  const standard = deduplicate(input, options);
  return silences.flatMap((silence) =>
    RULE_CHOICES[silence]
      .filter((choice) => silence !== "ties" || isDecidable(input, choice))
      .map((choice) => {
        const isBase = options[silence] === choice;
        const result = isBase ? standard : deduplicate(input, { ...options, [silence]: choice });
        const { kept, removed } = result;
        return {
          ...{ silence, choice, isBase, kept: kept.length, removed: removed.length },
          differs: differences(standard, result),
        };
      }),
  );
}

function isDecidable({ images }: DedupInput, ties: string): boolean {
  if (ties === "bytes") return images.every(({ sizeBytes }) => sizeBytes !== undefined);
  return ties !== "place" || images.every(({ place }) => place !== undefined);
}

function differences(a: Deduplication, b: Deduplication): number {
  const inA = new Set(a.kept);
  const shared = b.kept.filter((image) => inA.has(image)).length;
  return a.kept.length + b.kept.length - 2 * shared;
}
