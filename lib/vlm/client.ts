/**
 * Asks a model, about a picture or about what the prompt alone says: so many questions at once, again where what failed may
 * pass, never twice what was answered.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { OpenAI } from "openai";
import { Random } from "../core/index.js";
import type { AnswerFolder } from "./answers.js";
import { type CompleteEndpoint, completeEndpoint, type VlmEndpoint } from "./endpoint.js";
import { guardedFetch } from "./guarded-fetch.js";
import { answerId, type KeptAnswer } from "./kept-answer.js";
import { isEnding, isFinal, isPassing } from "./outcome.js";
import type { VlmPicture } from "./picture.js";
import { checkAnswer, questionHash, type VlmQuestion, type VlmValue } from "./question.js";
import { type Reply, requestReply } from "./reply.js";

/** The longest wait between two attempts, whatever the server asks for. */
const MOST_WAIT_SECONDS = 60;
/**
 * Questions in a row that came to nothing after which no more are sent: at the least this many, and twice as many as may be
 * open at once. What fails at one moment fails for all that are open; twice as many have failed over two rounds of attempts,
 * with no word from the model between them.
 */
const LEAST_FAILED_IN_A_ROW = 16;

/** An outcome with the checked fields of its answer. */
export interface VlmAnswer extends KeptAnswer {
  /** The fields; undefined for every outcome but `answered`. */
  readonly value: VlmValue | undefined;
  /** It was on disk. */
  readonly isKept: boolean;
}

/** What a client takes beside its endpoint. */
export interface VlmClientOptions {
  /** Where answers are kept and looked for; they are kept nowhere without it. */
  readonly answers?: AnswerFolder | undefined;
  /** Seconds of a clock, for how long answers take; the library has none. */
  readonly now?: (() => number) | undefined;
}

/** A client of one endpoint. */
export class VlmClient {
  readonly endpoint: CompleteEndpoint;
  #opened: Promise<OpenAI> | undefined;
  readonly #answers: AnswerFolder | undefined;
  readonly #now: (() => number) | undefined;
  readonly #waiting: (() => void)[] = [];
  /** Names of the questions that were answered. */
  readonly #answered = new Set<string>();
  #running = 0;
  #failedInARow = 0;
  #ended: Reply | undefined;

  /** @throws TypeError or RangeError where the endpoint is none */
  constructor(endpoint: VlmEndpoint, { answers, now }: VlmClientOptions = {}) {
    this.endpoint = completeEndpoint(endpoint);
    this.#answers = answers;
    this.#now = now;
  }

  /**
   * Puts a question. Where the server knows no such model, or so many questions in a row came to nothing (`unreachable` and
   * the like, each after its last attempt), the further ones are not sent: their outcome has 0 attempts and is not kept, and
   * a later client asks them.
   * @param picture what it is about; undefined sends the prompt alone
   * @param key the image's name, for the record
   * @returns an outcome, whatever happens
   * @throws the signal's reason where it was stopped; the system's error where an answer cannot be kept
   * @example (await client.ask(question, picture, { key: "a.jpg" })).kind // "answered"
   */
  async ask(
    question: VlmQuestion,
    picture: VlmPicture | undefined,
    { key, signal }: { readonly key: string; readonly signal?: AbortSignal | undefined },
  ): Promise<VlmAnswer> {
    const { model, seed } = this.endpoint;
    const hash = questionHash(question);
    const pictureSha256 = picture?.sha256 ?? "";
    const id = answerId({ model, questionHash: hash, pictureSha256, seed });
    const kept = await this.#answers?.find(id);
    if (kept !== undefined) return withValue(question, { ...kept, key }, true);
    await this.#enter();
    try {
      signal?.throwIfAborted();
      const begun = this.#now?.();
      const { reply: last, attempts } = await this.#askAgain(question, picture, id, signal);
      const isRejectedAgain =
        attempts > 0 &&
        last.kind === "rejected" &&
        (await this.#answers?.wasRejected({ id, model, question: question.name })) === true;
      const reply: Reply = isRejectedAgain ? { ...last, kind: "rejected again" } : last;
      if (attempts > 0) this.#countFailures(question, reply);
      const answer: KeptAnswer = {
        ...{ id, key, question: question.name, questionHash: hash, pictureSha256 },
        ...{ model, served: reply.served, temperature: 0, seed, kind: reply.kind, message: reply.message },
        ...{ raw: reply.raw, refusal: reply.refusal, finish: reply.finish, attempts },
        ...{ promptTokens: reply.promptTokens ?? null, answerTokens: reply.answerTokens ?? null },
        seconds: begun === undefined ? null : this.#now!() - begun,
      };
      if (attempts > 0 && this.#answers !== undefined) {
        await this.#answers.keepQuestion(question);
        await this.#answers.add(answer);
      }
      return withValue(question, answer, false);
    } finally {
      this.#leave();
    }
  }

  async #askAgain(
    question: VlmQuestion,
    picture: VlmPicture | undefined,
    id: string,
    signal: AbortSignal | undefined,
  ) {
    const { attempts: most, backoffSeconds } = this.endpoint;
    const random = new Random(id);
    for (let attempts = 1; ; attempts++) {
      if (this.#ended !== undefined) {
        const { kind, message, served } = this.#ended;
        const reply: Reply = {
          ...{ kind, served, raw: "", refusal: "", finish: "" },
          message: `not sent: ${message}`,
        };
        return { reply, attempts: attempts - 1 };
      }
      const reply = await requestReply(await this.#openai(), this.endpoint, question, picture, signal);
      if (isEnding(reply.kind)) this.#ended ??= reply;
      if (!isPassing(reply.kind) || attempts >= most) return { reply, attempts };
      // half to all of a doubling wait, so that many that failed at once do not come back at once
      const doubled = backoffSeconds * 2 ** (attempts - 1) * (0.5 + random.next() / 2);
      const seconds = Math.min(MOST_WAIT_SECONDS, Math.max(doubled, reply.retryAfterSeconds ?? 0));
      await pause(seconds * 1000, undefined, { signal }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    }
  }

  /** A rejected picture among others is a word of the server; that it rejects all is not what anyone asked for. */
  #countFailures({ name }: VlmQuestion, reply: Reply): void {
    const { kind, message } = reply;
    const { concurrency, model } = this.endpoint;
    if (kind === "answered") this.#answered.add(name);
    const isTaken =
      this.#answered.has(name) || this.#answers?.hasAnswered({ model, question: name }) === true;
    const isAlive = isFinal(kind) || (kind === "rejected" && isTaken);
    this.#failedInARow = isAlive ? 0 : this.#failedInARow + 1;
    if (this.#failedInARow < Math.max(LEAST_FAILED_IN_A_ROW, 2 * concurrency)) return;
    const words = `nothing came of ${this.#failedInARow} questions in a row, of the last: ${message}`;
    this.#ended ??= { ...reply, message: words };
  }

  /** The package is loaded with the first question. */
  #openai(): Promise<OpenAI> {
    const { apiKey, baseUrl, timeoutSeconds } = this.endpoint;
    this.#opened ??= import("openai").then(
      ({ OpenAI }) =>
        // what is left out here the package would read from the environment
        new OpenAI({
          ...{ baseURL: baseUrl, apiKey: apiKey ?? "none", organization: null, project: null },
          ...{ adminAPIKey: null, webhookSecret: null, maxRetries: 0, logLevel: "off" },
          timeout: Math.ceil(timeoutSeconds * 1000),
          fetch: guardedFetch(apiKey !== undefined),
        }),
    );
    return this.#opened;
  }

  async #enter(): Promise<void> {
    if (this.#running < this.endpoint.concurrency) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running--;
    else next();
  }
}

/** What is on disk may have been changed there: it is read as strictly as what comes. */
function withValue(question: VlmQuestion, answer: KeptAnswer, isKept: boolean): VlmAnswer {
  if (answer.kind !== "answered") return { ...answer, value: undefined, isKept };
  const checked = checkAnswer(question, answer.raw);
  if ("value" in checked) return { ...answer, value: checked.value, isKept };
  return { ...answer, kind: "malformed", message: checked.problem, value: undefined, isKept };
}
