/** What SAMPLES are: images, or features of them. What a file is, its arrays say. */
import { open, stat } from "node:fs/promises";
import { type ByteSource, openFileSource, openNpy, openNpz } from "../io/index.js";

/** What samples may be. */
export type SamplesKind = "images" | "features";

/**
 * Tells images from features: an array of pixels has 4 axes, one of features 2, an .npz of features names them.
 * @param name a path, or the name of a corpus
 * @returns "images" for all that is no .npy or .npz; opening it says what is wrong where it is none
 * @throws SyntaxError or ZipError where a file begins as an .npy or .npz and is none
 * @example await samplesKind("samples.npz") // "features"
 */
export async function samplesKind(name: string): Promise<SamplesKind> {
  const found = await stat(name).catch(() => undefined);
  if (found === undefined || !found.isFile()) return "images";
  const head = await firstBytes(name);
  if (head.startsWith("\x93NUMPY"))
    return withSource(name, async (source) => kindOfAxes((await openNpy(source)).shape.length));
  const isZip = head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06");
  if (!isZip) return /\.np[yz]$/.test(name) ? "features" : "images";
  return withSource(name, async (source) => {
    const npz = await openNpz(source);
    try {
      if (!npz.entries.has("arr_0")) return "features";
      return kindOfAxes((await npz.open("arr_0")).shape.length);
    } finally {
      await npz.close();
    }
  });
}

function kindOfAxes(axes: number): SamplesKind {
  return axes === 4 ? "images" : "features";
}

async function withSource<T>(path: string, read: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await openFileSource(path);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
