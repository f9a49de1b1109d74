/**
 * How far decoders agree: a matrix of files of every kind, sound, odd and harmed, against the pixels of Pillow, by which
 * the reference toolkits read images.
 *
 * The files and the hashes of Pillow's pixels lie in data/decode; its README says how they were made.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { packageFile } from "../io/index.js";
import { decode } from "./decode.js";
import { type DecodeKind, decodeKinds, encodedImage } from "./decode-kinds.js";

/** What a decoder makes of a file that Pillow reads. */
export type DecodeOutcome = "same" | "other" | "refused";

/** A file of the matrix that Pillow reads. */
export interface DecodeMatrixRow {
  readonly file: string;
  readonly kind: DecodeKind;
  /** One plain call of sharp, as a program would write it: its pixels beside Pillow's. */
  readonly sharp: DecodeOutcome;
  /** `decode` of this library. */
  readonly decode: DecodeOutcome;
}

/**
 * Decodes every file of the matrix that Pillow reads.
 * @example (await decodeMatrix()).filter((row) => row.decode === "other").length // 0
 */
export async function decodeMatrix(): Promise<DecodeMatrixRow[]> {
  const folder = packageFile("data", "decode");
  const files: { readonly file: string; readonly sha256?: string }[] = JSON.parse(
    await readFile(`${folder}/expected.json`, "utf8"),
  );
  const { default: sharp } = await import("sharp");
  const rows: DecodeMatrixRow[] = [];
  for (const { file, sha256 } of files) {
    if (sha256 === undefined) continue;
    const bytes = new Uint8Array(await readFile(`${folder}/files/${file}`));
    const plain = sharp(bytes).removeAlpha().toColourspace("srgb").raw().toBuffer();
    rows.push({
      ...{ file, kind: kindOf(bytes, file), sharp: await outcome(plain, sha256) },
      decode: await outcome(
        decode(bytes, file).then(({ data }) => data),
        sha256,
      ),
    });
  }
  return rows;
}

function kindOf(bytes: Uint8Array, file: string): DecodeKind {
  try {
    return encodedImage(bytes, file).kind;
  } catch {
    return decodeKinds.otherFormat;
  }
}

async function outcome(pixels: Promise<Uint8Array>, sha256: string): Promise<DecodeOutcome> {
  let data: Uint8Array;
  try {
    data = await pixels;
  } catch {
    return "refused";
  }
  return createHash("sha256").update(data).digest("hex") === sha256 ? "same" : "other";
}
