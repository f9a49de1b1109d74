/**
 * The Jupyter kernel: a thin front end of a cell session. Requests are served one after the other, in their order.
 *
 * The transport thread binds the sockets and answers the first `kernel_info_request` while this thread loads the
 * session, the heavy part; requests that come meanwhile wait in the queue.
 */
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { packageRoot } from "../../lib/io/index.js";
import type { CellSession } from "../session/messages.js";
import { readConnection } from "./connection.js";
import { execute } from "./execution.js";
import { kernelInfo } from "./kernel-info.js";
import { answers } from "./requests.js";
import { Transport } from "./transport.js";
import type { RequestChannel } from "./transport-messages.js";
import type { Request } from "./wire.js";

/** How long after an error cells that the client has already sent may still be on their way here. */
const ABORT_WINDOW_MILLISECONDS = 20;

interface Queued {
  readonly channel: RequestChannel;
  readonly request: Request;
  aborted: boolean;
}

/** One running kernel. */
class Kernel {
  readonly #transport: Transport;
  readonly #info: Readonly<Record<string, unknown>> = kernelInfo();
  readonly #exit = process.exit.bind(process);
  #session: CellSession | undefined;
  #queue: Queued[] = [];
  #serving = false;
  #ending = false;

  constructor(connectionFile: string) {
    this.#transport = new Transport(readConnection(connectionFile), this.#info, process.env.JPY_PARENT_PID, {
      onRequest: (channel, request) => {
        this.#queue.push({ channel, request, aborted: false });
        void this.#serve();
      },
      onShutdown: () => void this.end(0),
      onFailure: (reason) => {
        process.stderr.write(`gpic-lab kernel: ${reason}\n`);
        this.#exit(1);
      },
    });
  }

  /** Takes the session and begins to serve what has come meanwhile. */
  start(session: CellSession): void {
    this.#session = session;
    this.#transport.ready(session.interruptMemory);
    void this.#serve();
  }

  /** Ends the process: the session first, then the sockets, which must not be open when Node ends. */
  async end(status: number): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    try {
      this.#session?.close();
    } finally {
      await this.#transport.close();
      process.removeAllListeners("exit"); // a cell's own listener must not hold the kernel
      this.#exit(status);
    }
  }

  async #serve(): Promise<void> {
    const session = this.#session;
    if (session === undefined || this.#serving) return;
    this.#serving = true;
    for (let next = this.#queue.shift(); next !== undefined && !this.#ending; next = this.#queue.shift()) {
      await this.#handle(session, next);
      await nextTurn(); // a shutdown that came meanwhile is heard before the next cell starts
    }
    this.#serving = false;
  }

  async #handle(session: CellSession, queued: Queued): Promise<void> {
    const { channel, request } = queued;
    const type = request.header.msg_type;
    const replyType = type.replace(/_request$/, "_reply");
    this.#transport.publish(request.header, "status", { execution_state: "busy" });
    try {
      if (type === "execute_request") {
        this.#transport.reply(channel, request, replyType, await this.#execute(session, queued));
      } else if (type === "kernel_info_request") {
        this.#transport.reply(channel, request, replyType, this.#info);
      } else if (type === "comm_open") {
        // No comm targets are registered: the protocol has the other side told so at once.
        this.#transport.publish(request.header, "comm_close", { comm_id: request.content.comm_id, data: {} });
      } else if (Object.hasOwn(answers, type)) {
        this.#transport.reply(channel, request, replyType, answers[type]!(session, request.content));
      }
    } catch (error) {
      this.#transport.reply(channel, request, replyType, failure(error));
    } finally {
      this.#transport.publish(request.header, "status", { execution_state: "idle" });
    }
  }

  async #execute(session: CellSession, queued: Queued): Promise<Readonly<Record<string, unknown>>> {
    if (queued.aborted) return { status: "aborted" };
    const { reply, abortsQueue } = await execute(session, this.#transport, queued.request);
    if (abortsQueue) {
      // What is queued now will be aborted, in its turn; what comes after the client has seen the reply will run.
      await wait(ABORT_WINDOW_MILLISECONDS);
      for (const waiting of this.#queue) waiting.aborted = true;
    }
    return reply;
  }
}

/**
 * Runs the kernel that a client has asked for, until it is shut down or its client has died.
 * @param connectionFile the path of the connection file
 * @param load makes the session; the default is the real one
 */
export async function runKernel(
  connectionFile: string,
  load: () => Promise<CellSession> | CellSession = loadSession,
): Promise<void> {
  process.on("SIGINT", () => undefined); // an interrupt between two cells is nothing; the session hears its own
  const kernel = new Kernel(connectionFile);
  try {
    kernel.start(await load());
  } catch (error) {
    process.stderr.write(`gpic-lab kernel: ${error instanceof Error ? error.stack : String(error)}\n`);
    await kernel.end(1);
  }
}

async function loadSession(): Promise<CellSession> {
  const [{ createSession }, { kernelMagics }] = await Promise.all([
    import("../session/session.js"),
    import("../magics.js"),
  ]);
  return createSession({ folder: packageRoot, frontEnd: "jupyter", magics: kernelMagics });
}

function failure(error: unknown): Readonly<Record<string, unknown>> {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { status: "error", ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}
