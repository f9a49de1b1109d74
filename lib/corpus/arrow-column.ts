/**
 * A column of DuckDB as a column of Arrow.
 *
 * Whoever writes cells wants numbers: BIGINT becomes Float64 where every value of the result is a whole number that
 * float64 holds exactly (below 2^53), and Int64, whose values are bigints, only where one is not. Sums (HUGEINT) and
 * DECIMAL are Float64 always, beyond 2^53 the nearest one. Texts are dictionary-coded. Dates and times are days and
 * microseconds as in DuckDB, which Arrow gives out as milliseconds since 1970. LIST and STRUCT stay what they are;
 * what Arrow has no type for (INTERVAL, UUID, MAP, TIME) is text as DuckDB writes it.
 */
import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";
import {
  type DuckDBBlobValue,
  type DuckDBDateValue,
  DuckDBDecimalValue,
  type DuckDBListType,
  type DuckDBListValue,
  type DuckDBStructType,
  DuckDBStructValue,
  DuckDBTypeId,
} from "@duckdb/node-api";
import {
  Binary,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  makeData,
  Struct,
  TimestampMicrosecond,
  TimestampNanosecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Vector,
} from "apache-arrow";

type Values = readonly DuckDBValue[];
const id = DuckDBTypeId;

/**
 * The values of a column as Arrow's data.
 * @param values all rows, null where there is nothing
 * @param nested whether they are inside a LIST or STRUCT, where texts stay plain
 */
export function arrowData(type: DuckDBType, values: Values, nested: boolean = false): Data {
  const { typeId } = type;
  const numbers = numeric[typeId];
  if (numbers !== undefined) {
    const array = new numbers.array(values.length);
    for (let i = 0; i < values.length; i++) array[i] = (values[i] ?? 0) as number;
    return makeData({ type: numbers.type(), ...nulls(values), data: array } as never);
  }
  if (typeId === id.BIGINT || typeId === id.UBIGINT)
    return whole(values as readonly (bigint | null)[], typeId);
  if (typeId === id.HUGEINT || typeId === id.UHUGEINT || typeId === id.DECIMAL) {
    const array = Float64Array.from(values, (value) => (value === null ? 0 : toNumber(value)));
    return makeData({ type: new Float64(), ...nulls(values), data: array });
  }
  if (typeId === id.BOOLEAN)
    return makeData({ type: new Bool(), ...nulls(values), data: bits(values, (value) => value === true) });
  if (typeId === id.DATE) {
    const days = Int32Array.from(values, (value) => (value as DuckDBDateValue | null)?.days ?? 0);
    return makeData({ type: new DateDay(), ...nulls(values), data: days });
  }
  const time = timestamps[typeId];
  if (time !== undefined) {
    const array = BigInt64Array.from(values, (value) => (value === null ? 0n : time.value(value as never)));
    return makeData({ type: time.type(), ...nulls(values), data: array } as never);
  }
  if (typeId === id.BLOB) return bytes(values);
  if (typeId === id.LIST || typeId === id.ARRAY) return list(type as DuckDBListType, values);
  if (typeId === id.STRUCT) return struct(type as DuckDBStructType, values);
  const texts = values.map((value) => (value === null ? null : String(value)));
  return nested ? utf8(texts) : dictionary(texts);
}

const numeric: {
  readonly [typeId: number]: {
    type: () => DataType;
    array: new (length: number) => { [at: number]: number };
  };
} = {
  [id.TINYINT]: { type: () => new Int8(), array: Int8Array },
  [id.SMALLINT]: { type: () => new Int16(), array: Int16Array },
  [id.INTEGER]: { type: () => new Int32(), array: Int32Array },
  [id.UTINYINT]: { type: () => new Uint8(), array: Uint8Array },
  [id.USMALLINT]: { type: () => new Uint16(), array: Uint16Array },
  [id.UINTEGER]: { type: () => new Uint32(), array: Uint32Array },
  [id.FLOAT]: { type: () => new Float32(), array: Float32Array },
  [id.DOUBLE]: { type: () => new Float64(), array: Float64Array },
};

const microseconds = () => new TimestampMicrosecond();
const timestamps: { readonly [typeId: number]: { type: () => DataType; value: (value: never) => bigint } } = {
  [id.TIMESTAMP]: { type: microseconds, value: (value: { micros: bigint }) => value.micros },
  [id.TIMESTAMP_S]: { type: microseconds, value: (value: { seconds: bigint }) => value.seconds * 1_000_000n },
  [id.TIMESTAMP_MS]: { type: microseconds, value: (value: { millis: bigint }) => value.millis * 1000n },
  [id.TIMESTAMP_NS]: {
    type: () => new TimestampNanosecond(),
    value: (value: { nanos: bigint }) => value.nanos,
  },
  [id.TIMESTAMP_TZ]: {
    type: () => new TimestampMicrosecond("UTC"),
    value: (value: { micros: bigint }) => value.micros,
  },
};

function whole(values: readonly (bigint | null)[], typeId: number): Data {
  const exact = values.every(
    (value) => value === null || (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER),
  );
  if (exact) {
    const data = Float64Array.from(values, (value) => Number(value ?? 0n));
    return makeData({ type: new Float64(), ...nulls(values), data });
  }
  if (typeId === id.UBIGINT)
    return makeData({
      type: new Uint64(),
      ...nulls(values),
      data: BigUint64Array.from(values, (value) => value ?? 0n),
    });
  return makeData({
    type: new Int64(),
    ...nulls(values),
    data: BigInt64Array.from(values, (value) => value ?? 0n),
  });
}

function toNumber(value: DuckDBValue): number {
  return value instanceof DuckDBDecimalValue ? Number(value.toString()) : Number(value);
}

function dictionary(texts: readonly (string | null)[]): Data {
  const places = new Map<string, number>();
  const indices = new Int32Array(texts.length);
  texts.forEach((text, i) => {
    if (text === null) return;
    let place = places.get(text);
    if (place === undefined) {
      place = places.size;
      places.set(text, place);
    }
    indices[i] = place;
  });
  return makeData({
    type: new Dictionary(new Utf8(), new Int32()),
    ...nulls(texts),
    data: indices,
    dictionary: new Vector([utf8([...places.keys()])]),
  });
}

function utf8(texts: readonly (string | null)[]): Data<Utf8> {
  const encoder = new TextEncoder();
  const { valueOffsets, data } = joined(texts.map((text) => encoder.encode(text ?? "")));
  return makeData({ type: new Utf8(), ...nulls(texts), valueOffsets, data });
}

function bytes(values: Values): Data {
  const blobs = values.map((value) =>
    value === null ? new Uint8Array(0) : (value as DuckDBBlobValue).bytes,
  );
  return makeData({ type: new Binary(), ...nulls(values), ...joined(blobs) });
}

function joined(parts: readonly Uint8Array[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(parts.length + 1);
  let total = 0;
  parts.forEach((part, i) => {
    total += part.length;
    if (total > 0x7fffffff)
      throw new RangeError(
        "Cannot hand over the result: at most 2 GiB of text in a column are possible, got more; choose fewer rows or columns",
      );
    valueOffsets[i + 1] = total;
  });
  const data = new Uint8Array(total);
  parts.forEach((part, i) => {
    data.set(part, valueOffsets[i]);
  });
  return { valueOffsets, data };
}

function list(type: DuckDBListType, values: Values): Data {
  const valueOffsets = new Int32Array(values.length + 1);
  const items: DuckDBValue[] = [];
  values.forEach((value, i) => {
    if (value !== null) for (const item of (value as DuckDBListValue).items) items.push(item);
    valueOffsets[i + 1] = items.length;
  });
  const child = arrowData(type.valueType, items, true);
  const field = new Field("item", child.type, true);
  return makeData({ type: new List(field), ...nulls(values), valueOffsets, child });
}

function struct(type: DuckDBStructType, values: Values): Data {
  const children = type.entryNames.map((name, at) =>
    arrowData(
      type.entryTypes[at]!,
      values.map((value) => (value instanceof DuckDBStructValue ? (value.entries[name] ?? null) : null)),
      true,
    ),
  );
  const fields = type.entryNames.map((name, at) => new Field(name, children[at]!.type, true));
  return makeData({ type: new Struct(fields), ...nulls(values), children });
}

function nulls(values: readonly unknown[]): {
  length: number;
  nullCount: number;
  nullBitmap: Uint8Array | null;
} {
  let nullCount = 0;
  for (const value of values) if (value === null) nullCount++;
  const nullBitmap = nullCount === 0 ? null : bits(values, (value) => value !== null);
  return { length: values.length, nullCount, nullBitmap };
}

function bits<T>(values: readonly T[], isSet: (value: T) => boolean): Uint8Array {
  // Arrow pads buffers to 8 bytes
  const bitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  for (let i = 0; i < values.length; i++) if (isSet(values[i]!)) bitmap[i >> 3]! |= 1 << (i & 7);
  return bitmap;
}
