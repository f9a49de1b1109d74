/** The requests that are answered at once from the session: all but `execute_request`. */
import type { CellSession } from "../session/messages.js";
import { historyRows } from "./history.js";

type Content = Readonly<Record<string, unknown>>;

/** What a request is answered with: the content of its reply. */
export type Answer = (session: CellSession, content: Content) => Content;

/** The answers by message type; a type that is not here gets busy and idle, and no reply, as the protocol asks. */
export const answers: Readonly<Record<string, Answer>> = {
  complete_request: complete,
  inspect_request: inspect,
  is_complete_request: isComplete,
  history_request: (session, content) => ({ status: "ok", history: historyRows(session.history, content) }),
  comm_info_request: () => ({ status: "ok", comms: {} }),
  debug_request: refuseDebugging,
};

function complete(session: CellSession, content: Content): Content {
  const code = codeOf(content);
  const { matches, start, end } = session.complete(code, cursorOf(content, code));
  return {
    status: "ok",
    matches: matches.map((match) => match.text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      // JupyterLab shows these kinds beside the names.
      _jupyter_types_experimental: matches.map(({ text, kind }) => ({ text, type: kind, start, end })),
    },
  };
}

function inspect(session: CellSession, content: Content): Content {
  const code = codeOf(content);
  const data = session.inspect(code, cursorOf(content, code), content.detail_level === 1 ? 1 : 0);
  return { status: "ok", found: data !== undefined, data: data ?? {}, metadata: {} };
}

function isComplete(session: CellSession, content: Content): Content {
  return { ...session.isComplete(codeOf(content)) };
}

/** In the words of the Debug Adapter Protocol, which these requests are wrapped in. */
function refuseDebugging(_session: CellSession, { seq, command }: Content): Content {
  return {
    type: "response",
    success: false,
    seq: 0,
    request_seq: seq ?? 0,
    command: command ?? "",
    message: "this kernel has no debugger",
    body: {},
  };
}

/**
 * The code of a request.
 * @throws TypeError where it has none
 */
export function codeOf(content: Content): string {
  if (typeof content.code === "string") return content.code;
  throw new TypeError(
    `Cannot serve the request: a text as code is needed, got ${JSON.stringify(content.code)}`,
  );
}

/** The cursor, in code points; at the end where the request does not say. */
function cursorOf(content: Content, code: string): number {
  const length = [...code].length;
  const cursor = content.cursor_pos;
  return Number.isInteger(cursor) ? Math.min(Math.max(0, cursor as number), length) : length;
}
