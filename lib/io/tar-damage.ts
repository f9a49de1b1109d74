/**
 * What can be wrong with an archive: each kind of damage has a name, a place, and what was expected and found.
 *
 * What a reader cannot see: changed bytes inside an entry's data, and a tail that became zeros, which looks like the
 * end of the archive. Only a hash of the whole file tells those.
 */

/**
 * The kinds of damage that the tar reader tells apart.
 * - `archive-cut`: the archive ends inside a header or inside an entry's data
 * - `closing-blocks-missing`: the archive ends without a block of zeros
 * - `entries-behind-end`: something follows the closing zeros; entries there are read all the same
 * - `header-checksum`: no sound header where one must begin; the reader goes on at the next one it finds
 * - `header-size`: a header with a right checksum whose size field holds no size
 * - `entry-bytes`: the next header lies inside an entry's data, or the data run over into what is behind them: bytes
 *   were lost from the entry or got into it, and it is left out
 * - `extension-broken`: a PAX or long-name header that cannot be used; the entry behind it keeps its own name and size
 */
export type TarDamageKind =
  | "archive-cut"
  | "closing-blocks-missing"
  | "entries-behind-end"
  | "entry-bytes"
  | "extension-broken"
  | "header-checksum"
  | "header-size";

/** One damage. */
export interface TarDamage {
  readonly kind: TarDamageKind;
  /** Bytes from the start of the archive: where the header of the entry concerned begins or should begin. */
  readonly offset: number;
  /** The entry concerned, hostile text; "" where none is known. */
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/** Damage in an archive, thrown where nobody collects it. */
export class TarError extends Error {
  override readonly name = "TarError";
  /** The archive. */
  readonly source: string;
  /** Bytes from the start of the archive. */
  readonly offset: number;
  readonly damage: TarDamage;
  constructor(source: string, damage: TarDamage) {
    const { offset, kind, expected, found } = damage;
    super(
      `Cannot read the tar archive ${source} at byte ${offset}: ${kind}: ${expected} is needed, got ${found}`,
    );
    this.source = source;
    this.offset = offset;
    this.damage = damage;
  }
}
