/** `gpic-lab models`: the encoders and their weights; each verb is a command of its own. */
import { type Command, type CommandEntry, UsageError } from "./command.js";

/** The verbs, in the order in which `gpic-lab models --help` lists them. */
const verbs: readonly CommandEntry[] = [
  {
    name: "list",
    summary: "every encoder: what it is for, licence, size, and whether its weights are here",
    load: async () => (await import("./models/list.js")).command,
  },
  {
    name: "fetch",
    summary:
      "download weights from their publisher, or take a file of your own; resumable, every byte checked",
    load: async () => (await import("./models/fetch.js")).command,
  },
  {
    name: "verify",
    summary: "hash what is here against its record and the manifest; exits 1 where anything is wrong",
    load: async () => (await import("./models/verify.js")).command,
  },
];

const width = Math.max(...verbs.map(({ name }) => name.length)) + 2;

export const command: Command = {
  help: `
gpic-lab models: the encoders that turn images into features, and their weights

${verbs.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`).join("\n")}

usage: gpic-lab models VERB [ID...] [...]    (gpic-lab models VERB --help says more)

A score needs the same network as everybody's: the weights are the publishers' own files, used as they are. None comes
with gpic-lab; each is fetched once into the cache, ~/.cache/gpic-lab/weights/ID (GPIC_LAB_CACHE names another), with a
record of where it came from and its SHA-256.
`,
  async run(args) {
    const [name, ...rest] = args;
    const verb = verbs.find((one) => one.name === name);
    if (verb === undefined)
      throw new UsageError(
        `models takes one of the verbs ${verbs.map((one) => one.name).join(", ")}, got ${name === undefined ? "none" : `"${name}"`}`,
      );
    const command = await verb.load();
    if (!rest.includes("--help") && !rest.includes("-h")) return command.run(rest);
    process.stdout.write(`${command.help.trim()}\n`);
    return 0;
  },
};
