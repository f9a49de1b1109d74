/**
 * A question to a model and the form of its answer: a flat JSON object whose fields are words of a list or short texts.
 *
 * The form goes to the server as a JSON schema (`response_format`), by which vLLM and SGLang constrain what is
 * written; the answer is checked all the same, since a server may ignore it.
 */
import { createHash } from "node:crypto";

/** A field of an answer: one of some words, or a text. */
export type AnswerField = { readonly words: readonly string[] } | { readonly mostCharacters: number };

/** A question. */
export interface VlmQuestion {
  /** Letters, digits and underscores: "quality". */
  readonly name: string;
  /** The whole text; a picture comes after it. */
  readonly prompt: string;
  /** Every field is asked for, and no other is taken. */
  readonly fields: { readonly [name: string]: AnswerField };
  /** Tokens after which the answer is cut, and counts as truncated. */
  readonly mostTokens: number;
}

/** A checked answer: exactly the fields that were asked for. */
export type VlmValue = { readonly [field: string]: string };

/** The JSON schema of a question's answer, as OpenAI's strict mode wants it. */
export function answerSchema({ fields }: VlmQuestion): { readonly [key: string]: unknown } {
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        "words" in field
          ? { type: "string", enum: field.words }
          : { type: "string", maxLength: field.mostCharacters },
      ]),
    ),
    required: Object.keys(fields),
    additionalProperties: false,
  };
}

/**
 * SHA-256 of all that a model is told but the picture: another prompt, form or length is another question.
 * @returns 64 hexadecimal digits
 */
export function questionHash(question: VlmQuestion): string {
  const told = JSON.stringify([question.prompt, answerSchema(question), question.mostTokens]);
  return createHash("sha256").update(told).digest("hex");
}

/**
 * Reads an answer as it was written; nothing is mended or guessed.
 * @returns the fields, or what is wrong
 * @example checkAnswer(question, "I think it is fine.") // { problem: "JSON is needed, got \"I think it is fine.\"" }
 */
export function checkAnswer(
  { fields }: VlmQuestion,
  text: string,
): { readonly value: VlmValue } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: `JSON is needed, got ${JSON.stringify(text.slice(0, 60))}` };
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return { problem: `an object is needed, got ${JSON.stringify(json).slice(0, 60)}` };
  const given = new Map(Object.entries(json));
  for (const [name, field] of Object.entries(fields)) {
    const value: unknown = given.get(name);
    if (typeof value !== "string") return { problem: `a text is needed as ${name}, got ${typeof value}` };
    if ("words" in field && !field.words.includes(value))
      return {
        problem: `${name} is one of ${field.words.join(", ")}, got ${JSON.stringify(value.slice(0, 60))}`,
      };
    // as JSON schema counts them: by code points
    if ("mostCharacters" in field && [...value].length > field.mostCharacters)
      return { problem: `${name} has at most ${field.mostCharacters} characters, got ${[...value].length}` };
  }
  const surplus = [...given.keys()].find((name) => !Object.hasOwn(fields, name));
  if (surplus !== undefined)
    return { problem: `no other field is taken, got ${JSON.stringify(surplus.slice(0, 60))}` };
  return { value: Object.fromEntries(given) as VlmValue };
}
