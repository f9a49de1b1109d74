/**
 * Headers that speak of the entry behind them (PAX `x`, GNU `L` and `K`) or of all that follow (PAX `g`).
 *
 * Sources: POSIX pax, "pax Extended Header"; the GNU tar manual, "Basic Tar Format" and "Sparse Formats". Known
 * difference: of PAX's keywords only `path`, `size`, `linkpath` and the marks of sparse files are used; the charset is
 * always read as UTF-8.
 */

/** Longest PAX or long-name header that is read: paths and sizes need some hundred bytes, and a wrong size must not fill the memory. */
export const MAX_TAR_EXTENSION_BYTES: number = 1 << 20;

/** What a header says of other entries; absent is what it does not mention. */
export interface TarExtension {
  readonly path?: string;
  readonly size?: number;
  readonly linkPath?: string;
  /** Whether the entry is a sparse file in one of PAX's forms: a map and pieces instead of the file's bytes. */
  readonly isSparse?: boolean;
}

/** Whether a type flag is that of such a header. */
export function isExtension(typeFlag: string): boolean {
  return typeFlag === "x" || typeFlag === "g" || typeFlag === "L" || typeFlag === "K";
}

/**
 * Reads what the data of such a header say.
 * @returns undefined where they are broken
 */
export function readExtension(typeFlag: string, data: Uint8Array): TarExtension | undefined {
  if (typeFlag === "L") return { path: textOf(data) };
  if (typeFlag === "K") return { linkPath: textOf(data) };
  return paxRecords(data);
}

function textOf(data: Uint8Array): string {
  const end = data.indexOf(0);
  return new TextDecoder().decode(end === -1 ? data : data.subarray(0, end));
}

/** PAX records: "LENGTH KEY=VALUE\n", LENGTH in decimal counting itself. */
function paxRecords(data: Uint8Array): TarExtension | undefined {
  const found: { path?: string; size?: number; linkPath?: string; isSparse?: boolean } = {};
  const decoder = new TextDecoder();
  for (let from = 0; from < data.length; ) {
    const blank = data.indexOf(0x20, from);
    const digits = blank === -1 || blank - from > 9 ? "" : decoder.decode(data.subarray(from, blank));
    const end = from + Number(digits);
    if (!/^[1-9]\d{0,8}$/.test(digits) || end > data.length || end <= blank + 1 || data[end - 1] !== 0x0a)
      return undefined;
    const record = decoder.decode(data.subarray(blank + 1, end - 1));
    const split = record.indexOf("=");
    if (split === -1) return undefined;
    const key = record.slice(0, split);
    const value = record.slice(split + 1);
    if (key === "path") found.path = value;
    else if (key === "linkpath") found.linkPath = value;
    else if (key === "size") {
      if (!/^\d{1,15}$/.test(value)) return undefined;
      found.size = Number(value);
    } else if (key.startsWith("GNU.sparse.")) {
      found.isSparse = true;
      if (key === "GNU.sparse.name") found.path = value;
    }
    from = end;
  }
  return found;
}
