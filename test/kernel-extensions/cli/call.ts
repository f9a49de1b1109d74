/** `gpic-lab` as a person calls it: a process of its own. */
import { execFile } from "node:child_process";
import { packageFile } from "gpic-lab/io";

/** What a call gave. */
export interface Called {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Calls the command line with these words; whatever the status, it resolves. */
export function callCli(words: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Called> {
  const cli = packageFile("kernel-extensions", "cli", "gpic-lab.cjs");
  return new Promise((resolve) =>
    execFile(process.execPath, [cli, ...words], { env }, (error, out, err) =>
      resolve({ status: error === null ? 0 : Number(error.code), out, err }),
    ),
  );
}
