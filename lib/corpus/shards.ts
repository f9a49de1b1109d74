/**
 * Finds the shards of a corpus and chooses among them: by split, by tier, by number.
 *
 * The paper's section 2.5: tiers are nested prefixes of the train shards, 80, 800 and 8,000 of them; the data card
 * gives the names and the 32 val and 128 test shards. The sample has 1, 3 and 8 train shards in the same manner.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type ByteSource, openFileSource } from "../io/index.js";
import { type Split, splits, type Tier } from "./image-record.js";

/** One tar of a corpus. */
export interface Shard {
  /** Name below the corpus, with slashes: "train/gpic_train_00000.tar". */
  readonly name: string;
  /** Where it lies on this machine; absent where it lies on the Hub. */
  readonly path?: string;
  /** The split and number that its name says; absent where the name is not the release's. */
  readonly split?: Split;
  readonly number?: number;
  readonly sizeBytes: number;
  /** The SHA-256 that the Hub's listing gives it, 64 hexadecimal digits; absent for local shards. */
  readonly sha256?: string;
  /**
   * Opens it for reading by ranges; whoever opens it closes it.
   * @param options.readAhead false for reads that jump: a far shard then fetches what is asked for and no more
   */
  open(options?: { readonly readAhead?: boolean }): Promise<ByteSource>;
  /** Its bytes in one pass, stored nowhere; throws at the end where they have not the shard's hash. Absent where it lies on this machine. */
  stream?(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

/** What part of a corpus is meant. */
export interface ShardChoice {
  /** A nested part of train: only its shards are read. */
  readonly tier?: Tier | undefined;
  readonly split?: Split | undefined;
  /** Numbers of shards within their split: "0-3", "0,4,7-9". */
  readonly shards?: string | undefined;
}

/** Shards that each part of the release has, as its data card says. */
export const releaseShards: { readonly [part in Tier | "val" | "test"]: number } = {
  nano: 80,
  lite: 800,
  full: 8000,
  val: 32,
  test: 128,
};
/** Train shards that each tier of the sample has. */
export const sampleTierShards: { readonly [tier in Tier]: number } = { nano: 1, lite: 3, full: 8 };

/**
 * The shards of a folder that is laid out as the release: train/, val/ and test/ with gpic_{split}_NNNNN.tar.
 * @throws Error where the folder holds none
 */
export function findShards(folder: string): Shard[] {
  const found = splits.flatMap((split) => {
    const inside = join(folder, split);
    if (!existsSync(inside)) return [];
    return readdirSync(inside)
      .filter((file) => splitOf(file) === split)
      .sort()
      .map((file) => shardAt(join(inside, file), `${split}/${file}`));
  });
  if (found.length === 0)
    throw new Error(
      `Cannot open the corpus ${folder}: train/, val/ or test/ with gpic_{split}_NNNNN.tar is needed, got none of them`,
    );
  return found;
}

/** The one shard that a tar file is. */
export function shardAt(path: string, name: string = basename(path)): Shard {
  const match = /^gpic_(train|val|test)_(\d{5})\.tar$/.exec(basename(path));
  const sizeBytes = statSync(path).size;
  const open = () => openFileSource(path);
  if (match === null) return { name, path, sizeBytes, open };
  return { name, path, sizeBytes, open, split: match[1] as Split, number: Number(match[2]) };
}

/**
 * The shards that a choice leaves, in their order.
 * @param tierShards how many train shards each tier has
 * @throws RangeError where the choice contradicts itself or leaves nothing
 */
export function chooseShards(
  shards: readonly Shard[],
  choice: ShardChoice,
  tierShards: { readonly [tier in Tier]: number },
): Shard[] {
  const { tier, split } = choice;
  if (tier !== undefined && !Object.hasOwn(tierShards, tier))
    throw new RangeError(`Cannot choose shards: the tier is nano, lite or full, got ${JSON.stringify(tier)}`);
  if (split !== undefined && !splits.includes(split))
    throw new RangeError(
      `Cannot choose shards: the split is train, val or test, got ${JSON.stringify(split)}`,
    );
  if (tier !== undefined && split !== undefined && split !== "train")
    throw new RangeError(
      `Cannot choose shards: tiers are parts of train, got tier ${tier} with split ${split}`,
    );
  const numbers = choice.shards === undefined ? undefined : parseShardNumbers(choice.shards);
  const wanted = tier === undefined ? split : "train";
  const chosen = shards.filter(
    (shard) =>
      (wanted === undefined || shard.split === wanted) &&
      (tier === undefined || (shard.number ?? Number.POSITIVE_INFINITY) < tierShards[tier]) &&
      (numbers === undefined || (shard.number !== undefined && numbers(shard.number))),
  );
  if (chosen.length === 0)
    throw new RangeError(
      `Cannot choose shards: at least one of the ${shards.length} there must fit, got ${JSON.stringify({ tier, split, shards: choice.shards })}`,
    );
  return chosen;
}

/**
 * A test for numbers of shards.
 * @param text numbers and ranges, both ends counted: "0-3", "0,4,7-9"
 * @throws SyntaxError where the text is neither
 * @example parseShardNumbers("0-3,7")(3) // true
 */
export function parseShardNumbers(text: string): (number: number) => boolean {
  const ranges = text.split(",").map((part) => {
    const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || last < first)
      throw new SyntaxError(
        `Cannot choose shards: numbers such as "0-3" or "0,4,7-9" are needed, got "${text}"`,
      );
    return [first, last] as const;
  });
  return (number) => ranges.some(([first, last]) => first <= number && number <= last);
}

function splitOf(file: string): string | undefined {
  return /^gpic_(train|val|test)_\d{5}\.tar$/.exec(file)?.[1];
}
