/**
 * What only a person can say of a model, as a JSON object of theirs.
 *
 * The paper's section on compliance: training on DINOv2 features or an FD-DINOv2-like loss makes a result non-standard;
 * networks trained on other data, rewritten captions, and other captioning or text models must be disclosed.
 */
import { type DisclosurePoint, pointOf } from "./disclosure-types.js";

/** What each statement answers, in the words of the question. */
export const STATEMENT_QUESTIONS = {
  training_on_dinov2: "Were DINOv2 features, or a loss like FD-DINOv2, used in training?",
  auxiliary_networks:
    "Which networks trained on other data (DINOv3, SigLIP, a tokenizer) took part in training?",
  captions_rewritten: "Were the 50K captions rewritten or lengthened before sampling?",
  text_models: "Which other captioning or text-embedding models were used?",
} as const;

/** The names of the statements that make points. */
export type StatementName = keyof typeof STATEMENT_QUESTIONS;

/** A person's statements: "no" or "none", or what was used, in their words. */
export type DisclosureStatements = {
  readonly [name in StatementName | "model" | "reference"]?: string | undefined;
};

const NAMES: readonly string[] = [...Object.keys(STATEMENT_QUESTIONS), "model", "reference"];
const MAX_CHARACTERS = 2000;

/**
 * Reads statements.
 * @param value parsed JSON: an object of texts
 * @param path what messages call the file
 * @throws TypeError where it is another, or a name is none of the statements'
 * @example readStatements({ training_on_dinov2: "no" }, "model.json")
 */
export function readStatements(value: unknown, path: string): DisclosureStatements {
  const needed = `an object of texts under ${NAMES.join(", ")} is needed`;
  const wrong = (got: string) =>
    new TypeError(`Cannot read the statements of ${path}: ${needed}, got ${got}`);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(value === null ? "null" : Array.isArray(value) ? "a list" : typeof value);
  for (const [name, text] of Object.entries(value)) {
    if (!NAMES.includes(name)) throw wrong(JSON.stringify(name.slice(0, 100)));
    if (typeof text !== "string" || text.trim() === "" || text.length > MAX_CHARACTERS)
      throw wrong(`${name} that is no text of 1 to ${MAX_CHARACTERS} characters`);
  }
  return Object.fromEntries(
    Object.entries(value as Record<string, string>).map(([name, text]) => [name, text.trim()]),
  );
}

/**
 * The points that statements make. Two must be a plain no; of the others whatever was used is "disclosed", never "met":
 * it is the person's word. "not known" is what nobody stated, or no word was said of.
 */
export function statementPoints(statements: DisclosureStatements = {}): DisclosurePoint[] {
  return (Object.keys(STATEMENT_QUESTIONS) as StatementName[]).map((name) => {
    const stated = statements[name];
    const broken = BROKEN_BY[name];
    const point = pointOf(name, broken === undefined ? "disclosed" : "no");
    if (stated === undefined) return point("not known", `not stated: ${STATEMENT_QUESTIONS[name]}`);
    if (isNo(stated)) return point("met", `stated: ${stated}`);
    if (!/\p{L}{2}/u.test(stated))
      return point("not known", `stated: ${stated}, which is no answer to: ${STATEMENT_QUESTIONS[name]}`);
    return broken === undefined
      ? point("disclosed", `stated: ${stated}`)
      : point("not met", `stated: ${stated} (not a plain no; ${broken})`);
  });
}

/** What anything but a plain no makes of a score. */
const BROKEN_BY: { readonly [name in StatementName]?: string } = {
  training_on_dinov2: "the objective is then part of the measure: a non-standard result",
  captions_rewritten: "samples of other captions than the published ones are not comparable",
};

/** A plain no: "No: only a REPA loss" and "none of your business" are others. */
function isNo(text: string): boolean {
  return /^(?:no|none|not used)\.?$/i.test(text);
}
