/**
 * What a session takes and what it emits, in the words of Jupyter's messaging protocol 5.3 but without its transport:
 * the ZeroMQ front end and the headless runner turn the same objects into messages and into notebook outputs.
 */
import type { MimeBundle } from "../show/host.js";

/** One output of a cell, in the order in which it was made. */
export type Output =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display_data" | "update_display_data";
      readonly data: MimeBundle;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly displayId?: string;
    }
  | {
      readonly type: "execute_result";
      readonly executionCount: number;
      readonly data: MimeBundle;
      readonly metadata: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "clear_output"; readonly wait: boolean }
  | ({ readonly type: "error" } & CellError);

/** Why a cell failed: lines of the traceback may carry ANSI colours. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A request to run one cell. */
export interface ExecuteRequest {
  readonly code: string;
  /** No execution count, no history, no result: default false. */
  readonly silent?: boolean;
  /** Default true; false where silent. */
  readonly storeHistory?: boolean;
  readonly userExpressions?: Readonly<Record<string, string>>;
}

/** What became of a user expression: a bundle, or its error. */
export type UserExpression =
  | { readonly status: "ok"; readonly data: MimeBundle; readonly metadata: Readonly<Record<string, unknown>> }
  | ({ readonly status: "error" } & CellError);

/** How a cell ended. */
export type ExecuteReply =
  | {
      readonly status: "ok";
      readonly executionCount: number;
      readonly userExpressions: Readonly<Record<string, UserExpression>>;
    }
  | ({ readonly status: "error"; readonly executionCount: number } & CellError);

/** Completions at a position; positions count Unicode code points. */
export interface Completion {
  readonly matches: readonly { readonly text: string; readonly kind: string }[];
  readonly start: number;
  readonly end: number;
}

/** Whether a cell can be run as it stands. */
export type Completeness =
  | { readonly status: "complete" | "invalid" | "unknown" }
  | { readonly status: "incomplete"; readonly indent: string };

/** One executed cell of the running session. */
export interface HistoryEntry {
  readonly executionCount: number;
  readonly code: string;
}

/** A cell session: runs one cell at a time and knows no transport. */
export interface CellSession {
  /** Runs a cell; outputs that come after it has ended still reach `emit`. Never rejects for what a cell does. */
  execute(request: ExecuteRequest, emit: (output: Output) => void): Promise<ExecuteReply>;
  complete(code: string, cursor: number): Completion;
  /** The signature and docstring at the cursor, as a bundle; undefined where nothing is there. */
  inspect(code: string, cursor: number, detailLevel: 0 | 1): MimeBundle | undefined;
  isComplete(code: string): Completeness;
  readonly history: readonly HistoryEntry[];
  readonly executionCount: number;
  /**
   * Memory that any thread may hand to `requestInterrupt` to stop the running cell, also while the main thread
   * is busy in a loop.
   */
  readonly interruptMemory: SharedArrayBuffer;
  close(): void;
}
