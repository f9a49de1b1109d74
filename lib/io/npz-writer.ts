/**
 * Writes .npz files that numpy.load opens: arrays in a zip archive, stored, with the same bytes for the same arrays.
 */
import { npyHeader } from "./npy-header.js";
import { type NpyArray, type NpyStream, npyDataBytes, npyPieces, npyStream } from "./npy-writer.js";
import { writeZip, type ZipPart, type ZipWriteOptions } from "./zip-writer.js";

/** A named array on its way into an archive: in memory, or in pieces. */
export type NpzArray = { readonly name: string } & (NpyArray | NpyStream);

/**
 * Writes an archive of arrays; what stood at the path is replaced when the new one is whole.
 * @param arrays taken one after the other; pieces of a stream are taken as the disk takes them
 * @throws RangeError where pieces or a shape are not the array's size, Error where the disk fails
 * @example await writeNpz("stats.npz", [{ name: "mu", data: mean }, { name: "sigma", data, shape: [1024, 1024] }]);
 */
export async function writeNpz(
  path: string,
  arrays: Iterable<NpzArray> | AsyncIterable<NpzArray>,
  options: ZipWriteOptions = {},
): Promise<void> {
  await writeZip(path, parts(arrays), options);
}

async function* parts(
  arrays: Iterable<NpzArray> | AsyncIterable<NpzArray>,
): AsyncGenerator<ZipPart, void, undefined> {
  for await (const array of arrays) {
    const stream = "chunks" in array ? array : npyStream(array);
    const { dtype, shape } = stream;
    yield {
      name: `${array.name}.npy`,
      sizeBytes: npyHeader(dtype, shape).length + npyDataBytes(dtype, shape),
      pieces: npyPieces(stream),
    };
  }
}
