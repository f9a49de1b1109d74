/**
 * Answers kept on disk, so that no question is paid for twice: one JSON object a line, appended as answers come;
 * beside them each question in full.
 *
 * In memory is where each answer lies, and no text. A line that a killed process left unfinished is passed over. The
 * checked value is not kept: it is read anew from the raw text, by the question's own form.
 */
import { existsSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, writeDurably } from "../io/index.js";
import { AnswerIndex } from "./answer-index.js";
import { eachLine } from "./answer-lines.js";
import { answerLine, type KeptAnswer, readAnswerLine } from "./kept-answer.js";
import { isFinal } from "./outcome.js";
import { answerSchema, questionHash, type VlmQuestion } from "./question.js";

/** What the final answers of a model took; undefined where none says so. */
export interface UsualAnswer {
  /** Mean of the seconds from the question to its answer, while others ran too. */
  readonly seconds: number | undefined;
  /** Mean of the tokens that were written. */
  readonly answerTokens: number | undefined;
}

/** A folder of answers; one process writes into it at a time. */
export class AnswerFolder {
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #questions = new Set<string>();
  /** Where the final outcomes lie. */
  readonly #final = new AnswerIndex();
  /** Where the requests lie that the server had found wrong when the folder was opened. */
  readonly #rejected = new AnswerIndex();
  /** Model and name of each question that was answered. */
  readonly #answered = new Set<string>();
  readonly #spent = new Map<string, Spent>();
  #bytes = 0;
  #damagedLines = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, handle: FileHandle) {
    this.#folder = folder;
    this.#handle = handle;
  }

  /**
   * Opens or makes a folder and reads what is in it.
   * @throws the system's error where it cannot be written
   * @example const answers = await AnswerFolder.open("answers"); // answers/answers.jsonl
   */
  static async open(folder: string): Promise<AnswerFolder> {
    await makeFolder(folder);
    const handle = await open(join(folder, "answers.jsonl"), "a+");
    try {
      const answers = new AnswerFolder(folder, handle);
      await answers.#read();
      return answers;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #read(): Promise<void> {
    const { bytes, isWhole } = await eachLine(this.#handle, (line, offset) => {
      const answer = line && readAnswerLine(line.toString("utf8"));
      if (answer === undefined) this.#damagedLines++;
      else {
        const place = { offset, length: line!.length };
        this.#note(answer, place);
        if (answer.kind === "rejected") this.#rejected.set(answer.id, place);
      }
    });
    this.#bytes = bytes;
    if (isWhole) return;
    await this.#handle.appendFile("\n");
    this.#bytes++;
  }

  /** Lines that were passed over. */
  get damagedLines(): number {
    return this.#damagedLines;
  }

  /** Questions that need not be asked again. */
  get count(): number {
    return this.#final.size;
  }

  /** What came of a question; undefined where it has to be asked (again). */
  async find(id: string): Promise<KeptAnswer | undefined> {
    const answer = await this.#lineOf(this.#final, id);
    return answer !== undefined && isFinal(answer.kind) ? answer : undefined;
  }

  /**
   * Whether an earlier call was told that this request is wrong although the server takes the question: what it has
   * answered about another picture is not what is wrong.
   */
  async wasRejected({
    id,
    model,
    question,
  }: Pick<KeptAnswer, "id" | "model" | "question">): Promise<boolean> {
    return this.hasAnswered({ model, question }) && (await this.#lineOf(this.#rejected, id)) !== undefined;
  }

  /** Whether a question of this name was ever answered by the model. */
  hasAnswered({ model, question }: Pick<KeptAnswer, "model" | "question">): boolean {
    return this.#answered.has(JSON.stringify([model, question]));
  }

  /**
   * What an answer of a model takes, by those that are kept.
   * @example answers.usual("Qwen/Qwen3-VL-4B-Instruct").seconds // 1.2
   */
  usual(model: string): UsualAnswer {
    const { seconds, timed, tokens, counted } = this.#spent.get(model) ?? NOTHING_SPENT;
    return {
      seconds: timed === 0 ? undefined : seconds / timed,
      answerTokens: counted === 0 ? undefined : tokens / counted,
    };
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
    const line = Buffer.from(answerLine(answer));
    const written = this.#last.then(async () => {
      await this.#handle.appendFile(line);
      this.#note(answer, { offset: this.#bytes, length: line.length - 1 });
      this.#bytes += line.length;
    });
    this.#last = written.catch(() => {});
    await written;
  }

  /** Brings everything to the disk and closes the file. */
  async close(): Promise<void> {
    await this.#last;
    await this.#handle.sync().finally(() => this.#handle.close());
  }

  #note(answer: KeptAnswer, place: { readonly offset: number; readonly length: number }): void {
    const { id, kind, model, question, seconds, answerTokens } = answer;
    if (!isFinal(kind)) return;
    this.#final.set(id, place);
    if (kind === "answered") this.#answered.add(JSON.stringify([model, question]));
    const spent = this.#spent.get(model) ?? { ...NOTHING_SPENT };
    this.#spent.set(model, spent);
    if (typeof seconds === "number")
      [spent.seconds, spent.timed] = [spent.seconds + seconds, spent.timed + 1];
    if (typeof answerTokens === "number")
      [spent.tokens, spent.counted] = [spent.tokens + answerTokens, spent.counted + 1];
  }

  async #lineOf(index: AnswerIndex, id: string): Promise<KeptAnswer | undefined> {
    const place = index.get(id);
    if (place === undefined) return undefined;
    const { offset, length } = place;
    const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(length), 0, length, offset);
    const answer = readAnswerLine(buffer.toString("utf8", 0, bytesRead));
    return answer?.id === id ? answer : undefined;
  }
}

interface Spent {
  seconds: number;
  timed: number;
  tokens: number;
  counted: number;
}

const NOTHING_SPENT: Readonly<Spent> = { seconds: 0, timed: 0, tokens: 0, counted: 0 };
