/**
 * Weights over the network: their publisher's addresses one after the other, or a mirror's.
 *
 * Stopped or killed, a download goes on from the bytes that are there, where the server still has the same file.
 */
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DownloadFile, download, HubError, type WebConnection } from "../hub/index.js";
import type { FilledOptions, WeightsProgress } from "./fetch-options.js";
import type { ModelEntry, PublishedFile } from "./manifest.js";
import type { WeightsRecord } from "./weights-cache.js";
import { knownHash, WeightsError } from "./weights-check.js";

/** A file that came, not yet checked. */
export interface Come {
  readonly outcome: "downloaded" | "linked" | "copied" | "found";
  readonly at: string;
  /** Where it came from, in the words of a record. */
  readonly source: string;
}

/**
 * Downloads an encoder's file to where it can be checked.
 * @param coming where it comes to lie; what lies there already is whole, and was not yet checked
 * @throws HubError with what to do instead; WeightsError for a mirror's address that cannot be used
 */
export async function downloadWeights(
  entry: ModelEntry,
  file: PublishedFile,
  record: WeightsRecord | undefined,
  coming: string,
  options: FilledOptions,
): Promise<Come> {
  if (await exists(coming))
    return { outcome: "downloaded", at: coming, source: "download by an earlier call" };
  const known = knownHash(file, record);
  const addresses = options.from === undefined ? file.addresses : [mirrorAddress(options.from)];
  let first: HubError | undefined;
  for (const url of addresses) {
    const wanted: DownloadFile = {
      url,
      subject: { what: `the weights of ${entry.id}` },
      ...(file.bytes === null ? {} : { size: file.bytes }),
      ...(known === undefined ? {} : { sha256: known.sha256 }),
    };
    try {
      const partial = join(dirname(coming), `${file.name}.incomplete`);
      await downloadWatched(wanted, coming, partial, options);
      return { outcome: "downloaded", at: coming, source: `download from ${shownAddress(url)}` };
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      if (error.kind === "no space") throw explained(error, entry, []);
      first ??= error;
    }
  }
  const changed = first?.kind === "wrong bytes" ? wayOut(record, dirname(coming)) : "";
  throw explained(first!, entry, file.addresses, changed);
}

/** Downloads a file, and tells how far it is, its size included as soon as the server says it. */
export async function downloadWatched(
  file: DownloadFile,
  path: string,
  partial: string,
  { connection, signal, onProgress }: Pick<FilledOptions, "connection" | "signal" | "onProgress">,
): Promise<void> {
  let bytesTotal = file.size;
  let bytesDone = 0;
  let bytesBefore: number | undefined;
  const watched: WebConnection = {
    ...connection,
    async fetch(url, init) {
      const answer = await connection.fetch(url, init);
      bytesBefore ??= bytesDone;
      bytesTotal ??= sizeOf(answer);
      return answer;
    },
  };
  await download(watched, file, path, {
    partial,
    signal,
    onBytes(delta) {
      bytesDone += delta;
      const progress: WeightsProgress = {
        ...{ step: "download", bytesDone, bytesTotal },
        bytesBefore: Math.min(bytesBefore ?? bytesDone, bytesDone),
      };
      onProgress?.(progress);
    },
  });
}

/** The size of a whole file, as an answer's head says it. */
function sizeOf({ status, headers }: Response): number | undefined {
  const told =
    status === 206
      ? /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1]
      : status === 200
        ? headers.get("content-length")
        : undefined;
  return told === null || told === undefined ? undefined : Number(told);
}

/**
 * A failure with what to do next.
 * @param addresses where a person could fetch the file by hand
 */
export function explained(
  error: HubError,
  entry: ModelEntry,
  addresses: readonly string[],
  more: string = "",
): HubError {
  const [what = ""] = error.message.split("; choose fewer shards");
  const from = `then: gpic-lab models fetch ${entry.id} --from FILE`;
  const advice =
    error.kind === "no space"
      ? "; free some, or set GPIC_LAB_CACHE to a folder on another disk"
      : error.kind === "no file"
        ? `${more}; look where its publisher has it now (it was ${addresses[0]}), ${from}`
        : `${more}; fetch ${addresses[0]} by hand, on another machine if need be, ${from}`;
  return new HubError(error.kind, `${what}${advice}`, {
    cause: error,
    ...(error.status === undefined ? {} : { status: error.status }),
  });
}

/** What to do where a recorded hash stands against what came. */
export function wayOut(record: WeightsRecord | undefined, folder: string): string {
  if (record === undefined) return "";
  return `; the hash was recorded on ${record.date}: where another file is published now, and you want it, remove ${join(folder, "weights.json")} and fetch again`;
}

/** Whether `from` is an address and not a path. */
export function isAddress(from: string): boolean {
  return /^https?:\/\//i.test(from);
}

/**
 * A mirror's address.
 * @throws WeightsError where it cannot be read, or holds a user's name or password, which are not shown
 */
export function mirrorAddress(text: string): string {
  const isWeb = URL.canParse(text) && isAddress(text);
  const url = isWeb ? new URL(text) : undefined;
  if (url !== undefined && url.username === "" && url.password === "") return url.href;
  throw new WeightsError(
    "Cannot download: an http or https address without a user's name is needed, got another",
  );
}

/** An address as a record or a message shows it: without what a signature or a password would be in. */
export function shownAddress(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

/** Whether there is a file. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
