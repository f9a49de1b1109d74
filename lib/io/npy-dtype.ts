/**
 * Types of numpy arrays that are numbers or text, by numpy's own names.
 *
 * Source: numpy, "Array protocol type strings" (the `descr` of a .npy file).
 */
/** An element type as numpy names it, without byte order: "f4", "u1", "b1", "U64" (64 code points), "S16" (16 bytes). */
export type NpyType =
  | "f2"
  | "f4"
  | "f8"
  | "i1"
  | "i2"
  | "i4"
  | "i8"
  | "u1"
  | "u2"
  | "u4"
  | "u8"
  | "b1"
  | `U${number}`
  | `S${number}`;

/** The elements of an array, row-major: float16 as float32, bool as 0 and 1, text as strings. */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | string[];

/** What a `descr` says. */
export interface NpyDescr {
  readonly dtype: NpyType;
  readonly isBigEndian: boolean;
  readonly itemBytes: number;
}

/** The numbers that are read; text is told by its letter. */
const NUMBER: ReadonlySet<string> = new Set("f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split(" "));
/** Kinds that numpy has and that are refused, by the name that people know. */
const REFUSED: Readonly<Record<string, string>> = {
  O: "objects",
  c: "complex numbers",
  V: "raw bytes",
  M: "dates",
  m: "time spans",
};
/** Longest text in an element: a path is at most 4,096 bytes on the systems that there are. */
const MAX_TEXT = 65_536;

/**
 * Reads a type string such as "<f4".
 * @param name what messages call the array
 * @throws TypeError where the type is not one of numbers or text; for objects it says how to save them instead
 * @example parseDescr("<f4", "a.npy") // { dtype: "f4", isBigEndian: false, itemBytes: 4 }
 */
export function parseDescr(descr: string, name: string): NpyDescr {
  const [, order = "", kind = "", digits = ""] = /^([<>=|]?)([a-zA-Z])(\d{0,9})$/.exec(descr) ?? [];
  if (kind === "O") throw objectArray(name);
  const isBigEndian = order === ">";
  const size = Number(digits);
  if (NUMBER.has(kind + digits))
    return { dtype: `${kind}${digits}` as NpyType, isBigEndian, itemBytes: size };
  if ((kind === "U" || kind === "S") && digits === String(size) && size <= MAX_TEXT)
    return { dtype: `${kind}${size}`, isBigEndian, itemBytes: kind === "U" ? 4 * size : size };
  const known = REFUSED[kind] === undefined ? "" : ` (${REFUSED[kind]})`;
  throw new TypeError(
    `Cannot read ${name}: numbers (f2, f4, f8, i1 to i8, u1 to u8, bool) or text of at most ${MAX_TEXT} characters ` +
      `are needed, got the type ${JSON.stringify(descr)}${known}`,
  );
}

/**
 * Whether a value is the name of an element type.
 * @example isNpyType("f4") // true
 */
export function isNpyType(dtype: string): dtype is NpyType {
  return NUMBER.has(dtype) || /^[US][1-9]\d{0,4}$/.test(dtype);
}

/**
 * Bytes of one element.
 * @example itemBytes("U8") // 32
 */
export function itemBytes(dtype: NpyType): number {
  return Number(dtype.slice(1)) * (dtype.startsWith("U") ? 4 : 1);
}

function objectArray(name: string): TypeError {
  return new TypeError(
    `Cannot read ${name}: numbers or text are needed, got an array of Python objects (a pickle, which could run code); ` +
      "save it again as np.array(values, dtype=str) for text or as a number type, with allow_pickle=False",
  );
}
