/**
 * The Jupyter kernel: a thin front end that turns ZeroMQ messages into calls of a cell session and its outputs into
 * messages. Requests on the shell channel are served one after the other; control and heartbeat have a thread of
 * their own (control.ts).
 */
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { Publisher, Router } from "zeromq";
import { packageRoot, readPackageJson } from "../../lib/io/index.js";
import { kernelMagics } from "../magics.js";
import type { CellSession, Output } from "../session/messages.js";
import { createSession } from "../session/session.js";
import type { ControlCommand, ControlEvent, ControlOptions } from "./control.js";
import { answerRequest } from "./requests.js";
import { type ConnectionInfo, type Header, type Message, Wire } from "./wire.js";

/** Requests that a client had already sent when a cell failed arrive within this time and are aborted with it. */
const ABORT_WINDOW_MILLISECONDS = 15;

/**
 * Runs the kernel until a client shuts it down or the process that started it is gone.
 * @param connectionFile the path that Jupyter gives on the command line
 */
export async function runKernel(connectionFile: string | undefined): Promise<void> {
  if (connectionFile === undefined) {
    process.stderr.write(
      "gpic-lab: the kernel is started by Jupyter, with a connection file (see npm run lab)\n",
    );
    process.exitCode = 2;
    return;
  }
  const connection = JSON.parse(readFileSync(connectionFile, "utf8")) as ConnectionInfo;
  await new Kernel(connection).serve();
}

type Channel = "shell" | "control";

class Kernel {
  readonly #connection: ConnectionInfo;
  readonly #wire: Wire;
  readonly #shell = new Router({ linger: 1000 });
  // no limit and no time-out: a message that waits is memory, a message that is dropped is lost output
  readonly #iopub = new Publisher({ linger: 1000, sendHighWaterMark: 0, sendTimeout: -1 });
  readonly #stdin = new Router({ linger: 0 });
  readonly #session: Promise<CellSession>;
  readonly #queue: { readonly message: Message; aborted: boolean }[] = [];
  #control: Worker | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #replying: Promise<void> = Promise.resolve();
  #working = false;
  #ending = false;

  constructor(connection: ConnectionInfo) {
    this.#connection = connection;
    this.#wire = new Wire(connection);
    this.#session = new Promise((resolve) => setImmediate(resolve)).then(() =>
      createSession({ folder: packageRoot, frontEnd: "jupyter", magics: kernelMagics }),
    );
  }

  async serve(): Promise<void> {
    const { transport, ip, shell_port, iopub_port, stdin_port } = this.#connection;
    const address = (port: number) => `${transport}://${ip}:${port}`;
    await Promise.all([
      this.#shell.bind(address(shell_port)),
      this.#iopub.bind(address(iopub_port)),
      this.#stdin.bind(address(stdin_port)),
    ]);
    this.#publish("status", { execution_state: "starting" }, undefined);
    const session = await this.#session;
    await this.#startControl(session.interruptMemory);
    process.on("SIGTERM", () => void this.#end());
    void this.#drainStdin();
    try {
      for await (const frames of this.#shell) {
        const message = this.#wire.decode(frames);
        if (message === undefined) continue;
        this.#queue.push({ message, aborted: false });
        void this.#work();
      }
    } catch (error) {
      if (!this.#ending) throw error;
    }
  }

  async #startControl(interruptMemory: SharedArrayBuffer): Promise<void> {
    const control = new Worker(new URL("./control.js", import.meta.url), {
      workerData: { connection: this.#connection, interruptMemory } satisfies ControlOptions,
    });
    this.#control = control;
    await new Promise<void>((resolve, reject) => {
      control.once("error", reject);
      control.on("message", (event: ControlEvent) => {
        if (event.type === "bound") return resolve();
        const message = {
          ...event.message,
          identities: event.message.identities.map((id) => Buffer.from(id)),
        };
        if (event.type === "answered") return this.#aroundWork(message.header, () => {});
        void this.#answer(message, "control");
      });
    });
  }

  /** Input of a person is never asked for; what comes here is read so that it cannot pile up. */
  async #drainStdin(): Promise<void> {
    try {
      for await (const _ of this.#stdin);
    } catch {
      // closed at the end
    }
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { message, aborted } = next;
      if (message.header.msg_type !== "execute_request") await this.#answer(message, "shell");
      else if (aborted) await this.#abort(message);
      else await this.#execute(message);
    }
    this.#working = false;
  }

  async #execute(message: Message): Promise<void> {
    const { header, content } = message;
    const silent = content.silent === true;
    const code = String(content.code ?? "");
    const session = await this.#session;
    this.#publish("status", { execution_state: "busy" }, header);
    const storeHistory = content.store_history !== false && !silent;
    if (!silent)
      this.#publish("execute_input", { code, execution_count: session.executionCount + 1 }, header);
    const reply = await session.execute(
      { code, silent, storeHistory, userExpressions: stringValues(content.user_expressions) },
      (output) => this.#publishOutput(output, header),
    );
    const { status, executionCount: execution_count } = reply;
    if (reply.status === "ok") {
      const { userExpressions: user_expressions } = reply;
      this.#reply("shell", message, "execute_reply", {
        status,
        execution_count,
        user_expressions,
        payload: [],
      });
    } else {
      if (content.stop_on_error !== false) {
        await new Promise((resolve) => setTimeout(resolve, ABORT_WINDOW_MILLISECONDS));
        for (const waiting of this.#queue) waiting.aborted = true;
      }
      const { ename, evalue, traceback } = reply;
      this.#reply("shell", message, "execute_reply", {
        status,
        execution_count,
        ename,
        evalue,
        traceback,
        user_expressions: {},
        payload: [],
      });
    }
    this.#publish("status", { execution_state: "idle" }, header);
  }

  async #abort(message: Message): Promise<void> {
    const { executionCount: execution_count } = await this.#session;
    this.#aroundWork(message.header, () =>
      this.#reply("shell", message, "execute_reply", { status: "aborted", execution_count }),
    );
  }

  async #answer(message: Message, channel: Channel): Promise<void> {
    const session = await this.#session;
    const { header } = message;
    this.#aroundWork(header, () => {
      const answer = answerRequest(message, session, readPackageJson().version);
      if (answer.reply) this.#reply(channel, message, answer.reply.type, answer.reply.content);
      if (answer.broadcast) this.#publish(answer.broadcast.type, answer.broadcast.content, header);
    });
    if (header.msg_type === "shutdown_request") await this.#end();
  }

  #aroundWork(header: Header, work: () => void): void {
    this.#publish("status", { execution_state: "busy" }, header);
    work();
    this.#publish("status", { execution_state: "idle" }, header);
  }

  #publishOutput(output: Output, parent: Header): void {
    switch (output.type) {
      case "display_data":
      case "update_display_data": {
        const { data, metadata, displayId } = output;
        const transient = displayId === undefined ? {} : { display_id: displayId };
        this.#publish(output.type, { data, metadata, transient }, parent);
        break;
      }
      case "execute_result": {
        const { data, metadata, executionCount: execution_count } = output;
        this.#publish(output.type, { data, metadata, execution_count }, parent);
        break;
      }
      default: {
        const { type, ...content } = output;
        this.#publish(type, content, parent);
      }
    }
  }

  #publish(type: string, content: object, parent: Header | undefined): void {
    const frames = this.#wire.encode(type, content, parent, [type]);
    this.#publishing = this.#publishing.then(() => this.#iopub.send(frames)).catch(() => {});
  }

  #reply(channel: Channel, { header, identities }: Message, type: string, content: object): void {
    const frames = this.#wire.encode(type, content, header, identities);
    if (channel === "control") this.#control?.postMessage({ type: "send", frames } satisfies ControlCommand);
    else this.#replying = this.#replying.then(() => this.#shell.send(frames)).catch(() => {});
  }

  /** Everything that was said leaves before the sockets close; Node would abort if one were open at its exit. */
  async #end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    await Promise.all([this.#publishing, this.#replying]);
    const control = this.#control;
    if (control !== undefined) {
      const ended = new Promise((resolve) => control.once("exit", resolve));
      control.postMessage({ type: "close" } satisfies ControlCommand);
      await ended;
    }
    (await this.#session).close();
    for (const socket of [this.#shell, this.#iopub, this.#stdin]) socket.close();
    setTimeout(() => process.exit(0), 100);
  }
}

function stringValues(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
