/** The message that a server wrote, whole or put together from a stream. */
import type { OpenAI } from "openai";

/** What was written, as it was. */
export interface WrittenMessage {
  /** The answer's text. */
  readonly raw: string;
  /** What the model said where it declined by the protocol's own field. */
  readonly refusal: string;
  /** Why it ended: "stop", "length", "content_filter"; "" where the server did not say, as in a stream that was cut off. */
  readonly finish: string;
  /** The name of the model that answered, by the server. */
  readonly served: string;
  readonly promptTokens?: number | undefined;
  readonly answerTokens?: number | undefined;
}

/** Thrown where what came is no chat completion. */
export class NotAMessage extends Error {
  override readonly name = "NotAMessage";
}

type Request = Omit<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming, "stream">;

/**
 * Sends a request and reads the message to its end.
 * @throws NotAMessage, or what the package throws
 */
export async function wholeMessage(
  client: OpenAI,
  request: Request,
  stream: boolean,
  signal: AbortSignal,
): Promise<WrittenMessage> {
  if (stream) return streamed(client, request, signal);
  const completion: unknown = await client.chat.completions.create(request, { signal });
  const { choices, model, usage } = asCompletion(completion);
  const choice = choices?.[0];
  if (choice?.message == null) throw new NotAMessage("a chat completion with a choice is needed, got none");
  return {
    ...{ raw: textOf(choice.message.content), refusal: textOf(choice.message.refusal) },
    ...{ finish: textOf(choice.finish_reason), served: textOf(model) },
    ...tokensOf(usage),
  };
}

async function streamed(client: OpenAI, request: Request, signal: AbortSignal): Promise<WrittenMessage> {
  const chunks = await client.chat.completions.create(
    { ...request, stream: true, stream_options: { include_usage: true } },
    { signal },
  );
  let [raw, refusal, finish, served] = ["", "", "", ""];
  let usage: Usage | null | undefined;
  for await (const chunk of chunks) {
    const { choices, model, usage: told } = asCompletion(chunk);
    const choice = choices?.[0];
    raw += textOf(choice?.delta?.content);
    refusal += textOf(choice?.delta?.refusal);
    finish = textOf(choice?.finish_reason) || finish;
    served = textOf(model) || served;
    usage = told ?? usage;
  }
  if (served === "") throw new NotAMessage("a stream of a chat completion is needed, got none");
  return { raw, refusal, finish, served, ...tokensOf(usage) };
}

interface Usage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
}
interface Written {
  readonly content?: unknown;
  readonly refusal?: unknown;
}
interface Completion {
  readonly choices?:
    | readonly ({
        readonly message?: Written | null;
        readonly delta?: Written | null;
        readonly finish_reason?: unknown;
      } | null)[]
    | null;
  readonly model?: unknown;
  readonly usage?: Usage | null;
}

/** The package passes on whatever came: nothing in it is sure. */
function asCompletion(value: unknown): Completion {
  if (typeof value !== "object" || value === null)
    throw new NotAMessage(`a chat completion is needed, got ${typeof value}`);
  const { choices } = value as { choices?: unknown };
  if (choices != null && !Array.isArray(choices))
    throw new NotAMessage(`a list of choices is needed, got ${typeof choices}`);
  return value as Completion;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function tokensOf(usage: Usage | null | undefined): Pick<WrittenMessage, "promptTokens" | "answerTokens"> {
  const count = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : undefined);
  return { promptTokens: count(usage?.prompt_tokens), answerTokens: count(usage?.completion_tokens) };
}
