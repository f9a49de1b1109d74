/**
 * A stand-in for a server of vision-language models, on loopback: it speaks OpenAI's chat completions, streaming and
 * not, checks what it is sent, and misbehaves as it is told. No model runs in it, and its answers are nobody's.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** The only model name that it knows; not a model's. */
export const STAND_IN_MODEL = "stand-in/none";

/** Captions that keep to the rules of their types, by the name of their question; nobody's. */
export const GOOD_CAPTIONS: { readonly [schemaName: string]: string } = {
  caption_tag: "red boat, calm sea, pebble beach",
  caption_short: "A red boat with a bare mast rests on a pebble beach beside a calm sea.",
  caption_medium:
    "A red boat with a bare mast rests on a pebble beach beside a calm blue sea. Two people in coats stand outdoors to the left of it.",
  caption_long:
    "A red boat rests on a beach. Its mast is bare. Two people stand left of it. Behind them lies a calm sea. The sky is gray.",
};

/** What was asked, as far as it was understood. */
export interface Asked {
  readonly headers: IncomingMessage["headers"];
  readonly model: string;
  readonly stream: boolean;
  readonly temperature: unknown;
  readonly seed: unknown;
  readonly schemaName: string;
  readonly schema: {
    readonly properties: { readonly [field: string]: { readonly enum?: readonly string[] } };
  };
  readonly prompt: string;
  /** The JPEG; empty where the question came without one. */
  readonly image: Buffer;
}

/** How it answers. */
export type Behaviour =
  | { readonly as: "text"; readonly text: string; readonly finish?: string; readonly model?: string }
  | { readonly as: "refusal"; readonly text: string }
  | { readonly as: "status"; readonly status: number; readonly body?: unknown; readonly retryAfter?: string }
  | { readonly as: "json"; readonly body: unknown }
  | { readonly as: "raw"; readonly body: string; readonly type: string }
  | { readonly as: "silence" }
  | { readonly as: "half" }
  | { readonly as: "endless" }
  | { readonly as: "hang-up" };

/** A running stand-in. */
export interface StandIn {
  readonly baseUrl: string;
  readonly asked: Asked[];
  /** The most requests that were open at once. */
  readonly mostAtOnce: () => number;
}

/**
 * Starts one, and stops it after the test.
 * @param behave chooses the answer to the n-th request, from 0
 */
export async function standInServer(
  t: TestContext,
  behave: (asked: Asked, n: number) => Behaviour | Promise<Behaviour>,
): Promise<StandIn> {
  const asked: Asked[] = [];
  let open = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open);
    response.on("close", () => open--);
    // as FastAPI has it, which vLLM and SGLang are built on
    if (request.method !== "POST" || request.url !== "/v1/chat/completions")
      return void json(response, 404, { detail: "Not Found" });
    const question = await readQuestion(request);
    if (typeof question === "string")
      return void json(response, 400, errorOf(question, "invalid_request_error"));
    asked.push(question);
    const behaviour = await behave(question, asked.length - 1);
    if (question.model !== STAND_IN_MODEL)
      return void json(
        response,
        404,
        errorOf(`The model \`${question.model}\` does not exist.`, "NotFoundError"),
      );
    answer(response, question, behaviour);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, asked, mostAtOnce: () => most };
}

/** The question, or what is wrong with the request. */
async function readQuestion(request: IncomingMessage): Promise<Asked | string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = JSON.parse(Buffer.concat(pieces).toString("utf8"));
  const content = readContent(body.messages);
  if (content === undefined) return "one message is needed: a text, or a text and a JPEG as data URL";
  const format = body.response_format;
  if (format?.type !== "json_schema" || format.json_schema?.strict !== true)
    return "a strict schema is needed";
  if (!(body.max_tokens > 0)) return "max_tokens is needed";
  if (body.stream === true && body.stream_options?.include_usage !== true) return "usage is to be streamed";
  return {
    ...{ headers: request.headers, model: body.model, stream: body.stream === true },
    ...{ temperature: body.temperature, seed: body.seed, ...content },
    ...{ schemaName: format.json_schema.name, schema: format.json_schema.schema },
  };
}

/** What the only message says: a bare text, or exactly a text and a picture; undefined for everything else. */
function readContent(messages: unknown): Pick<Asked, "prompt" | "image"> | undefined {
  if (!Array.isArray(messages) || messages.length !== 1 || messages[0]?.role !== "user") return undefined;
  const { content } = messages[0];
  if (typeof content === "string" && content !== "") return { prompt: content, image: Buffer.alloc(0) };
  if (!Array.isArray(content) || content.length !== 2) return undefined;
  const [text, picture] = content;
  const base64 = /^data:image\/jpeg;base64,([A-Za-z0-9+/]+=*)$/.exec(picture?.image_url?.url ?? "")?.[1];
  if (text?.type !== "text" || typeof text.text !== "string" || text.text === "") return undefined;
  if (picture?.type !== "image_url" || base64 === undefined) return undefined;
  return { prompt: text.text, image: Buffer.from(base64, "base64") };
}

function answer(response: ServerResponse, { stream, model }: Asked, behaviour: Behaviour): unknown {
  switch (behaviour.as) {
    case "status": {
      if (behaviour.retryAfter !== undefined) response.setHeader("retry-after", behaviour.retryAfter);
      return json(response, behaviour.status, behaviour.body ?? errorOf("as it was told", "test"));
    }
    case "json":
      return json(response, 200, behaviour.body);
    case "raw":
      response.writeHead(200, { "content-type": behaviour.type });
      return void response.end(behaviour.body);
    case "silence":
      return;
    case "hang-up":
      return void response.destroy();
    case "half": {
      if (!stream) {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"id":"x","choices":[{"mess');
      } else {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(event(model, { content: '{"seen": "a' }, null));
      }
      return void setTimeout(() => response.destroy(), 20);
    }
    case "endless": {
      response.writeHead(200, { "content-type": stream ? "text/event-stream" : "application/json" });
      const filler = stream ? event(model, { content: "a".repeat(1 << 16) }, null) : " ".repeat(1 << 16);
      const more = () => {
        while (!response.destroyed && response.write(filler));
      };
      response.on("drain", more);
      return more();
    }
    case "text":
      return written(
        response,
        stream,
        behaviour.model ?? model,
        { content: behaviour.text },
        behaviour.finish,
      );
    case "refusal":
      return written(response, stream, model, { refusal: behaviour.text });
  }
}

type Message = { readonly content?: string; readonly refusal?: string };
const USAGE = { prompt_tokens: 321, completion_tokens: 45, total_tokens: 366 };

function written(
  response: ServerResponse,
  stream: boolean,
  model: string,
  message: Message,
  finish = "stop",
): unknown {
  if (!stream)
    return json(response, 200, {
      ...{ id: "stand-in-1", object: "chat.completion", created: 0, model, usage: USAGE },
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: null, refusal: null, ...message },
          finish_reason: finish,
        },
      ],
    });
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(event(model, { role: "assistant" }, null));
  for (const [name, text] of Object.entries(message))
    for (const piece of text.match(/[\s\S]{1,7}/g) ?? [])
      response.write(event(model, { [name]: piece }, null));
  response.write(event(model, {}, finish));
  response.write(
    `data: ${JSON.stringify({ id: "stand-in-1", object: "chat.completion.chunk", created: 0, model, choices: [], usage: USAGE })}\n\n`,
  );
  return response.end("data: [DONE]\n\n");
}

function event(model: string, delta: object, finish: string | null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: "stand-in-1", object: "chat.completion.chunk", created: 0, model, choices })}\n\n`;
}

function json(response: ServerResponse, status: number, body: unknown): unknown {
  response.writeHead(status, { "content-type": "application/json" });
  return response.end(JSON.stringify(body));
}

/** An error as vLLM writes it. */
function errorOf(message: string, type: string): object {
  return { error: { message, type, param: null, code: null } };
}
