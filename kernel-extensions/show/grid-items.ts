/** What an image grid takes: bytes, pictures with credits, records of a corpus. */
import { isRecord } from "./rows.js";

/** A picture with what stands under it; a record of a corpus fits as it is. */
export interface GridImage {
  /** Encoded bytes, or one of the two methods that read them. */
  readonly bytes?: Uint8Array;
  read?(): Promise<Uint8Array>;
  readImage?(): Promise<Uint8Array>;
  readonly title?: string;
  readonly caption?: string;
  readonly licence?: string;
  readonly author?: string;
  readonly key?: string;
  /** The names that GPIC's metadata use. */
  readonly license?: string;
  readonly attribution?: string;
  readonly metadata?: unknown;
}

/** One tile's text and the way to its bytes. */
export interface GridItem {
  readonly title: string | undefined;
  readonly caption: string | undefined;
  readonly author: string | undefined;
  readonly licence: string | undefined;
  readonly key: string | undefined;
  readonly read: () => Promise<Uint8Array>;
}

/**
 * The item of a grid for each form that is taken.
 * @throws {TypeError} where there are no bytes and no way to read them
 */
export function gridItem(source: Uint8Array | GridImage, position: number): GridItem {
  if (source instanceof Uint8Array)
    return {
      title: undefined,
      caption: undefined,
      author: undefined,
      licence: undefined,
      key: undefined,
      read: async () => source,
    };
  const { bytes } = source ?? {};
  const read = source?.read ?? source?.readImage;
  if (!(bytes instanceof Uint8Array) && typeof read !== "function")
    throw new TypeError(
      `Cannot show images: bytes, read() or readImage() is needed, got ${source === null ? "null" : typeof source} without them at position ${position}`,
    );
  const metadata = isObject(source.metadata) ? source.metadata : {};
  const text = (...names: readonly string[]): string | undefined => {
    for (const name of names)
      for (const holder of [source as unknown as Readonly<Record<string, unknown>>, metadata]) {
        const value = holder[name];
        if (typeof value === "string" && value.trim() !== "") return value;
      }
    return undefined;
  };
  return {
    title: text("title"),
    caption: text("caption"),
    author: text("author", "attribution"),
    licence: text("licence", "license"),
    key: text("key"),
    read: async () =>
      bytes instanceof Uint8Array ? bytes : (read as () => Promise<Uint8Array>).call(source),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) || (typeof value === "object" && value !== null);
}
