/**
 * The paper's rule (section 2.3) and what it leaves open (silence 5), each a named choice.
 *
 * "Build a graph of pairs above 0.90; (a) for a pair above 0.9625 drop the lower-resolution image; (b) of a component with
 * at least five images keep only the highest-resolution one." Figure D.1 says "at or above" and gives (b) the range
 * [0.9, 0.9625).
 */

/** The rule with all its choices. */
export interface RuleOptions {
  /** Pairs above it make the graph; 0.9. */
  readonly graphThreshold: number;
  /** Of a pair above it one image goes; 0.9625. */
  readonly pairThreshold: number;
  /** Images from which on a component keeps one alone; 5. */
  readonly minComponent: number;
  /** Whether a similarity at a threshold counts: the text says above, Figure D.1 at or above. */
  readonly comparison: "above" | "at-or-above";
  /** Which of the two rules comes first. */
  readonly order: "pairs-first" | "components-first";
  /**
   * Whether the second rule counts the images of a component before the first removed some, or the rest, joined anew.
   * Exact copies that hashes took away before are in neither.
   */
  readonly componentSize: "before" | "after";
  /**
   * A chain of pairs A-B, B-C with falling resolution. "at-once": B and C go, though C is like B alone; "in-turn": the
   * best first, and only what is like an image that stays goes, so C stays; "cluster": of all that are joined one stays.
   */
  readonly chains: "at-once" | "in-turn" | "cluster";
  readonly resolution: "pixels" | "longest-side" | "shortest-side";
  /**
   * Of two images of one resolution stays: the one whose key comes first; that of more bytes, then the key; that of the
   * smaller place in the pool, then the key; or both, as neither is the lower.
   */
  readonly ties: "key" | "bytes" | "place" | "both";
  /** Which pairs make components: all of the graph, or as Figure D.1 those below the pairs' threshold. */
  readonly componentPairs: "all" | "below-pair-threshold";
}

/** The paper's text, read literally; where it says nothing, what removes by the reason it gives. */
export const PAPER_RULE: RuleOptions = {
  graphThreshold: 0.9,
  pairThreshold: 0.9625,
  minComponent: 5,
  comparison: "above",
  order: "pairs-first",
  componentSize: "before",
  chains: "at-once",
  resolution: "pixels",
  ties: "key",
  componentPairs: "all",
};

/** What each silence may mean. */
export const RULE_CHOICES = {
  comparison: ["above", "at-or-above"],
  order: ["pairs-first", "components-first"],
  componentSize: ["before", "after"],
  chains: ["at-once", "in-turn", "cluster"],
  resolution: ["pixels", "longest-side", "shortest-side"],
  ties: ["key", "bytes", "place", "both"],
  componentPairs: ["all", "below-pair-threshold"],
} as const satisfies { readonly [name in keyof RuleOptions]?: readonly RuleOptions[name][] };

/** A silence's name. */
export type RuleChoice = keyof typeof RULE_CHOICES;

/**
 * The rule with some choices made otherwise.
 * @throws RangeError for a choice that there is none of, or a number that is none or out of range
 */
export function ruleOptions(given: Partial<RuleOptions> = {}): RuleOptions {
  const options = { ...PAPER_RULE };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(PAPER_RULE, name))
      throw new RangeError(
        `Cannot apply the rule: its choices are ${Object.keys(PAPER_RULE).join(", ")}, got ${JSON.stringify(name)}`,
      );
    if (value !== undefined) Object.assign(options, { [name]: value });
  }
  for (const [name, choices] of Object.entries(RULE_CHOICES)) {
    const value = options[name as RuleChoice];
    if (!(choices as readonly string[]).includes(value))
      throw new RangeError(`Cannot apply the rule: ${name} is ${choices.join(", ")}, got ${value}`);
  }
  const { graphThreshold, pairThreshold, minComponent } = options;
  const isNumber = typeof graphThreshold === "number" && typeof pairThreshold === "number";
  if (!(isNumber && graphThreshold > 0 && graphThreshold <= pairThreshold && pairThreshold <= 1))
    throw new RangeError(
      `Cannot apply the rule: numbers with 0 < graphThreshold <= pairThreshold <= 1 are needed, got ${[graphThreshold, pairThreshold].map(shown).join(" and ")}`,
    );
  if (!(Number.isSafeInteger(minComponent) && minComponent >= 2))
    throw new RangeError(
      `Cannot apply the rule: components of at least 2 images are needed, got ${minComponent}`,
    );
  return options;
}

/** In quotation marks where it is text. */
function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Whether a similarity counts at a threshold. */
export function countsAt(threshold: number, { comparison }: RuleOptions): (similarity: number) => boolean {
  return comparison === "above" ? (s) => s > threshold : (s) => s >= threshold;
}
