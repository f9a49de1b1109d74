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
  const names = result.deduplicatedColumnNames();
  const types = result.columnTypes();
  const columns: DuckDBValue[][] = names.map(() => []);
  let rows = 0;
  for (;;) {
    signal?.throwIfAborted();
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    rows += chunk.rowCount;
    chunk.appendToColumns(columns);
  }
  const children: Data[] = [];
  for (const [at, type] of types.entries()) {
    children.push(arrowData(type, columns[at]!));
    columns[at] = []; // the values may go as soon as Arrow has them
  }
  const fields = children.map((child, at) => new Field(names[at]!, child.type, true));
  const schema = new Schema(fields);
  const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
  return new Table([new RecordBatch(schema, data as never)]);
}
