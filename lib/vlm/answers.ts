/**
 * Answers kept on disk, so that no question is paid for twice: one JSON object a line, appended as answers come;
 * beside them each question in full.
 *
 * A line that a killed process left unfinished is passed over. The checked value is not kept: it is read anew from the raw
 * text, by the question's own form.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, writeDurably } from "../io/index.js";
import { isFinal, type OutcomeKind, outcomeKinds } from "./outcome.js";
import { answerSchema, questionHash, type VlmQuestion } from "./question.js";

/** A question's outcome as it is kept. */
export interface KeptAnswer {
  /** Of model, question, picture and seed: see `answerId`. */
  readonly id: string;
  /** The image's name in its set. */
  readonly key: string;
  readonly question: string;
  /** SHA-256 of prompt, form and length. */
  readonly questionHash: string;
  /** SHA-256 of the JPEG that was sent; "" where none was. */
  readonly pictureSha256: string;
  /** The name that was asked for. */
  readonly model: string;
  /** The name that the server gave. */
  readonly served: string;
  readonly temperature: 0;
  readonly seed: number;
  readonly kind: OutcomeKind;
  /** What is wrong; "" for an answer. */
  readonly message: string;
  /** The model's text, to the letter; "" where none came. */
  readonly raw: string;
  readonly refusal: string;
  readonly finish: string;
  /** How often it was sent; 0 where an earlier outcome made it pointless. */
  readonly attempts: number;
  readonly promptTokens: number | null;
  readonly answerTokens: number | null;
  /** Of all attempts and waits; null where nobody passed a clock in. */
  readonly seconds: number | null;
}

/** The name of a question put to a model; without a picture its hash is "", which is no picture's. */
export function answerId(parts: {
  readonly model: string;
  readonly questionHash: string;
  readonly pictureSha256: string;
  readonly seed: number;
}): string {
  const { model, questionHash, pictureSha256, seed } = parts;
  return createHash("sha256")
    .update(JSON.stringify([model, questionHash, pictureSha256, seed]))
    .digest("hex");
}

/** A folder of answers; one process writes into it at a time. */
export class AnswerFolder {
  readonly #folder: string;
  readonly #questions = new Set<string>();
  readonly #known: Map<string, KeptAnswer>;
  readonly #handle: FileHandle;
  #last: Promise<unknown> = Promise.resolve();
  /** Lines that were passed over. */
  readonly damagedLines: number;

  private constructor(
    folder: string,
    handle: FileHandle,
    known: Map<string, KeptAnswer>,
    damagedLines: number,
  ) {
    this.#folder = folder;
    this.#handle = handle;
    this.#known = known;
    this.damagedLines = damagedLines;
  }

  /**
   * Opens or makes a folder and reads what is in it.
   * @throws the system's error where it cannot be written
   * @example const answers = await AnswerFolder.open("answers"); // answers/answers.jsonl
   */
  static async open(folder: string): Promise<AnswerFolder> {
    await makeFolder(folder);
    const path = join(folder, "answers.jsonl");
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      return "";
    });
    const known = new Map<string, KeptAnswer>();
    const lines = text.split("\n").filter((line) => line !== "");
    const answers = lines.flatMap((line) => readLine(line) ?? []);
    for (const answer of answers) known.set(answer.id, answer);
    const handle = await open(path, "a");
    if (text !== "" && !text.endsWith("\n")) await handle.appendFile("\n");
    return new AnswerFolder(folder, handle, known, lines.length - answers.length);
  }

  /** Every outcome that is kept, the last of each question. */
  get answers(): readonly KeptAnswer[] {
    return [...this.#known.values()];
  }

  /** What the model said to a question; undefined where it has to be asked (again). */
  find(id: string): KeptAnswer | undefined {
    const answer = this.#known.get(id);
    return answer !== undefined && isFinal(answer.kind) ? answer : undefined;
  }

  /** Writes a question down beside the answers, once: what its hash stands for. */
  async keepQuestion(question: VlmQuestion): Promise<void> {
    const hash = questionHash(question);
    const path = join(this.#folder, `question-${hash}.json`);
    if (this.#questions.has(hash) || existsSync(path)) return;
    this.#questions.add(hash);
    await writeDurably(path, `${JSON.stringify({ ...question, schema: answerSchema(question) }, null, 2)}\n`);
  }

  /** Appends an outcome, and waits until it is written. */
  async add(answer: KeptAnswer): Promise<void> {
    this.#known.set(answer.id, answer);
    const written = this.#last.then(() => this.#handle.appendFile(`${JSON.stringify(answer)}\n`));
    this.#last = written.catch(() => {});
    await written;
  }

  /** Brings everything to the disk and closes the file. */
  async close(): Promise<void> {
    await this.#last;
    await this.#handle.sync().finally(() => this.#handle.close());
  }
}

function readLine(line: string): KeptAnswer | undefined {
  try {
    const answer: Partial<KeptAnswer> | null = JSON.parse(line);
    const texts = [answer?.id, answer?.key, answer?.question, answer?.model, answer?.raw, answer?.finish];
    const isWhole = texts.every((text) => typeof text === "string") && outcomeKinds.includes(answer!.kind!);
    return isWhole ? (answer as KeptAnswer) : undefined;
  } catch {
    return undefined;
  }
}
