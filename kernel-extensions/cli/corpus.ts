/** `gpic-lab corpus`: looks into a corpus; each verb is a command of its own. */
import { type Command, type CommandEntry, UsageError } from "./command.js";

/** The verbs, in the order in which `gpic-lab corpus --help` lists them. */
const verbs: readonly CommandEntry[] = [
  {
    name: "fetch",
    summary: "download shards from the Hub, into its cache or a folder; resumable, every byte checked",
    load: async () => (await import("./corpus/fetch.js")).command,
  },
  {
    name: "index",
    summary: "build a corpus' index: Parquet that is asked in SQL, resumable",
    load: async () => (await import("./corpus/build-index.js")).command,
  },
  {
    name: "stats",
    summary: "one page: counts, sizes, licences, sources, captions, problems",
    load: async () => (await import("./corpus/stats.js")).command,
  },
  {
    name: "sample",
    summary: "images drawn by seed, each with the same chance, without reading the whole",
    load: async () => (await import("./corpus/sample.js")).command,
  },
  {
    name: "credits",
    summary: "whom to thank for every image: Markdown, HTML, CSV or JSON Lines",
    load: async () => (await import("./corpus/credits.js")).command,
  },
  {
    name: "verify",
    summary: "every record against the data card: what is damaged, and where; exits 1 where anything is",
    load: async () => (await import("./corpus/verify.js")).command,
  },
];

const width = Math.max(...verbs.map(({ name }) => name.length)) + 2;

export const command: Command = {
  help: `
gpic-lab corpus: looks into a corpus

${verbs.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`).join("\n")}

usage: gpic-lab corpus VERB [CORPUS] [...]    (gpic-lab corpus VERB --help says more)

CORPUS is "sample" (the default), a folder with train/, val/ or test/ and shards named gpic_{split}_NNNNN.tar
in them, one tar, the folder of an index, or hf://stanford-vision-lab/gpic[@revision].
`,
  async run(args) {
    const [name, ...rest] = args;
    const verb = verbs.find((one) => one.name === name);
    if (verb === undefined)
      throw new UsageError(
        `corpus takes one of the verbs ${verbs.map((one) => one.name).join(", ")}, got ${name === undefined ? "none" : `"${name}"`}`,
      );
    const command = await verb.load();
    if (!rest.includes("--help") && !rest.includes("-h")) return command.run(rest);
    process.stdout.write(`${command.help.trim()}\n`);
    return 0;
  },
};
