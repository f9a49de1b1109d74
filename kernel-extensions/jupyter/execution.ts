/** `execute_request`: the session runs the cell, its outputs are published as they come, its end is the reply. */
import type {
  CellError,
  CellSession,
  ExecuteReply,
  ExecuteRequest,
  Output,
  UserExpression,
} from "../session/messages.js";
import { codeOf } from "./requests.js";
import type { Transport } from "./transport.js";
import type { Request } from "./wire.js";

/** How a cell ended, for the client and for the queue. */
export interface Execution {
  /** The content of `execute_reply`. */
  readonly reply: Readonly<Record<string, unknown>>;
  /** Whether requests that are queued behind it are not to be run. */
  readonly abortsQueue: boolean;
}

/**
 * Runs the cell of a request. Output that comes after the cell has ended is published under the same request.
 * @throws TypeError where the request has no code
 */
export async function execute(
  session: CellSession,
  transport: Transport,
  request: Request,
): Promise<Execution> {
  const { content, header } = request;
  const silent = content.silent === true;
  const cell: ExecuteRequest = {
    code: codeOf(content),
    silent,
    storeHistory: !silent && content.store_history !== false,
    userExpressions: textsOf(content.user_expressions),
  };
  if (!silent)
    transport.publish(header, "execute_input", {
      code: cell.code,
      execution_count: session.executionCount + 1,
    });
  const reply = await session.execute(cell, (output) => {
    if (!silent) publishOutput(transport, request, output);
  });
  return {
    reply: replyContent(reply),
    abortsQueue: reply.status === "error" && !silent && content.stop_on_error !== false,
  };
}

function publishOutput(transport: Transport, { header }: Request, output: Output): void {
  try {
    transport.publish(header, output.type, outputContent(output));
  } catch (error) {
    // A bundle that is not JSON, as one with a BigInt.
    const text = `Cannot show this output: ${error instanceof Error ? error.message : String(error)}\n`;
    transport.publish(header, "stream", { name: "stderr", text });
  }
}

function outputContent(output: Output): object {
  switch (output.type) {
    case "stream":
      return { name: output.name, text: output.text };
    case "display_data":
    case "update_display_data":
      return {
        data: output.data,
        metadata: output.metadata,
        transient: output.displayId === undefined ? {} : { display_id: output.displayId },
      };
    case "execute_result":
      return { execution_count: output.executionCount, data: output.data, metadata: output.metadata };
    case "clear_output":
      return { wait: output.wait };
    case "error":
      return errorContent(output);
  }
}

function replyContent(reply: ExecuteReply): Readonly<Record<string, unknown>> {
  const common = { status: reply.status, execution_count: reply.executionCount, payload: [] };
  if (reply.status === "error") return { ...common, ...errorContent(reply), user_expressions: {} };
  const expressions = Object.entries(reply.userExpressions).map(([name, value]) => [name, expression(value)]);
  return { ...common, user_expressions: Object.fromEntries(expressions) };
}

function expression(value: UserExpression): object {
  return value.status === "ok"
    ? { status: "ok", data: value.data, metadata: value.metadata }
    : { status: "error", ...errorContent(value) };
}

function errorContent({ ename, evalue, traceback }: CellError): object {
  return { ename, evalue, traceback };
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
