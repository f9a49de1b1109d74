/** The sending side of a socket: one message after the other, in the order given, none lost to a busy socket. */
import type { MessageLike } from "zeromq";

/** What an outlet needs of a socket. */
export interface SendingSocket {
  send(frames: MessageLike[]): Promise<void>;
}

/** Sends messages one after the other; a client that has gone away harms none of the others. */
export class Outlet {
  readonly #socket: SendingSocket;
  #last: Promise<void> = Promise.resolve();

  constructor(socket: SendingSocket) {
    this.#socket = socket;
  }

  /** Queues a message. */
  send(frames: readonly (string | Uint8Array)[]): void {
    this.#last = this.#last.then(() => this.#socket.send([...frames])).catch(() => undefined);
  }

  /** Resolves once everything queued so far has been handed to the socket. */
  sent(): Promise<void> {
    return this.#last;
  }
}
