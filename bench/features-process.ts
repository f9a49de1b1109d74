/** A process that is asked by a line of JSON and answers by one: one side of a benchmark, kept between its runs. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A side that runs. */
export interface LineProcess {
  readonly pid: number;
  /** @throws Error where the process ends without an answer */
  ask<Answer>(question: object): Promise<Answer>;
  /** Ends it, once it has answered. */
  end(): Promise<void>;
}

/** Starts a side; what it says on standard error goes to ours. */
export function startLines(
  command: string,
  args: readonly string[],
  environment: { readonly [name: string]: string } = {},
): LineProcess {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  child.stdin.on("error", () => {});
  return {
    pid: child.pid ?? 0,
    async ask<Answer>(question: object): Promise<Answer> {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`Cannot measure ${command} ${args[0]}: it ended without an answer`);
      return JSON.parse(value);
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
