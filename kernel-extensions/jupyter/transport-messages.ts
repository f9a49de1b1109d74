/** What the main thread and the transport thread say to each other. */
import type { Connection } from "./connection.js";
import type { Parts, Request } from "./wire.js";

/** A channel on which requests come and replies go. */
export type RequestChannel = "shell" | "control";

/** What the transport thread is started with. */
export interface TransportData {
  readonly connection: Connection;
  /** The kernel's session id, in the header of all its messages. */
  readonly session: string;
  /** The content of `kernel_info_reply`. */
  readonly info: Readonly<Record<string, unknown>>;
  readonly namedParent: string | undefined;
}

/** From the main thread. */
export type ToTransport =
  | {
      readonly kind: "send";
      readonly channel: RequestChannel | "iopub";
      readonly identities: readonly (string | Uint8Array)[];
      readonly parts: Parts;
    }
  /** The session is there: from now on the main thread answers `kernel_info_request`, in order with the rest. */
  | { readonly kind: "ready"; readonly interruptMemory: SharedArrayBuffer }
  | { readonly kind: "close" };

/** To the main thread. */
export type FromTransport =
  | { readonly kind: "request"; readonly channel: RequestChannel; readonly request: Request }
  /** Asks for a clean end: a shutdown request was answered, or the parent has died. */
  | { readonly kind: "shutdown" }
  /** The sockets could not be bound, as where a port is taken; the thread ends. */
  | { readonly kind: "failed"; readonly reason: string };
