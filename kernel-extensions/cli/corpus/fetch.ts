/** `gpic-lab corpus fetch`: downloads shards from the Hub, or goes on where a download was stopped. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type HubShards, hubShards, isHubName, parseHubName } from "../../../lib/corpus/index.js";
import {
  connectHub,
  type FetchPlan,
  type FetchProgress,
  fetchFiles,
  planFetch,
  repositoryFolder,
} from "../../../lib/hub/index.js";
import { isAlive } from "../../setup/is-alive.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson, UsageError } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";
import { timeText } from "./progress.js";
import { statusLine } from "./status-line.js";
import { stoppable } from "./stoppable.js";

export const command: Command = {
  help: `
gpic-lab corpus fetch hf://stanford-vision-lab/gpic[@REVISION] ${CHOICE_USAGE}
                      [--to DIR] [--dry-run] [--json]

Downloads shards, four at a time, each checked against the SHA-256 that the Hub lists. They go into the Hub's own cache,
where Python's huggingface_hub finds them too, or with --to into a folder laid out as the release. What is there already
is not fetched again; stopped or killed at any moment and started again it goes on from the bytes that are there.

  --to DIR     a folder instead of the cache
  --dry-run    say how many files and bytes it would be, and fetch nothing

The whole release is 12.9 TB: choose a part. GPIC is gated: accept its terms once on its page on the Hub, and set
HF_TOKEN. HF_ENDPOINT, HF_HOME and HF_HUB_CACHE mean what they mean to huggingface_hub.

example:
  gpic-lab corpus fetch hf://stanford-vision-lab/gpic --split val --shards 0-1 --to /data/gpic
  2 files, ... GB, of them 0 files and 0.00 MB are there
  fetched 2 files, ... GB, ... s: /data/gpic
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...choiceOptions, to: { type: "string" }, "dry-run": { type: "boolean" } },
    });
    const name = hubName(positionals);
    const choice = shardChoice(values);
    if (values.to === "") throw new UsageError("--to is a folder, got nothing");
    const to = values.to === undefined ? undefined : resolve(values.to);
    return stoppable<0>(async (signal) => {
      const found = await hubShards(name, choice, { hub: await connectHere(), signal });
      if (found.listedBy === "cache")
        throw new Error(`Cannot fetch ${name}: the Hub is needed, and cannot be reached`);
      const { hub, snapshot } = found;
      const plan = await planFetch(hub, snapshot, filesOf(found), to);
      const folder = to ?? repositoryFolder(hub.cache, snapshot.repository);
      const isDry = values["dry-run"] === true;
      const begun = performance.now();
      if (!isDry) {
        if (!values.json) process.stderr.write(`${planText(plan)}\n`);
        await fetchShards(found, signal, to);
      }
      const seconds = (performance.now() - begun) / 1000;
      if (values.json) printJson(jsonOf(name, snapshot.commit, plan, folder, isDry, seconds));
      else if (isDry) process.stdout.write(`${planText(plan)}\n`);
      else process.stdout.write(`${finalText(plan, seconds, folder)}\n`);
      return 0;
    });
  },
};

/** A connection that knows which processes of this machine live, so that a killed one's lock is taken at once. */
export function connectHere(): ReturnType<typeof connectHub> {
  return connectHub({ process: { id: process.pid, isAlive } });
}

/** Downloads what is missing of shards, with a line of progress on standard error where that is a terminal. */
export async function fetchShards(found: HubShards, signal: AbortSignal, to?: string): Promise<void> {
  const { hub, snapshot } = found;
  const files = filesOf(found);
  const { bytesThere } = await planFetch(hub, snapshot, files, to);
  const line = statusLine();
  const onProgress = (progress: FetchProgress) =>
    line.show((seconds) => fetchText(progress, bytesThere, seconds));
  try {
    await fetchFiles(hub, snapshot, files, { to, signal, onProgress });
  } finally {
    line.clear();
  }
}

function filesOf({ shards }: HubShards) {
  return shards.map(({ file }) => file);
}

function hubName(words: readonly string[]): string {
  const name = corpusName("fetch", words);
  if (!isHubName(name))
    throw new UsageError(
      `corpus fetch takes a corpus on the Hub, such as hf://stanford-vision-lab/gpic, got ${words.length === 0 ? "none" : `"${name}"`}`,
    );
  try {
    parseHubName(name);
  } catch (error) {
    throw error instanceof SyntaxError ? new UsageError(error.message) : error;
  }
  return name;
}

function jsonOf(
  corpus: string,
  revision: string,
  plan: FetchPlan,
  folder: string,
  isDry: boolean,
  seconds: number,
) {
  const { files, bytes, filesThere, bytesThere } = plan;
  return {
    corpus,
    revision,
    folder,
    files: files.length,
    bytes,
    files_there: filesThere,
    bytes_there: bytesThere,
    files_fetched: isDry ? 0 : files.length - filesThere,
    bytes_fetched: isDry ? 0 : bytes - bytesThere,
    dry_run: isDry,
    ...(isDry ? {} : { seconds }),
  };
}

function planText({ files, bytes, filesThere, bytesThere }: FetchPlan): string {
  return `${count(files.length)}, ${size(bytes)}, of them ${count(filesThere)} and ${size(bytesThere)} are there`;
}

function finalText({ files, bytes, filesThere, bytesThere }: FetchPlan, seconds: number, folder: string) {
  const fetched = `${count(files.length - filesThere)}, ${size(bytes - bytesThere)}`;
  return oneLine(`fetched ${fetched}, ${seconds.toFixed(1)} s: ${folder}`);
}

function count(files: number): string {
  return `${files} ${files === 1 ? "file" : "files"}`;
}

function size(bytes: number): string {
  if (bytes >= 1e12) return `${(bytes / 1e12).toFixed(2)} TB`;
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

/**
 * The words of the line.
 * @param bytesThere bytes that were there when the work began
 * @param seconds since then
 */
export function fetchText(progress: FetchProgress, bytesThere: number, seconds: number): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal } = progress;
  const perSecond = seconds > 0 ? (bytesDone - bytesThere) / seconds : 0;
  const pace =
    perSecond > 0 ? `, ${size(perSecond)}/s, ${timeText((bytesTotal - bytesDone) / perSecond)} left` : "";
  return `fetching: ${filesDone} of ${count(filesTotal)}, ${size(bytesDone)} of ${size(bytesTotal)}${pace}`;
}
