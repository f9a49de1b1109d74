/**
 * Answers SQL over the Parquet files of an index, and can do nothing else.
 *
 * DuckDB is told which files it may read, then shut off from every other, from extensions and from changes of its
 * settings; one SELECT a call is taken, so that no query writes. Values go in as parameters, never as
 * text of the SQL.
 */
import { randomUUID } from "node:crypto";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  DuckDBTimestampValue,
  type DuckDBValue,
  listValue,
  StatementType,
} from "@duckdb/node-api";
import type { Table } from "apache-arrow";
import { arrowTable, arrowTables } from "./arrow-table.js";
import type { QueryParameters, QueryValue } from "./index-types.js";
import { sqlList } from "./sql-text.js";

/** DuckDB may hold a quarter of the machine's memory: the kernel, its cells and a browser want theirs; more goes to temporary files. */
const MEMORY_SHARE = 0.25;
const LEAST_MEMORY_BYTES = 512 << 20;
/** Rows of one table of `batches`: some megabytes of captions and credits. */
const BATCH_ROWS = 8192;

/** A query that cannot be answered, in one line. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  constructor(what: string) {
    super(`Cannot answer the query: ${what}`);
  }
}

/** A view, and what it reads. */
export interface View {
  readonly name: string;
  /** Its SELECT. */
  readonly sql: string;
}

/** A DuckDB that can read some files, and nothing else. */
export class QuerySession {
  readonly #instance: DuckDBInstance;
  #closed = false;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /**
   * @param files all that may be read
   * @param views made before the door is shut
   */
  static async open(files: readonly string[], views: readonly View[]): Promise<QuerySession> {
    const memory = Math.max(LEAST_MEMORY_BYTES, Math.round(totalmem() * MEMORY_SHARE));
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${memory}B`,
      temp_directory: join(tmpdir(), `gpic-lab-query-${randomUUID()}`),
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    try {
      for (const { name, sql } of views) await connection.run(`CREATE VIEW ${name} AS ${sql}`);
      await connection.run("SET parquet_metadata_cache = true");
      await connection.run(`SET allowed_paths = ${sqlList(files)}`);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET lock_configuration = true");
    } finally {
      connection.closeSync();
    }
    return new QuerySession(instance);
  }

  /**
   * The answer to one SELECT.
   * @throws QueryError in one line; the signal's reason where it was stopped
   */
  async query(sql: string, parameters: QueryParameters = [], signal?: AbortSignal): Promise<Table> {
    const connection = await this.#connect(sql, signal);
    try {
      return await answering(connection, signal, async () =>
        arrowTable(await start(connection, sql, parameters), signal),
      );
    } finally {
      connection.closeSync();
    }
  }

  /**
   * The same answer in tables of some thousand rows each, in their order, in the memory of one.
   * @throws as `query` does, at the first row
   */
  async *batches(
    sql: string,
    parameters: QueryParameters = [],
    signal?: AbortSignal,
  ): AsyncGenerator<Table, void, undefined> {
    const connection = await this.#connect(sql, signal);
    try {
      const tables = await answering(connection, signal, async () =>
        arrowTables(await start(connection, sql, parameters), BATCH_ROWS, signal),
      );
      for (;;) {
        const next = await answering(connection, signal, () => tables.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      connection.closeSync();
    }
  }

  async #connect(sql: string, signal: AbortSignal | undefined): Promise<DuckDBConnection> {
    if (this.#closed) throw new QueryError("an open index is needed, got one that was closed");
    if (typeof sql !== "string")
      throw new TypeError(`Cannot answer the query: SQL is text, got ${typeof sql}`);
    signal?.throwIfAborted();
    return this.#instance.connect();
  }

  /** Frees the memory; asking afterwards is an error. */
  close(): void {
    if (!this.#closed) this.#instance.closeSync();
    this.#closed = true;
  }
}

/** Does a piece of work that the signal interrupts, and says in one line what went wrong. */
async function answering<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const interrupt = () => connection.interrupt();
  signal?.addEventListener("abort", interrupt);
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof QueryError || error instanceof RangeError
      ? error
      : new QueryError(firstWords(error));
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}

async function start(
  connection: DuckDBConnection,
  sql: string,
  parameters: QueryParameters,
): Promise<DuckDBResult> {
  const statement = await prepare(connection, sql);
  bind(statement, parameters);
  return statement.stream();
}

async function prepare(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  if (sql.includes("\0")) throw new QueryError("SQL without NUL characters is needed, got one");
  const parts = /[^\s;]/.test(sql) ? await connection.extractStatements(sql) : { count: 0 };
  if (!("prepare" in parts) || parts.count !== 1)
    throw new QueryError(`one SELECT is needed, got ${parts.count} statements`);
  const statement = await parts.prepare(0);
  const type = statement.statementType;
  // no EXPLAIN: with ANALYZE it runs what it explains, and that may be a write
  if (type === StatementType.SELECT) return statement;
  throw new QueryError(
    `a SELECT is needed, as an index is only read, got ${StatementType[type] ?? "another"}`,
  );
}

function bind(statement: DuckDBPreparedStatement, parameters: QueryParameters): void {
  const names = Array.from({ length: statement.parameterCount }, (_, at) => statement.parameterName(at + 1));
  const given: { readonly [name: string]: QueryValue } = Array.isArray(parameters)
    ? Object.fromEntries(parameters.map((value, at) => [String(at + 1), value]))
    : (parameters as { readonly [name: string]: QueryValue });
  const missing = names.find((name) => !Object.hasOwn(given, name));
  const surplus = Object.keys(given).find((name) => !names.includes(name));
  if (missing !== undefined) throw new QueryError(`a value for $${missing} is needed, got none`);
  if (surplus !== undefined)
    throw new QueryError(`values for its ${names.length} parameters are needed, got one for $${surplus} too`);
  for (const name of names)
    statement.bindValue(statement.parameterIndex(name), duckdbValue(name, given[name]));
}

function duckdbValue(name: string, value: QueryValue | undefined): DuckDBValue {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "bigint")
    return value;
  if (typeof value === "number")
    return Number.isSafeInteger(value) && Math.abs(value) > 0x7fffffff ? BigInt(value) : value;
  if (value instanceof Date) return new DuckDBTimestampValue(BigInt(value.getTime()) * 1000n);
  if (Array.isArray(value)) return listValue(value.map((item) => duckdbValue(name, item)));
  throw new QueryError(
    `$${name} is text, a number, a boolean, a Date, null or a list of them, got ${value === undefined ? "nothing" : typeof value}`,
  );
}

/** DuckDB's message without its picture of the place, in one line. */
function firstWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^Failed to (?:extract|prepare) statements?: /, "")
    .replace(/\n+LINE \d+:[\s\S]*$/, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
}
