/** One request and what came of it, by the `openai` package; nothing that can go wrong is thrown but being stopped. */
import type { APIError, OpenAI } from "openai";
import type { CompleteEndpoint } from "./endpoint.js";
import { isPassing, type OutcomeKind } from "./outcome.js";
import type { VlmPicture } from "./picture.js";
import { answerSchema, checkAnswer, type VlmQuestion } from "./question.js";
import { NotAMessage, type WrittenMessage, wholeMessage } from "./written-message.js";

/** What one request brought. */
export interface Reply extends WrittenMessage {
  readonly kind: OutcomeKind;
  /** What is wrong, in one line; "" for an answer. The server's words in it are hostile text. */
  readonly message: string;
  /** Seconds that the server asks to wait; undefined where it says nothing. */
  readonly retryAfterSeconds?: number | undefined;
}

const NOTHING: WrittenMessage = { raw: "", refusal: "", finish: "", served: "" };
/** What the system's commonest codes mean to a person. */
const CONNECTION_CODES: { readonly [code: string]: string } = {
  ECONNREFUSED: "nobody listens at the address",
  ENOTFOUND: "the host's name is not known",
  EAI_AGAIN: "the host's name cannot be looked up",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  ETIMEDOUT: "no connection in time",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
};
/** Errors that are the cause of each other, at the most. */
const MOST_CAUSES = 8;
/** Characters of a server's own words that are kept. */
const MOST_MESSAGE_CHARACTERS = 300;

/**
 * Sends a question once, with its picture where it has one.
 * @param signal stops it
 * @throws the signal's reason where it was stopped; nothing else
 */
export async function requestReply(
  client: OpenAI,
  endpoint: CompleteEndpoint,
  question: VlmQuestion,
  picture: VlmPicture | undefined,
  signal?: AbortSignal,
): Promise<Reply> {
  const timeout = AbortSignal.timeout(Math.ceil(endpoint.timeoutSeconds * 1000));
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const written = await wholeMessage(
      client,
      requestOf(endpoint, question, picture),
      endpoint.stream,
      either,
    );
    // a stream that is cut off ends quietly
    either.throwIfAborted();
    return judged(endpoint, question, written);
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted)
      return {
        ...NOTHING,
        kind: "timed out",
        message: `an answer within ${endpoint.timeoutSeconds} s is needed, got none`,
      };
    return await failed(error, endpoint);
  }
}

function requestOf(endpoint: CompleteEndpoint, question: VlmQuestion, picture: VlmPicture | undefined) {
  // without a picture a bare text: the template of a model that reads text alone may know no parts
  const content =
    picture === undefined
      ? question.prompt
      : [
          { type: "text" as const, text: question.prompt },
          { type: "image_url" as const, image_url: { url: picture.dataUrl } },
        ];
  return {
    model: endpoint.model,
    messages: [{ role: "user" as const, content }],
    ...{ temperature: 0, seed: endpoint.seed, max_tokens: question.mostTokens },
    response_format: {
      type: "json_schema" as const,
      json_schema: { name: question.name, strict: true, schema: answerSchema(question) },
    },
  };
}

/** What a whole message amounts to. */
function judged(endpoint: CompleteEndpoint, question: VlmQuestion, written: WrittenMessage): Reply {
  const as = (kind: OutcomeKind, message: string): Reply => ({ ...written, kind, message });
  const { raw, refusal, finish, served } = written;
  if (!isSameModel(served, endpoint.model))
    return as(
      "wrong model",
      `answers of ${endpoint.model} are needed, got ${shortened(served) || "no name"}`,
    );
  if (refusal !== "") return as("refused", `the model declined: ${shortened(refusal)}`);
  if (finish === "content_filter") return as("refused", "the server's filter withheld the answer");
  if (finish === "length")
    return as("truncated", `an answer of at most ${question.mostTokens} tokens is needed, got a longer one`);
  if (finish === "") return as("unreachable", "a whole answer is needed, got one that was cut off");
  if (finish !== "stop")
    return as("malformed", `an answer that ends by itself is needed, got the end "${shortened(finish)}"`);
  const checked = checkAnswer(question, raw);
  return "problem" in checked ? as("malformed", checked.problem) : as("answered", "");
}

/** A server may answer with the dated name of the same model: gpt-x as gpt-x-2026-01-01. */
function isSameModel(served: string, model: string): boolean {
  const end = served.startsWith(model) ? served.slice(model.length) : undefined;
  return end === "" || (end !== undefined && /^-\d{4}-?\d{2}-?\d{2}$/.test(end));
}

/** The outcome that an error of the package, or of the connection, stands for. */
async function failed(error: unknown, { apiKey, model }: CompleteEndpoint): Promise<Reply> {
  const { APIConnectionError, APIError } = await import("openai");
  const own = ownWords(error);
  const words = shortened(apiKey ? own.replaceAll(apiKey, "[key]") : own);
  if (error instanceof APIConnectionError || !(error instanceof APIError) || error.status === undefined) {
    const isBroken =
      error instanceof SyntaxError || error instanceof NotAMessage || error instanceof APIError;
    const isConnection = error instanceof APIConnectionError || error instanceof TypeError;
    return { ...NOTHING, kind: isBroken && !isConnection ? "server error" : "unreachable", message: words };
  }
  const kind = kindOfStatus(error.status, error);
  const retryAfterSeconds = isPassing(kind) ? secondsOf(error.headers?.get("retry-after")) : undefined;
  const message = kind === "wrong model" ? `the server does not know ${model}: ${words}` : words;
  return { ...NOTHING, kind, message, retryAfterSeconds };
}

/** What an error says. Of a connection the package says "Connection error." whatever happened: the cause knows. */
function ownWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  let cause: unknown = error.cause;
  let told: string | undefined;
  for (let depth = 0; cause instanceof Error && depth < MOST_CAUSES; depth++) {
    const { code, message } = cause as NodeJS.ErrnoException;
    told = message || told;
    if (typeof code === "string") {
      const meaning = CONNECTION_CODES[code];
      told = meaning === undefined ? `${told ?? ""} (${code})` : `${meaning} (${code})`;
      break;
    }
    cause = cause.cause;
  }
  return told === undefined ? error.message : `${error.message.replace(/\.$/, "")}: ${told}`;
}

function kindOfStatus(status: number, { code, message }: APIError): OutcomeKind {
  const namesModel = code === "model_not_found" || /\bmodel\b/i.test(message);
  if (status === 404) return namesModel ? "wrong model" : "wrong address";
  if (status === 400 && code === "model_not_found") return "wrong model";
  if (status === 401 || status === 403) return "unauthorised";
  if (status === 429) return "rate limited";
  if (status === 408 || status === 504) return "timed out";
  if (status >= 500) return "server error";
  return status >= 300 && status < 400 ? "wrong address" : "rejected";
}

/** Retry-After in seconds; the form with a date is left alone, since the library knows no time of day. */
function secondsOf(header: string | null | undefined): number | undefined {
  return header != null && /^\d{1,6}(?:\.\d+)?$/.test(header) ? Number(header) : undefined;
}

function shortened(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > MOST_MESSAGE_CHARACTERS ? `${line.slice(0, MOST_MESSAGE_CHARACTERS)}...` : line;
}
