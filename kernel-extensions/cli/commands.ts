import type { CommandEntry } from "./command.js";

/** All commands, in the order in which `gpic-lab --help` lists them. */
export const commands: readonly CommandEntry[] = [
  {
    name: "run",
    summary: "run notebooks headless, without Python",
    load: async () => (await import("./run.js")).command,
  },
];
