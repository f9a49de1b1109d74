/**
 * A session that knows a few words instead of a language, so that the tests of the transport are about the transport.
 * A cell is lines of `WORD REST`; see `#run` for the words.
 */
import { POLL_FLAG } from "../../../kernel-extensions/session/cell-transformers.js";
import { InterruptState } from "../../../kernel-extensions/session/interrupt.js";
import type {
  CellSession,
  Completeness,
  Completion,
  ExecuteReply,
  ExecuteRequest,
  HistoryEntry,
  Output,
} from "../../../kernel-extensions/session/messages.js";

export class FakeSession implements CellSession {
  readonly #interrupts = new InterruptState();
  readonly history: HistoryEntry[] = [];
  executionCount = 0;
  #runs = 0;

  get interruptMemory(): SharedArrayBuffer {
    return this.#interrupts.memory;
  }

  async execute(request: ExecuteRequest, emit: (output: Output) => void): Promise<ExecuteReply> {
    if (request.storeHistory)
      this.history.push({ executionCount: ++this.executionCount, code: request.code });
    const executionCount = this.executionCount;
    await this.#interrupts.begin(++this.#runs);
    try {
      for (const line of request.code.split("\n")) {
        const space = `${line} `.indexOf(" ");
        await this.#run(line.slice(0, space), line.slice(space + 1), emit);
      }
      const userExpressions = Object.fromEntries(
        Object.entries(request.userExpressions ?? {}).map(([name, text]) => [
          name,
          { status: "ok" as const, data: { "text/plain": text }, metadata: {} },
        ]),
      );
      return { status: "ok", executionCount, userExpressions };
    } catch (error) {
      const { name: ename, message: evalue } = error as Error;
      const cellError = { ename, evalue, traceback: [`${ename}: ${evalue}`] };
      emit({ type: "error", ...cellError });
      return { status: "error", executionCount, ...cellError };
    } finally {
      this.#interrupts.end();
      this.#interrupts.setPolling(false);
    }
  }

  complete(code: string, cursor: number): Completion {
    if (code === "break") throw new Error("the session has a fault");
    return { matches: [{ text: `${code}!`, kind: "function" }], start: 0, end: cursor };
  }

  inspect(code: string, cursor: number, detailLevel: 0 | 1): Record<string, unknown> | undefined {
    return code === "" ? undefined : { "text/plain": `${code} ${cursor} ${detailLevel}` };
  }

  isComplete(code: string): Completeness {
    return code.endsWith("{") ? { status: "incomplete", indent: "  " } : { status: "complete" };
  }

  close(): void {}

  async #run(word: string, rest: string, emit: (output: Output) => void): Promise<void> {
    const data = { "text/plain": rest };
    const print = (text: string) => emit({ type: "stream", name: "stdout", text });
    switch (word) {
      case "print":
        return print(`${rest}\n`);
      case "lines":
        for (let i = 0; i < Number(rest); i++) print(`${i}\n`);
        return;
      case "later":
        setTimeout(() => print(rest), 150);
        return;
      case "show":
        return emit({ type: "display_data", data, metadata: { kept: true }, displayId: "one" });
      case "plain":
        return emit({ type: "display_data", data, metadata: {} });
      case "update":
        return emit({ type: "update_display_data", data, metadata: {}, displayId: "one" });
      case "clear":
        return emit({ type: "clear_output", wait: rest === "wait" });
      case "result":
        return emit({ type: "execute_result", executionCount: this.executionCount, data, metadata: {} });
      case "bigint":
        return emit({ type: "display_data", data: { "application/json": 1n }, metadata: {} });
      case "half":
        return print("half \ud83d of a pair");
      case "fail":
        throw named("FakeError", rest);
      case "sleep":
        return new Promise((resolve) => setTimeout(resolve, Number(rest)));
      case "loop": // ends by an interrupt alone
        while (Atomics.load(this.#interrupts.flags, POLL_FLAG) === 0);
        throw named("KeyboardInterrupt", "interrupted");
      case "deaf": // ends by nothing
        for (;;);
      case "hang":
        return new Promise((_, reject) =>
          process.once("SIGINT", () => reject(named("KeyboardInterrupt", "interrupted"))),
        );
    }
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
