/** `gpic-lab corpus fetch`: brings shards from the Hub onto this machine. */
import { parseArgs } from "node:util";
import { type HubShards, hubShards } from "../../../lib/corpus/index.js";
import { connectHub, type FetchProgress, fetchFiles, planFetch } from "../../../lib/hub/index.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson, UsageError } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";
import { timeText } from "./progress.js";
import { stoppable } from "./stoppable.js";

/** How often the line of progress changes at the most. */
const EVERY_MS = 200;

export const command: Command = {
  help: `
gpic-lab corpus fetch hf://ORG/NAME[@REVISION] ${CHOICE_USAGE}
                      [--to DIR] [--dry-run] [--json]

Downloads shards into the Hub's own cache, where Python's huggingface_hub finds them too, or with --to DIR into a
folder laid out as the release. Stopped or killed at any moment and started again it goes on where it was; a file has
its name only once its SHA-256 is the one that the Hub states.

  --to DIR     a folder of your own; open it as CORPUS afterwards
  --dry-run    say what would be downloaded, and download nothing

GPIC is gated: accept its terms once in a browser, make a token, and set HF_TOKEN. HF_ENDPOINT, HF_HOME and
HF_HUB_CACHE mean what they mean to Python's huggingface_hub.

example:
  gpic-lab corpus fetch hf://stanford-vision-lab/gpic --split train --shards 0
  1 shard, 1.60 GB, of which 0.00 GB are there: stanford-vision-lab/gpic at 1a2b3c4
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...choiceOptions, to: { type: "string" }, "dry-run": { type: "boolean" } },
    });
    const name = corpusName("fetch", positionals);
    if (!name.startsWith("hf://"))
      throw new UsageError(
        `corpus fetch takes a name on the Hub, such as hf://stanford-vision-lab/gpic, got "${name}"`,
      );
    const choice = shardChoice(values);
    return stoppable<0>(async (signal) => {
      const { to } = values;
      const found = await hubShards(name, choice, { hub: await connectHere(), signal });
      const { repository, commit } = found.snapshot;
      const { bytes, bytesThere, filesThere } = await planFetch(
        found.hub,
        found.snapshot,
        filesOf(found),
        to,
      );
      const shards = found.shards.length;
      const plan = {
        repository: repository.name,
        revision: commit,
        shards,
        shardsThere: filesThere,
        bytes,
        bytesThere,
      };
      if (!values.json) process.stdout.write(planLine(plan));
      const paths = values["dry-run"] ? [] : await fetchShards(found, signal, to);
      if (values.json) printJson({ ...plan, paths });
      return 0;
    });
  },
};

/** A connection that knows which processes of this machine are alive, so that a killed one's lock is taken at once. */
export async function connectHere(): ReturnType<typeof connectHub> {
  const isAlive = (id: number) => {
    try {
      return process.kill(id, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  };
  return connectHub({ process: { id: process.pid, isAlive } });
}

/** Downloads with a line of progress on standard error, where that is a terminal. */
export async function fetchShards(found: HubShards, signal: AbortSignal, to?: string): Promise<string[]> {
  const { stderr } = process;
  const begun = performance.now();
  let shown = 0;
  let before: number | undefined;
  try {
    return await fetchFiles(found.hub, found.snapshot, filesOf(found), {
      to,
      signal,
      onProgress(progress) {
        const now = performance.now();
        before ??= progress.bytesDone;
        if (!stderr.isTTY || now - shown < EVERY_MS) return;
        shown = now;
        stderr.write(`\r\u001b[K${fetchText(progress, progress.bytesDone - before, (now - begun) / 1000)}`);
      },
    });
  } finally {
    if (shown > 0) stderr.write("\r\u001b[K");
  }
}

/**
 * The words of the line.
 * @param bytesFetched since the downloads began
 * @param seconds since then
 */
export function fetchText(progress: FetchProgress, bytesFetched: number, seconds: number): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal } = progress;
  const rate = seconds > 0 ? bytesFetched / seconds : 0;
  const speed =
    rate > 0 ? `, ${(rate / 1e6).toFixed(1)} MB/s, ${timeText((bytesTotal - bytesDone) / rate)} left` : "";
  return `fetching: ${filesDone} of ${filesTotal} shards, ${gigabytes(bytesDone)} of ${gigabytes(bytesTotal)}${speed}`;
}

function filesOf({ shards }: HubShards) {
  return shards.map(({ file }) => file);
}

interface PlanWords {
  readonly repository: string;
  readonly revision: string;
  readonly shards: number;
  readonly bytes: number;
  readonly bytesThere: number;
}

function planLine({ repository, revision, shards, bytes, bytesThere }: PlanWords): string {
  const count = `${shards} ${shards === 1 ? "shard" : "shards"}`;
  return `${oneLine(`${count}, ${gigabytes(bytes)}, of which ${gigabytes(bytesThere)} are there: ${repository} at ${revision.slice(0, 7)}`)}\n`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
