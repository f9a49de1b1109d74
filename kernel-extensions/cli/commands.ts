import type { CommandEntry } from "./command.js";

/** All commands, in the order in which `gpic-lab --help` lists them. */
export const commands: readonly CommandEntry[] = [
  {
    name: "corpus",
    summary: "what is in a corpus: stats",
    load: async () => (await import("./corpus.js")).command,
  },
];
