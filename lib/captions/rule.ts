/** What a rule of captions is. */
import type { CaptionType } from "../corpus/index.js";
import type { Found } from "./markup.js";

/** How flatly a prompt states a rule. */
export type RuleKind = "required" | "preferred";

/** One rule of one or more caption types. */
export interface CaptionRule {
  /** "tag/lower-case", "prose/no-lists". */
  readonly id: string;
  readonly types: readonly CaptionType[];
  readonly kind: RuleKind;
  /** What is asked, as one sentence. */
  readonly sentence: string;
  /** What breaks the rule in a text of the given type, and where. */
  breach(text: string, type: CaptionType): Found | undefined;
}
