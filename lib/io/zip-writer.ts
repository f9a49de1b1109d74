/**
 * Writes zip archives whose bytes depend on nothing but names and contents.
 *
 * The format is yazl's (zip64 by itself where sizes need it). Entries are stored, not deflated, of mode 0644 and dated
 * 1980-01-01, the first day that zip knows and the one that numpy writes. The archive is written beside its place and
 * moved there when it is whole.
 */
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { replaceFile } from "./durable-file.js";

/** A file on its way into an archive. */
export interface ZipPart {
  /** Its path in the archive. */
  readonly name: string;
  /** Its bytes in all; pieces that add up to other than that are an error. */
  readonly sizeBytes: number;
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** How an archive is written. */
export interface ZipWriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Writes zip64 records also where nothing needs them; for tests of readers. */
  readonly forceZip64?: boolean | undefined;
}

// earlier than 1980 in every time zone: yazl, which counts in local time, then takes the first day that there is
const FIRST_DAY = new Date(0);

/**
 * Writes an archive; what stood at the path is replaced at once when it is whole, and untouched where that fails.
 * @param parts taken one after the other, so that each may be made when it is its turn
 * @throws Error where the disk or a part fails, RangeError where a part's pieces are not its size
 * @example await writeZip("a.zip", [{ name: "a.txt", sizeBytes: 2, pieces: [Uint8Array.of(104, 105)] }]);
 */
export async function writeZip(
  path: string,
  parts: Iterable<ZipPart> | AsyncIterable<ZipPart>,
  { signal, forceZip64 = false }: ZipWriteOptions = {},
): Promise<void> {
  await replaceFile(path, async (beside) => {
    const zip = new ZipFile();
    const output = zip.outputStream as Readable;
    // yazl tells of some failures by an event of its own, which nothing else would hear
    zip.on("error", (error: Error) => output.destroy(error));
    const stop = new AbortController();
    // opened before anything can fail: a stream that opens late would make its file again after it was removed
    const file = await open(beside, "wx");
    const written = pipeline(output, file.createWriteStream(), { signal });
    // a part that nobody takes any more would wait for ever
    written.catch((error: Error) => stop.abort(error));
    const added = addParts(zip, parts, forceZip64, stop.signal).catch((error: Error) => {
      output.destroy(error);
      throw error;
    });
    // the file is closed before it is moved or removed, whichever of the two failed
    const [adding, writing] = await Promise.allSettled([added, written]);
    signal?.throwIfAborted();
    if (adding.status === "rejected") throw stop.signal.aborted ? stop.signal.reason : adding.reason;
    if (writing.status === "rejected") throw writing.reason;
  });
}

async function addParts(
  zip: ZipFile,
  parts: Iterable<ZipPart> | AsyncIterable<ZipPart>,
  forceZip64Format: boolean,
  stop: AbortSignal,
): Promise<void> {
  const names = new Set<string>();
  for await (const { name, sizeBytes, pieces } of parts) {
    if (names.has(name))
      throw new RangeError(`Cannot write a zip archive: names that differ are needed, got ${name} twice`);
    names.add(name);
    const stream = Readable.from(sized(name, sizeBytes, pieces), {
      objectMode: false,
      highWaterMark: 1,
    });
    zip.addReadStream(stream, name, {
      ...{ size: sizeBytes, compress: false, mtime: FIRST_DAY, mode: 0o100644 },
      ...{ forceDosTimestamp: true, forceZip64Format },
    });
    try {
      await finished(stream, { writable: false, signal: stop });
    } finally {
      stream.destroy();
    }
  }
  zip.end({ forceZip64Format, comment: "" });
}

async function* sized(
  name: string,
  sizeBytes: number,
  pieces: ZipPart["pieces"],
): AsyncGenerator<Uint8Array, void, undefined> {
  let done = 0;
  for await (const piece of pieces) {
    done += piece.length;
    if (done > sizeBytes) break;
    if (piece.length > 0) yield piece;
  }
  if (done !== sizeBytes)
    throw new RangeError(
      `Cannot write ${name} into a zip archive: ${sizeBytes} bytes are needed, got ${done}`,
    );
}
