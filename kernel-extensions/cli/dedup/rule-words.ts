/** The words by which `gpic-lab dedup` is told the rule: its numbers, and a choice for each silence. */
import { PAPER_RULE, RULE_CHOICES, type RuleOptions } from "../../../lib/dedup/index.js";
import { UsageError } from "../command.js";
import { wholeOption } from "../words.js";

/** The options that name a silence's choice. */
export const CHOICE_NAMES = {
  comparison: "comparison",
  order: "order",
  "component-size": "componentSize",
  chains: "chains",
  resolution: "resolution",
  ties: "ties",
  "component-pairs": "componentPairs",
} as const satisfies { readonly [option: string]: keyof typeof RULE_CHOICES };

/** The options for `parseArgs`. */
export const ruleOptionWords = {
  graph: { type: "string" },
  pair: { type: "string" },
  "min-component": { type: "string" },
  comparison: { type: "string" },
  order: { type: "string" },
  "component-size": { type: "string" },
  chains: { type: "string" },
  resolution: { type: "string" },
  ties: { type: "string" },
  "component-pairs": { type: "string" },
} as const;

type Words = { readonly [option: string]: string | boolean | undefined };

/**
 * The rule that the options name.
 * @throws UsageError for a word that is none, or a number out of range
 */
export function ruleWords(values: Words): Partial<RuleOptions> {
  const chosen = Object.entries(CHOICE_NAMES).flatMap(([option, name]) => {
    const word = values[option];
    if (word === undefined) return [];
    const words: readonly string[] = RULE_CHOICES[name];
    if (typeof word === "string" && words.includes(word)) return [[name, word] as const];
    throw new UsageError(`--${option} is ${words.join(", ")}, got "${word}"`);
  });
  const graphThreshold = cosineWord("graph", values) ?? PAPER_RULE.graphThreshold;
  const pairThreshold = cosineWord("pair", values) ?? PAPER_RULE.pairThreshold;
  if (graphThreshold > pairThreshold)
    throw new UsageError(`--graph is at most --pair, got ${graphThreshold} and ${pairThreshold}`);
  const size = values["min-component"];
  const minComponent = wholeOption("min-component", typeof size === "string" ? size : undefined);
  if (minComponent === 1) throw new UsageError("--min-component is at least 2, got 1");
  return {
    ...(Object.fromEntries(chosen) as Partial<RuleOptions>),
    ...{ graphThreshold, pairThreshold, ...(minComponent === undefined ? {} : { minComponent }) },
  };
}

function cosineWord(option: string, values: Words): number | undefined {
  const word = values[option];
  if (word === undefined) return undefined;
  const value = typeof word === "string" && /^(0?\.\d+|1|1\.0+|0\.\d+)$/.test(word) ? Number(word) : 0;
  if (value > 0 && value <= 1) return value;
  throw new UsageError(`--${option} is a cosine above 0 and at most 1, got "${word}"`);
}
