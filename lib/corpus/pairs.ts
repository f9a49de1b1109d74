/**
 * Walks through a shard and puts each JSON together with the image behind it; reads no pixels.
 *
 * The release's layout (data card): `{key}.json` directly followed by `{key}.jpg` or `{key}.png`.
 */
import { type ByteSource, type TarEntry, TarError, tarEntries } from "../io/index.js";

/** Largest JSON that is read: the release's are some kilobytes, and a wrong size must not fill the memory. */
export const MAX_JSON_BYTES: number = 1 << 20;

/** A JSON and its image, nothing in the JSON checked but that it is JSON. */
export interface ShardPair {
  /** Name of both entries without the extension. */
  readonly stem: string;
  /** What the JSON holds. */
  readonly json: unknown;
  /** Where the JSON's header begins in the shard. */
  readonly jsonOffset: number;
  /** The image's entry; `offset` and `size` say where its bytes lie. */
  readonly image: TarEntry;
  readonly imageExtension: "jpg" | "png";
}

/** Something in a corpus that is not as it should be. */
export interface CorpusProblem {
  readonly shard: string;
  /** Bytes from the start of the shard. */
  readonly offset: number;
  /** Name of the record, or "" where there is none. */
  readonly key: string;
  /** `archive` (the rest of the shard is lost), `pairing`, `json` or `metadata` (one record is lost). */
  readonly kind: "archive" | "pairing" | "json" | "metadata";
  /** What was needed and what was found. */
  readonly message: string;
}

/** A problem, thrown where nobody collects them. */
export class CorpusError extends Error {
  override readonly name = "CorpusError";
  readonly problem: CorpusProblem;
  constructor(problem: CorpusProblem) {
    const record = problem.key === "" ? "" : `, record ${problem.key}`;
    super(`Cannot read ${problem.shard} at byte ${problem.offset}${record}: ${problem.message}`);
    this.problem = problem;
  }
}

/** What `shardPairs` takes beside the shard. */
export interface PairOptions {
  /** The shard's name in messages. */
  readonly shard: string;
  readonly signal?: AbortSignal | undefined;
  /** Takes problems, and lets the reading go on; without it the first one is thrown as a CorpusError. */
  readonly onProblem?: ((problem: CorpusProblem) => void) | undefined;
}

/**
 * The pairs of a shard in their order.
 * @param source the shard
 * @throws CorpusError at the first problem, unless `onProblem` takes them
 */
export async function* shardPairs(
  source: ByteSource,
  options: PairOptions,
): AsyncGenerator<ShardPair, void, undefined> {
  const { shard } = options;
  const problem = (
    entry: { headerOffset: number },
    key: string,
    kind: CorpusProblem["kind"],
    message: string,
  ) => {
    const found: CorpusProblem = { shard, offset: entry.headerOffset, key, kind, message };
    if (options.onProblem === undefined) throw new CorpusError(found);
    options.onProblem(found);
  };
  let json: TarEntry | undefined;
  const lonely = () => {
    if (json !== undefined)
      problem(json, splitName(json.name)[0], "pairing", "an image is needed behind the JSON, got none");
    json = undefined;
  };
  try {
    for await (const entry of tarEntries(source, signalOf(options.signal))) {
      if (entry.type === "directory") continue;
      const [stem, extension] = splitName(entry.name);
      if (extension === "json") {
        lonely();
        json = entry;
      } else if (entry.type !== "file" || (extension !== "jpg" && extension !== "png")) {
        problem(entry, stem, "pairing", `.json, .jpg and .png files are needed, got ${entry.name}`);
      } else if (json === undefined || splitName(json.name)[0] !== stem) {
        lonely();
        problem(entry, stem, "pairing", "a JSON of the same name is needed before the image, got none");
      } else {
        const held = json;
        json = undefined;
        const text = await readJson(source, held);
        if ("wrong" in text) problem(held, stem, "json", text.wrong);
        else
          yield {
            stem,
            json: text.value,
            jsonOffset: held.headerOffset,
            image: entry,
            imageExtension: extension,
          };
      }
    }
    lonely();
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    problem({ headerOffset: error.offset }, "", "archive", error.message);
  }
}

async function readJson(
  source: ByteSource,
  entry: TarEntry,
): Promise<{ value: unknown } | { wrong: string }> {
  if (entry.size > MAX_JSON_BYTES)
    return { wrong: `a JSON of at most ${MAX_JSON_BYTES} bytes is needed, got ${entry.size}` };
  const bytes = await source.read(entry.offset, entry.size);
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch (error) {
    return { wrong: `JSON in UTF-8 is needed, got ${(error as Error).message}` };
  }
}

/** The name up to its last dot, and what follows in lower case. */
function splitName(name: string): [stem: string, extension: string] {
  const dot = name.lastIndexOf(".");
  return dot === -1 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

function signalOf(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
