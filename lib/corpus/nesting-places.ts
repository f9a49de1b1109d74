/** The shards of a check of nesting: what each name says of its records, and how many there were. */
import { type Split, type Tier, tiers } from "./image-record.js";

/** Counts of a tier: records that name it, and records in the shards that are its prefix. Equal where all is well. */
export interface TierCount {
  readonly tier: Tier;
  readonly shards: number;
  readonly images: number;
  readonly imagesOfPrefix: number;
}

/** Counts of a split: records, and different keys of it that no split before had. */
export interface SplitCount {
  readonly split: Split;
  readonly shards: number;
  readonly images: number;
  readonly newKeys: number;
}

/** One shard as its name says it, with its counts. */
export interface Place {
  readonly index: number;
  readonly shard: string;
  readonly part: Split | undefined;
  readonly number: number;
  /** Names of the tiers that its records must name, sorted. */
  readonly tiers: string;
  images: number;
  newKeys: number;
}

/** The shards that were seen, in the order in which they came. */
export class Places {
  readonly list: Place[] = [];
  readonly named: { [tier in Tier]: number } = { nano: 0, lite: 0, full: 0 };
  readonly #byName = new Map<string, Place>();
  readonly #tierShards: { readonly [tier in Tier]: number };

  constructor(tierShards: { readonly [tier in Tier]: number }) {
    this.#tierShards = tierShards;
  }

  /** The place of a shard's name, and whether it was not seen before. */
  of(shard: string): { readonly place: Place; readonly isNew: boolean } {
    const known = this.#byName.get(shard);
    if (known !== undefined) return { place: known, isNew: false };
    const match = /(?:^|\/)gpic_(train|val|test)_(\d{5})\.tar$/.exec(shard);
    const part = match?.[1] as Split | undefined;
    const number = Number(match?.[2] ?? Number.NaN);
    const expected = part === "train" ? tiers.filter((tier) => number < this.#tierShards[tier]) : [];
    const place: Place = {
      ...{ index: this.list.length, shard, part, number, images: 0, newKeys: 0 },
      tiers: [...expected].sort().join(", "),
    };
    this.list.push(place);
    this.#byName.set(shard, place);
    return { place, isNew: true };
  }

  /** Counts of a tier's records. */
  tierCount(tier: Tier): TierCount {
    const prefix = this.list.filter(
      ({ part, number }) => part === "train" && number < this.#tierShards[tier],
    );
    return {
      tier,
      shards: prefix.length,
      images: this.named[tier],
      imagesOfPrefix: prefix.reduce((sum, { images }) => sum + images, 0),
    };
  }

  /** Counts of a split's records. */
  splitCount(split: Split): SplitCount {
    const own = this.list.filter(({ part }) => part === split);
    const sum = (of: (place: Place) => number): number => own.reduce((total, place) => total + of(place), 0);
    return {
      split,
      shards: own.length,
      images: sum(({ images }) => images),
      newKeys: sum(({ newKeys }) => newKeys),
    };
  }
}
