/** The truth about the pool: what each record is, and what curation should do with it. */
import type { CsvRow } from "./csv.js";

/** Columns of `truth.csv`. */
export const truthColumns: readonly string[] = [
  "key",
  "shard",
  "kind",
  "source_key",
  "source_file",
  "parameters",
  "leaves_at",
  "duplicate_of",
  "release_key",
];

/** Where a record leaves the way from pool to release, in the paper's order; "" for those that stay. */
export type Stage = "licence" | "aspect" | "size" | "quality" | "duplicate" | "";

/** What is known of one record of the pool. */
export interface Truth {
  readonly key: string;
  /** "photograph", or the kind of alteration. */
  readonly kind: string;
  /** The photograph it was made of; its own key for a photograph. */
  readonly sourceKey: string;
  readonly sourceFile: string;
  readonly parameters: string;
  readonly leavesAt: Stage;
  /** The record whose copy it is, whether or not another stage takes it out first; "" where there is none. */
  readonly duplicateOf: string;
}

/** What was found by looking at the photographs: faults and copies that their packages brought along. */
export const judgedByEye: {
  readonly [file: string]: {
    readonly leavesAt: Stage;
    readonly duplicateOf?: string;
    /** A fault of quality, by the pool's own word for it. */
    readonly fault?: string;
  };
} = {
  "permissive/lakeside-cliff-grey.png": {
    leavesAt: "duplicate",
    duplicateOf: "permissive/lakeside-cliff.png",
  },
  "permissive/pink-tulips-alpha.png": { leavesAt: "duplicate", duplicateOf: "permissive/pink-tulips.png" },
  "permissive/motion-blurred-clock.png": { leavesAt: "quality", fault: "blurred" },
};

/** Whether a licence is one of the paper's four categories (section 2.1), by the names that the pool has. */
export function isPermissive(license: string): boolean {
  return /^(CC BY \d\.\d|CC0 1\.0|Public Domain Mark 1\.0|No known copyright restrictions)$/.test(license);
}

/** A truth as a row of the table. */
export function truthRow(truth: Truth, shard: string, releaseKey: string): CsvRow {
  return {
    key: truth.key,
    shard,
    kind: truth.kind,
    source_key: truth.sourceKey,
    source_file: truth.sourceFile,
    parameters: truth.parameters,
    leaves_at: truth.leavesAt,
    duplicate_of: truth.duplicateOf,
    release_key: releaseKey,
  };
}
