/**
 * Walks through a shard and puts each JSON together with its image, whichever comes first; reads no pixels.
 *
 * The release's layout (data card): `{key}.json` directly followed by `{key}.jpg` or `{key}.png`. What is read here is
 * more than that: images before their JSON, pairs that lie a little apart, `.jpeg`. What belongs to no pair is a finding.
 */
import {
  type ByteSource,
  isDamage,
  TAR_LOOK_BACK_BYTES,
  type TarEntry,
  type TarFinding,
  tarFindings,
} from "../io/index.js";
import { type CorpusProblem, type ProblemTaker, shown, throwProblem } from "./problems.js";

/** Largest JSON that is read: the release's are some kilobytes, and a wrong size must not fill the memory. */
export const MAX_JSON_BYTES: number = 1 << 20;
/** Largest image: a camera's largest JPEG has some 40 MiB, and what is decoded later must fit into memory. */
export const MAX_IMAGE_BYTES: number = TAR_LOOK_BACK_BYTES;
/** Longest name, as Linux' longest path: a key has 64 characters. */
export const MAX_NAME_BYTES = 4096;
/** Most halves of pairs that wait for the other: a pair is written together, so a few are enough, and memory is bounded. */
export const MAX_UNPAIRED = 32;
/** Most bytes that waiting halves hold; the oldest one is given up beyond. */
const MAX_WAITING_BYTES = TAR_LOOK_BACK_BYTES;

/** A JSON and its image, nothing in the JSON checked but that it is JSON. */
export interface ShardPair {
  /** Name of both entries without the extension. */
  readonly stem: string;
  /** What the JSON holds. */
  readonly json: unknown;
  /** Where the JSON's header begins in the shard. */
  readonly jsonOffset: number;
  /** The image's entry; `offset` and `size` say where its bytes lie, `data` are they where `images` were asked for. */
  readonly image: TarEntry;
  readonly imageExtension: "jpg" | "png";
}

/** What `shardPairs` takes beside the shard. */
export interface PairOptions {
  /** The shard's name in findings. */
  readonly shard: string;
  readonly signal?: AbortSignal | undefined;
  /** Takes problems, and lets the reading go on; without it the first one is thrown as a CorpusError. */
  readonly onProblem?: ProblemTaker | undefined;
  /** Brings the images' bytes with the pairs, as a stream must where they are wanted. */
  readonly images?: boolean | undefined;
  /** Reads every byte in large pieces instead of hopping: for a far source whose images are wanted anyway. */
  readonly sequential?: boolean | undefined;
  /** Where the first header lies, 0 where it is left out. */
  readonly start?: number | undefined;
}

/**
 * The pairs of a shard, in the order in which they are complete.
 * @param shard a source, whose images are hopped over, or a stream of bytes
 * @throws CorpusError at the first problem, unless `onProblem` takes them
 * @example for await (const pair of shardPairs(source, { shard: "one.tar" })) console.log(pair.stem, pair.image.size);
 */
export async function* shardPairs(
  shard: ByteSource | AsyncIterable<Uint8Array>,
  options: PairOptions,
): AsyncGenerator<ShardPair, void, undefined> {
  const { onProblem = throwProblem, signal } = options;
  for await (const batch of pairBatches(shard, options))
    for (const pair of batch) {
      signal?.throwIfAborted();
      if ("kind" in pair) onProblem(pair);
      else yield pair;
    }
}

/**
 * Pairs and problems in their order, in batches as the tar reader gives them: a step of an asynchronous loop costs as
 * much as a record.
 */
export async function* pairBatches(
  shard: ByteSource | AsyncIterable<Uint8Array>,
  options: PairOptions,
): AsyncGenerator<readonly (ShardPair | CorpusProblem)[], void, undefined> {
  const { signal, images = false, sequential, start } = options;
  const wantsData = (name: string, size: number) => {
    const kind = kindOf(name);
    return kind === "json" ? size <= MAX_JSON_BYTES : images && kind !== undefined && size <= MAX_IMAGE_BYTES;
  };
  const found: (ShardPair | CorpusProblem)[] = [];
  const pairing = new Pairing(options.shard, (problem) => found.push(problem));
  for await (const batch of tarFindings(shard, { signal, wantsData, sequential, start })) {
    for (const finding of batch) {
      const pair = pairing.add(finding);
      if (pair !== undefined) found.push(pair);
    }
    yield found.splice(0);
  }
  pairing.end();
  yield found;
}

/** Half a pair. */
interface Half {
  readonly stem: string;
  readonly kind: "json" | "jpg" | "png" | undefined;
  readonly entry: TarEntry;
}

class Pairing {
  readonly #shard: string;
  readonly #tell: ProblemTaker;
  /** The half that came last, if it has no other yet. */
  #last: Half | undefined;
  readonly #waiting = new Map<string, Half>();
  #waitingBytes = 0;

  constructor(shard: string, tell: ProblemTaker) {
    this.#shard = shard;
    this.#tell = tell;
  }

  /** Takes what comes next; returns the pair that it completes. */
  add(finding: TarFinding): ShardPair | undefined {
    if (isDamage(finding)) {
      const { kind, offset, name, expected, found } = finding;
      this.#tell({ shard: this.#shard, offset, key: keyOf(stemOf(name)), kind, expected, found });
      return undefined;
    }
    if (finding.type === "directory") return undefined;
    const { name, type } = finding;
    const kind = kindOf(name);
    const half: Half = { stem: stemOf(name), kind, entry: finding };
    if (name.length > MAX_NAME_BYTES)
      return this.#problem(
        half,
        "name-too-long",
        `a name of at most ${MAX_NAME_BYTES} bytes`,
        `${name.length}`,
      );
    if (type !== "file" || kind === undefined)
      return this.#problem(half, "unsupported-entry", "a .json, .jpg, .jpeg or .png file", whatIs(finding));
    // nearly always the other half is right before this one, and need not have waited among the others
    const last = this.#last;
    if (last?.stem === half.stem && (last.kind === "json") !== (kind === "json")) {
      this.#last = undefined;
      return this.#pair(last, half);
    }
    if (last !== undefined) this.#keep(last);
    this.#last = undefined;
    const other = this.#waiting.get(half.stem);
    if (other !== undefined && (other.kind === "json") !== (kind === "json")) {
      this.#take(other);
      return this.#pair(other, half);
    }
    this.#last = half;
    return undefined;
  }

  /** Lets a half wait among the others; the oldest ones are given up where there are too many. */
  #keep(half: Half): void {
    const twin = this.#waiting.get(half.stem);
    if (twin !== undefined) {
      this.#take(twin);
      this.#lonely(twin);
    }
    this.#waiting.set(half.stem, half);
    this.#waitingBytes += half.entry.data?.length ?? 0;
    while (
      this.#waiting.size > MAX_UNPAIRED ||
      (this.#waitingBytes > MAX_WAITING_BYTES && this.#waiting.size > 1)
    )
      this.#giveUpOldest();
  }

  /** Gives up all halves that still wait. */
  end(): void {
    if (this.#last !== undefined) this.#keep(this.#last);
    while (this.#waiting.size > 0) this.#giveUpOldest();
  }

  #giveUpOldest(): void {
    const [oldest] = this.#waiting.values();
    if (oldest === undefined) return;
    this.#take(oldest);
    this.#lonely(oldest);
  }

  #take(half: Half): void {
    this.#waiting.delete(half.stem);
    this.#waitingBytes -= half.entry.data?.length ?? 0;
  }

  #lonely(half: Half): void {
    if (half.kind === "json") this.#problem(half, "json-without-image", "an image of the same name", "none");
    else this.#problem(half, "image-without-json", "a JSON of the same name", "none");
  }

  #pair(one: Half, other: Half): ShardPair | undefined {
    const [json, image] = one.kind === "json" ? [one, other] : [other, one];
    const { size, data } = json.entry;
    if (data === undefined)
      return this.#problem(json, "json-too-large", `a JSON of at most ${MAX_JSON_BYTES} bytes`, String(size));
    if (image.entry.size > MAX_IMAGE_BYTES) {
      const needed = `an image of at most ${MAX_IMAGE_BYTES} bytes`;
      return this.#problem(image, "image-too-large", needed, String(image.entry.size));
    }
    if (image.entry.size === 0)
      return this.#problem(image, "image-unreadable", "a JPEG or PNG picture", "an empty file");
    const text = textOf(data);
    if (text === undefined)
      return this.#problem(
        json,
        "json-not-utf8",
        "JSON in UTF-8",
        shown(Buffer.from(data).toString("latin1")),
      );
    if (text.startsWith("\ufeff"))
      return this.#problem(json, "byte-order-mark", "JSON from its first byte on", "a byte-order mark");
    try {
      return {
        stem: json.stem,
        json: JSON.parse(text),
        jsonOffset: json.entry.headerOffset,
        image: image.entry,
        imageExtension: image.kind === "png" ? "png" : "jpg",
      };
    } catch {
      return this.#problem(json, "json-broken", "JSON", shown(text));
    }
  }

  #problem(half: Half, kind: CorpusProblem["kind"], expected: string, found: string): undefined {
    const offset = half.entry.headerOffset;
    this.#tell({ shard: this.#shard, offset, key: keyOf(half.stem), kind, expected, found });
  }
}

/** The name of a record that a stem is: without the folders before it. */
export function keyOf(stem: string): string {
  const key = stem.slice(stem.lastIndexOf("/") + 1);
  return key.length > MAX_NAME_BYTES ? key.slice(0, MAX_NAME_BYTES) : key;
}

/** The name up to its last dot. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot === -1 ? name : name.slice(0, dot);
}

/** What a name's extension says; undefined where it is another. */
export function kindOf(name: string): "json" | "jpg" | "png" | undefined {
  switch (name.slice(name.lastIndexOf(".")).toLowerCase()) {
    case ".json":
      return "json";
    case ".jpg":
    case ".jpeg":
      return "jpg";
    case ".png":
      return "png";
    default:
      return undefined;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function whatIs({ name, type, typeFlag }: TarEntry): string {
  const what = type === "other" ? `an entry of type ${shown(typeFlag)}` : `a ${type}`;
  return `${what} named ${shown(name)}`;
}
