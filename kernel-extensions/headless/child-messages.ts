/** What the runner and the process that runs one notebook's cells say to each other. */
import type { ExecuteReply, Output } from "../session/messages.js";

/** The runner's one message: which cells to run, in order. */
export interface Job {
  readonly cells: readonly { readonly index: number; readonly source: string; readonly mayRaise: boolean }[];
  /** Time limit of a cell. */
  readonly cellSeconds: number;
  /** The module that exports `createSession`. */
  readonly sessionModule: string;
}

/** What the process says of its work; it ends by itself after `done`. */
export type Report =
  | { readonly type: "begin"; readonly cell: number }
  | { readonly type: "output"; readonly cell: number; readonly output: Output }
  | {
      readonly type: "end";
      readonly cell: number;
      readonly reply: ExecuteReply;
      /** The cell was interrupted because its time was up. */
      readonly timedOut: boolean;
    }
  | { readonly type: "broken"; readonly message: string }
  | { readonly type: "done" };
