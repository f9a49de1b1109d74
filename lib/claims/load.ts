/** Reads the claims, checks and silences that the package carries in `data/paper/`. */
import { readdirSync, readFileSync } from "node:fs";
import { packageFile } from "../io/index.js";
import { Claim } from "./claim.js";
import type { ClaimRecord, ClaimSubject, Tolerance } from "./record.js";

/** A question that the paper leaves open, and the choice that this project made, where it had to. */
export interface Silence {
  readonly id: string;
  readonly question: string;
  readonly choice: string | null;
}

/** A computed check: the number of the check and the part of it, as `C6/mean-pixels`. */
export type CheckResults = Readonly<Record<string, () => number | boolean>>;

/** What a check ought to give: the reading of the paper's own numbers. */
export interface CheckReading {
  readonly id: string;
  readonly statement: string;
  readonly value: number | string | boolean | readonly number[];
  readonly unit?: string;
  readonly tolerance?: Tolerance;
  /** What it takes where it is not computed here. */
  readonly needs?: string;
}

/** A misprint: what an article about the paper says, and the claim that it is held against. */
export interface MisprintRecord extends ClaimRecord {
  readonly against?: string;
  readonly againstKeys?: string;
}

interface PaperTable {
  readonly place: string;
  readonly source: string;
  readonly needs: string;
  readonly on: ClaimSubject;
  readonly keys: readonly string[];
  readonly columns: readonly {
    readonly name: string;
    readonly decimals: number;
    readonly statement: string;
  }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

interface PaperFile {
  readonly part: string;
  readonly claims?: readonly MisprintRecord[];
  readonly table?: PaperTable;
  readonly checks?: readonly CheckReading[];
  readonly silences?: readonly Silence[];
}

/** Everything in `data/paper/`. */
export interface Paper {
  readonly claims: ReadonlyMap<string, Claim>;
  readonly readings: ReadonlyMap<string, CheckReading>;
  readonly misprints: readonly MisprintRecord[];
  readonly silences: readonly Silence[];
}

let loaded: Paper | undefined;

/** Reads `data/paper/` once. */
export function loadPaper(): Paper {
  loaded ??= readPaper();
  return loaded;
}

function readPaper(): Paper {
  const folder = packageFile("data", "paper");
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(packageFile("data", "paper", name), "utf8")) as PaperFile);
  const claims = new Map<string, Claim>();
  const add = (record: ClaimRecord) => {
    if (claims.has(record.id)) throw new Error(`Cannot load the claims: ${record.id} is there twice`);
    claims.set(record.id, new Claim(record));
  };
  for (const file of files) {
    for (const record of file.claims ?? []) add(record);
    if (file.table) for (const record of tableClaims(file.part, file.table)) add(record);
  }
  const readings = files.flatMap((file) => file.checks ?? []);
  return {
    claims,
    readings: new Map(readings.map((reading) => [reading.id, reading])),
    misprints: files.filter((file) => file.part === "misprints").flatMap((file) => file.claims ?? []),
    silences: files.flatMap((file) => file.silences ?? []),
  };
}

/** One claim a cell, with the id `table/row key.../column`. */
function* tableClaims(part: string, table: PaperTable): Generator<ClaimRecord> {
  for (const row of table.rows) {
    const keys = row.slice(0, table.keys.length).map(String);
    for (const [i, { name, decimals, statement }] of table.columns.entries()) {
      const value = row[table.keys.length + i] ?? null;
      const tolerance = { absolute: 0.5 * 10 ** -decimals, why: `printed with ${decimals} decimals` };
      yield {
        id: [part, ...keys, name].join("/"),
        place: table.place,
        statement: `${keys.join(", ")}: ${statement}`,
        value,
        ...(typeof value === "number" ? { tolerance } : {}),
        test: { kind: "gpu", needs: table.needs },
        on: table.on,
        source: table.source,
        ...(value === null ? { missing: "the table has no value there" } : {}),
      };
    }
  }
}
