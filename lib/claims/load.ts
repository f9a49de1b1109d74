/** Reads `data/paper/`: claims by part of the paper, tables that stay tables and give one claim a cell. */
import { readdirSync, readFileSync } from "node:fs";
import { packageFile } from "../io/index.js";
import { Claim } from "./claim.js";
import { formatValue } from "./format.js";
import type { ClaimRecord, ClaimValue } from "./record.js";
import { readJson } from "./sources.js";
import { type ClaimTable, expandTable, parseCsv } from "./table.js";

/** A file of `data/paper/`: what its claims share, then what differs. */
interface ClaimFile extends Pick<ClaimRecord, "part" | "source" | "place" | "on" | "test"> {
  readonly title: string;
  readonly claims: readonly (Partial<ClaimRecord> & { readonly id: string; readonly unit?: string | null })[];
  readonly tables?: readonly ClaimTable[];
}

let loaded: ReadonlyMap<string, Claim> | undefined;
let partTitles: ReadonlyMap<string, string> | undefined;

/** The order of the parts in the ledger: that of the paper, then what stands beside it. */
const fileOrder = [
  ..."corpus source-pool filters deduplication captions protocol oracles baseline figure9 backbones".split(
    " ",
  ),
  ..."checks misprints measured-by-others imagenet-t2i leaderboard six-encoders".split(" "),
];
const notClaims = new Set(["silences.json", "sources.json"]);

/**
 * All claims by id, in the order of the paper.
 * @throws SyntaxError or TypeError where a file of `data/paper/` is damaged
 * @example loadClaims().get("corpus/train-images")?.value // 100000000
 */
export function loadClaims(): ReadonlyMap<string, Claim> {
  if (loaded !== undefined) return loaded;
  const claims = new Map<string, Claim>();
  const titles = new Map<string, string>();
  const rank = (name: string): number => fileOrder.indexOf(name.replace(".json", "")) + 1 || 99;
  const names = readdirSync(packageFile("data", "paper"))
    .filter((name) => name.endsWith(".json") && !notClaims.has(name))
    .sort((a, b) => rank(a) - rank(b));
  for (const name of names) {
    const file = readJson<ClaimFile>(name);
    titles.set(file.part, file.title);
    for (const record of recordsOf(file)) {
      if (claims.has(record.id))
        throw new TypeError(`Cannot load claims: ids are unique, got "${record.id}" twice`);
      claims.set(record.id, new Claim(checkRecord(record, name)));
    }
  }
  loaded = claims;
  partTitles = titles;
  return loaded;
}

/**
 * The claim with an id.
 * @throws RangeError where there is none, with the nearest ids
 * @example claim("corpus/val-images").compare(200000, { on: "published numbers" }).kind // "recomputed"
 */
export function claim(id: string): Claim {
  const found = loadClaims().get(id);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot find claim "${String(id).slice(0, 80)}": the nearest ids are ${nearestIds(String(id))
      .map((near) => `"${near}"`)
      .join(", ")}`,
  );
}

/** The heading of a part of the ledger. */
export function partTitle(part: string): string {
  loadClaims();
  return partTitles?.get(part) ?? part;
}

function* recordsOf(file: ClaimFile): Generator<ClaimRecord> {
  const { part, source, place, on, test } = file;
  for (const { unit, ...own } of file.claims) {
    const record = { part, source, place, on, test, ...own, ...(unit ? { unit } : {}) } as ClaimRecord;
    yield { ...record, statement: fill(record.statement, record.value, record.unit) };
  }
  for (const table of file.tables ?? []) {
    const rows =
      table.csv === undefined
        ? (table.rows ?? [])
        : parseCsv(readFileSync(packageFile("data", "paper", table.csv), "utf8"), table);
    yield* expandTable(table, rows, { part, source });
  }
}

function fill(statement: string, value: ClaimValue, unit: string | undefined): string {
  const text = statement.replace("{value}", () => formatValue(value, unit));
  return text.endsWith("..") ? text.slice(0, -1) : text;
}

function checkRecord(record: ClaimRecord, file: string): ClaimRecord {
  const sound =
    typeof record.id === "string" &&
    /^[\w.+/-]+$/.test(record.id) &&
    typeof record.statement === "string" &&
    record.value !== undefined &&
    typeof record.tolerance?.reason === "string" &&
    typeof record.test?.needs === "string" &&
    typeof record.on?.dataset === "string" &&
    (record.value !== null || record.missing !== undefined);
  if (!sound)
    throw new TypeError(
      `Cannot load ${file}: a claim has id, statement, value, tolerance, test and on, got "${record.id}"`,
    );
  return record;
}

function nearestIds(id: string): string[] {
  const grams = (text: string): Set<string> => {
    const padded = ` ${text.toLowerCase().slice(0, 200)} `;
    return new Set(Array.from({ length: padded.length - 1 }, (_, i) => padded.slice(i, i + 2)));
  };
  const wanted = grams(id);
  const score = (candidate: string): number => {
    const own = grams(candidate);
    const shared = [...own].filter((gram) => wanted.has(gram)).length;
    return (2 * shared) / (own.size + wanted.size);
  };
  return [...loadClaims().keys()]
    .map((candidate) => ({ candidate, score: score(candidate) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
