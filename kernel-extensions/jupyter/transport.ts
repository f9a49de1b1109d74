/** The main thread's side of the transport thread: starts it, hears requests from it, sends and publishes through it. */
import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { Connection } from "./connection.js";
import { compose } from "./message.js";
import type { FromTransport, RequestChannel, ToTransport, TransportData } from "./transport-messages.js";
import type { Header, Request } from "./wire.js";

/** What the transport tells the kernel. */
export interface TransportListener {
  onRequest(channel: RequestChannel, request: Request): void;
  /** The kernel is asked to end. */
  onShutdown(): void;
  /** The thread failed, as where a port is taken: the kernel cannot go on. */
  onFailure(reason: string): void;
}

/** The kernel's sockets, from the main thread. */
export class Transport {
  readonly #session: string = randomUUID();
  readonly #thread: Worker;
  readonly #ended: Promise<void>;

  /**
   * Starts the thread, which binds the sockets while the main thread goes on.
   * @param info the content of `kernel_info_reply`
   */
  constructor(
    connection: Connection,
    info: Readonly<Record<string, unknown>>,
    namedParent: string | undefined,
    listener: TransportListener,
  ) {
    const workerData: TransportData = { connection, session: this.#session, info, namedParent };
    this.#thread = new Worker(new URL("./transport-thread.js", import.meta.url), { workerData });
    this.#thread.on("message", (message: FromTransport) => {
      if (message.kind === "request") listener.onRequest(message.channel, message.request);
      else if (message.kind === "shutdown") listener.onShutdown();
      else this.#thread.once("exit", () => listener.onFailure(message.reason));
    });
    this.#thread.on("error", (error) => listener.onFailure((error as Error).message));
    this.#ended = new Promise((resolve) => this.#thread.once("exit", () => resolve()));
  }

  /** Says that the session is there, and how its cells are interrupted. */
  ready(interruptMemory: SharedArrayBuffer): void {
    this.#post({ kind: "ready", interruptMemory });
  }

  /** Answers a request on the channel on which it came. */
  reply(channel: RequestChannel, request: Request, type: string, content: unknown): void {
    const parts = compose(this.#session, type, request.header, content);
    this.#post({ kind: "send", channel, identities: request.identities, parts });
  }

  /** Publishes a message on iopub as a child of a request. */
  publish(parent: Header, type: string, content: unknown): void {
    const parts = compose(this.#session, type, parent, content);
    this.#post({ kind: "send", channel: "iopub", identities: [`kernel.${this.#session}.${type}`], parts });
  }

  /** Sends what is left and closes the sockets; resolves once the thread has ended. */
  close(): Promise<void> {
    this.#post({ kind: "close" });
    return this.#ended;
  }

  #post(message: ToTransport): void {
    this.#thread.postMessage(message);
  }
}
