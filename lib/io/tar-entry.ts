/** What reading an archive finds: entries, and damage between them. */
import type { TarDamage } from "./tar-damage.js";

/** One entry of an archive. */
export interface TarEntry {
  /** Path inside the archive, as it was written: hostile text. */
  readonly name: string;
  readonly type: "file" | "directory" | "link" | "sparse" | "other";
  /** The header's own flag: "0" file, "3" device, "S" GNU's sparse file, and so on. */
  readonly typeFlag: string;
  /** Bytes of data. */
  readonly size: number;
  /** Where the data begins, in bytes from the start of the archive. */
  readonly offset: number;
  /** Where the entry's first header begins (that of its PAX or long-name header, if it has one). */
  readonly headerOffset: number;
  /** What a link points to, where a PAX or long-name header says so. */
  readonly linkPath?: string;
  /** The data, a copy; only where they were asked for. */
  readonly data?: Uint8Array;
}

/** One thing found, in the order of the archive. */
export type TarFinding = TarEntry | TarDamage;

/** Whether a finding is damage. */
export function isDamage(finding: TarFinding): finding is TarDamage {
  return "kind" in finding;
}
