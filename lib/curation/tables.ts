/** The tables of decisions: a Parquet for each stage, with a row for each image that reached it. */
import { join } from "node:path";
import type { CaptionType, Split } from "../corpus/index.js";
import { createTableFile, type TableColumn, type TableFile } from "../io/index.js";
import type { Licence } from "../licences/index.js";
import type { PoolProblem } from "./pool.js";
import { readTable, type TableRow } from "./read-table.js";

/** What becomes of an image at a stage; "undecided": a model was asked and gave no verdict. */
export type CurationOutcome = "kept" | "dropped" | "undecided";

/** What each row says. */
interface Decided {
  readonly key: string;
  readonly outcome: CurationOutcome;
  /** Why it does not pass; "" where it does. */
  readonly reason: string;
}

/** A row of `records`. */
export interface RecordDecision extends Decided {
  readonly shard: string;
}

/** A row of `licences`. */
export interface LicenceDecision extends Decided {
  readonly license: string;
  readonly licence: Licence;
}

/** A row of `exact-duplicates` and `near-duplicates`. */
export interface CopyDecision extends Decided {
  /** The image that stays for it; "" where it stays itself. */
  readonly keptKey: string;
  readonly similarity: number | null;
  /** Removed images between the two. */
  readonly via: readonly string[];
  readonly bytesSha256: string;
  readonly pixelsSha256: string;
}

/** A row of `captions`. */
export interface CaptionDecision extends Decided {
  /** Undefined where there is none. */
  readonly captionType: CaptionType | undefined;
  readonly caption: string;
  /** "pool", or the model that wrote it. */
  readonly source: string;
  /** Rules of its type that it breaks; of a model's, those that are only preferred. */
  readonly broken: readonly string[];
  readonly message: string;
}

/** A row of `splits`. */
export interface SplitDecision {
  readonly key: string;
  /** SHA-256 of the picture's bytes. */
  readonly releaseKey: string;
  readonly split: Split;
  readonly shard: string;
}

const decided: readonly TableColumn<Decided>[] = [
  ["key", "VARCHAR", ({ key }) => key],
  ["outcome", "VARCHAR", ({ outcome }) => outcome],
  ["reason", "VARCHAR", ({ reason }) => reason],
];

const RECORDS: readonly TableColumn<RecordDecision>[] = [
  ...decided,
  ["shard", "VARCHAR", ({ shard }) => shard],
];

/** All that is wrong in the pool's shards, whether or not it costs an image. */
const PROBLEMS: readonly TableColumn<PoolProblem>[] = [
  ["key", "VARCHAR", ({ key }) => key],
  ["shard", "VARCHAR", ({ shard }) => shard],
  ["offset", "DOUBLE", ({ offset }) => offset],
  ["reason", "VARCHAR", ({ reason }) => reason],
  ["message", "VARCHAR", ({ message }) => message],
];

const LICENCES: readonly TableColumn<LicenceDecision>[] = [
  ...decided,
  ["license", "VARCHAR", ({ license }) => license],
  ["spdx", "VARCHAR", ({ licence }) => licence.spdx ?? ""],
  ["category", "VARCHAR", ({ licence }) => licence.category],
  ["why", "VARCHAR", ({ licence }) => licence.reason],
];

const COPIES: readonly TableColumn<CopyDecision>[] = [
  ...decided,
  ["kept_key", "VARCHAR", ({ keptKey }) => keptKey],
  ["similarity", "DOUBLE", ({ similarity }) => similarity],
  ["via", "VARCHAR", ({ via }) => via.join(" ")],
  ["bytes_sha256", "VARCHAR", ({ bytesSha256 }) => bytesSha256],
  ["pixels_sha256", "VARCHAR", ({ pixelsSha256 }) => pixelsSha256],
];

const REVIEW: readonly TableColumn<Decided>[] = decided;

const CAPTIONS: readonly TableColumn<CaptionDecision>[] = [
  ...decided,
  ["caption_type", "VARCHAR", ({ captionType }) => captionType ?? ""],
  ["caption", "VARCHAR", ({ caption }) => caption],
  ["source", "VARCHAR", ({ source }) => source],
  ["broken", "VARCHAR", ({ broken }) => broken.map((rule) => rule.replaceAll(" ", "-")).join(" ")],
  ["message", "VARCHAR", ({ message }) => message],
];

const SPLITS: readonly TableColumn<SplitDecision>[] = [
  ["key", "VARCHAR", ({ key }) => key],
  ["release_key", "VARCHAR", ({ releaseKey }) => releaseKey],
  ["split", "VARCHAR", ({ split }) => split],
  ["shard", "VARCHAR", ({ shard }) => shard],
];

const TABLES = {
  ...{
    problems: PROBLEMS,
    records: RECORDS,
    licences: LICENCES,
    "exact-duplicates": COPIES,
    "near-duplicates": COPIES,
  },
  ...{ review: REVIEW, captions: CAPTIONS, splits: SPLITS },
};

type Tables = typeof TABLES;
/** The name of a table of decisions. */
export type DecisionTable = keyof Tables | "filters";
type RowOf<Name extends keyof Tables> = Tables[Name] extends readonly TableColumn<infer Row>[] ? Row : never;

/** The tables of a release by their names below it; the filters' has its columns from `filters`. */
export const tableNames: readonly string[] = [...Object.keys(TABLES), "filters"].sort().map(tableName);

function tableName(stage: string): string {
  return `decisions/${stage}.parquet`;
}

/** The path of a stage's table. */
export function tablePath(out: string, stage: string): string {
  return join(out, tableName(stage));
}

/**
 * What a release's table of a stage says.
 * @param out the release's folder
 * @param stage "filters", or a stage with its words joined: "near-duplicates"; "splits"
 * @returns a row for each image that reached the stage, in the order of the pool
 * @throws Error where there is no such table
 * @example (await readDecisions("release", "licences")).filter(({ outcome }) => outcome === "dropped")
 */
export function readDecisions(out: string, stage: DecisionTable): Promise<TableRow[]> {
  return readTable(tablePath(out, stage));
}

/** Writes a stage's table: the same bytes for the same rows. */
export async function writeDecisions<Name extends keyof Tables>(
  out: string,
  name: Name,
  rows: Iterable<RowOf<Name>>,
): Promise<void> {
  const columns = TABLES[name] as unknown as readonly TableColumn<RowOf<Name>>[];
  await fillTable(await createTableFile(tablePath(out, name), columns, "decisions"), rows);
}

/** Writes rows into a table and gives it its name. */
export async function fillTable<Row>(
  file: TableFile<Row>,
  rows: Iterable<Row> | AsyncIterable<Row>,
): Promise<void> {
  try {
    for await (const row of rows) await file.add(row);
    await file.finish();
  } finally {
    await file.discard();
  }
}
