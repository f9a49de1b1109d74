/** The requests that are answered at once, without running code. */
import type { CellSession } from "../session/messages.js";
import { selectHistory } from "./history.js";
import { type Message, PROTOCOL_VERSION } from "./wire.js";

/** What a request is answered with: a reply to who asked, and sometimes a message to all. */
export interface Answer {
  readonly reply?: { readonly type: string; readonly content: object };
  readonly broadcast?: { readonly type: string; readonly content: object };
}

/** The answer to any request but `execute_request` and `interrupt_request`; empty for one that is not known. */
export function answerRequest(message: Message, session: CellSession, version: string): Answer {
  const { content } = message;
  switch (message.header.msg_type) {
    case "kernel_info_request":
      return reply("kernel_info_reply", kernelInfo(version));
    case "complete_request": {
      const code = text(content.code);
      const { matches, start, end } = session.complete(code, position(content.cursor_pos, code));
      const types = matches.map(({ text: match, kind }) => ({ start, end, text: match, type: kind }));
      return reply("complete_reply", {
        status: "ok",
        matches: matches.map((match) => match.text),
        cursor_start: start,
        cursor_end: end,
        metadata: { _jupyter_types_experimental: types },
      });
    }
    case "inspect_request": {
      const code = text(content.code);
      const data = session.inspect(
        code,
        position(content.cursor_pos, code),
        content.detail_level === 1 ? 1 : 0,
      );
      return reply("inspect_reply", {
        status: "ok",
        found: data !== undefined,
        data: data ?? {},
        metadata: {},
      });
    }
    case "is_complete_request":
      return reply("is_complete_reply", session.isComplete(text(content.code)));
    case "history_request":
      return reply("history_reply", { status: "ok", history: selectHistory(session.history, content) });
    case "comm_info_request":
      return reply("comm_info_reply", { status: "ok", comms: {} });
    case "comm_open":
      // there are no comm targets here; the protocol wants the opening side told
      return { broadcast: { type: "comm_close", content: { comm_id: content.comm_id, data: {} } } };
    case "debug_request":
      return reply("debug_reply", {
        type: "response",
        success: false,
        request_seq: content.seq ?? 0,
        seq: 0,
        command: content.command ?? "",
        message: "this kernel has no debugger",
        body: {},
      });
    case "shutdown_request": {
      const shutdown = { status: "ok", restart: content.restart === true };
      return {
        ...reply("shutdown_reply", shutdown),
        broadcast: { type: "shutdown_reply", content: shutdown },
      };
    }
    default:
      return {};
  }
}

function kernelInfo(version: string): object {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "gpic-lab",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: "5.0.4",
      mimetype: "text/typescript",
      file_extension: ".ts",
      codemirror_mode: { name: "javascript", typescript: true },
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `gpic-lab ${version}: TypeScript 5.0 on Node ${process.version}`,
    help_links: [
      { text: "GPIC paper", url: "https://arxiv.org/abs/2605.30341" },
      { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
      { text: "Vega-Lite", url: "https://vega.github.io/vega-lite/docs/" },
    ],
    debugger: false,
    supported_features: [],
  };
}

function reply(type: string, content: object): Answer {
  return { reply: { type, content } };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function position(value: unknown, code: string): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : [...code].length;
}
