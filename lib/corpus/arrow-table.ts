/** A result of DuckDB as a table of Arrow; the rules for each type are those of `arrow-column.ts`. */
import type { DuckDBResult, DuckDBValue } from "@duckdb/node-api";
import { type Data, Field, makeData, RecordBatch, Schema, Struct, Table } from "apache-arrow";
import { arrowData } from "./arrow-column.js";

/**
 * Reads a result to its end.
 * @param result a streaming one, so that its rows are in memory once
 * @param signal stops between two chunks
 * @returns a table of one batch; columns of the same name are told apart by a number
 */
export async function arrowTable(result: DuckDBResult, signal?: AbortSignal): Promise<Table> {
  for await (const table of arrowTables(result, Number.POSITIVE_INFINITY, signal)) return table;
  const none = result.columnTypes().map((): DuckDBValue[] => []);
  return tableOf(result, none, 0);
}

/**
 * Reads a result piece by piece, so that no more than a piece is in memory.
 * @param rows a piece ends with the chunk of DuckDB in which it reaches this many
 * @param signal stops between two chunks
 */
export async function* arrowTables(
  result: DuckDBResult,
  rows: number,
  signal?: AbortSignal,
): AsyncGenerator<Table, void, undefined> {
  const empty = (): DuckDBValue[][] => result.columnTypes().map(() => []);
  let columns = empty();
  let held = 0;
  for (;;) {
    signal?.throwIfAborted();
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    held += chunk.rowCount;
    chunk.appendToColumns(columns);
    if (held < rows) continue;
    yield tableOf(result, columns, held);
    columns = empty();
    held = 0;
  }
  if (held > 0) yield tableOf(result, columns, held);
}

function tableOf(result: DuckDBResult, columns: DuckDBValue[][], rows: number): Table {
  const names = result.deduplicatedColumnNames();
  const children: Data[] = [];
  for (const [at, type] of result.columnTypes().entries()) {
    children.push(arrowData(type, columns[at]!));
    columns[at] = []; // the values may go as soon as Arrow has them
  }
  const fields = children.map((child, at) => new Field(names[at]!, child.type, true));
  const schema = new Schema(fields);
  const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
  return new Table([new RecordBatch(schema, data as never)]);
}
