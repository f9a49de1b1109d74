/** Puts each JSON of a shard together with its image, whichever comes first, and tells what belongs to no pair. */
import { isDamage, TAR_LOOK_BACK_BYTES, type TarEntry, type TarFinding } from "../io/index.js";
import { keyOf, kindOf, MAX_NAME_BYTES, stemOf } from "./entry-names.js";
import { type CorpusProblem, type ProblemTaker, shown } from "./problems.js";

/** Largest JSON that is read: the release's are some kilobytes, and a wrong size must not fill the memory. */
export const MAX_JSON_BYTES: number = 1 << 20;
/** Largest image: a camera's largest JPEG has some 40 MiB, and what is decoded later must fit into memory. */
export const MAX_IMAGE_BYTES: number = TAR_LOOK_BACK_BYTES;
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

/** Half a pair. */
interface Half {
  readonly stem: string;
  readonly kind: "json" | "jpg" | "png" | undefined;
  readonly entry: TarEntry;
}

/** Puts halves together as they come. */
export class Pairing {
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
    if (3 * name.length > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES)
      return this.#problem(
        half,
        "name-too-long",
        `a name of at most ${MAX_NAME_BYTES} bytes`,
        `${Buffer.byteLength(name)}`,
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
