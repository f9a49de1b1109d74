/** What a folder of parts was begun for: whoever brings other images or another encoder is refused by name. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "../io/index.js";
import type { ExtractKeep } from "./extract-types.js";

/** The name of the manifest, and of the claim of whoever looks at it. */
export const PARTS_MANIFEST_FILE = "extraction.json";
const FORMAT = "gpic-lab parts of features";
const VERSION = 1;

/** What decides about the rows of every part. */
export interface PartsManifest {
  /** `ImageSet.fingerprint`. */
  readonly images: string;
  readonly parts: number;
  readonly encoder: string;
  readonly layer: string;
  readonly weightsSha256: string;
  readonly builder: number;
  readonly width: number;
  readonly protocol: string;
  readonly keep: ExtractKeep;
}

const words: { readonly [name in keyof PartsManifest]: string } = {
  images: "the images' fingerprint",
  parts: "the number of parts",
  encoder: "the encoder",
  layer: "the layer",
  weightsSha256: "the SHA-256 of the weights",
  builder: "the version of the graph's builder",
  width: "the number of features",
  protocol: "the protocol",
  keep: "what is kept",
};

/** Thrown where a folder holds the parts of another run; says what differs. */
export class OtherExtractionError extends Error {
  override readonly name = "OtherExtractionError";
}

/**
 * Writes the manifest of an empty folder, or compares with the one that is there; the caller holds a claim on it.
 * @throws OtherExtractionError where anything differs
 */
export async function putPartsManifest(folder: string, wanted: PartsManifest): Promise<void> {
  const path = join(folder, PARTS_MANIFEST_FILE);
  const there = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const manifest = { format: FORMAT, version: VERSION, ...wanted };
  if (there === undefined) return writeDurably(path, `${JSON.stringify(manifest, null, 1)}\n`);
  const refuse = (got: string): never => {
    throw new OtherExtractionError(
      `Cannot extract into ${folder}: an empty folder or the parts of the same run are needed, got ${got}`,
    );
  };
  const found = parse(there);
  if (found?.format !== FORMAT) return refuse(`a file ${PARTS_MANIFEST_FILE} of another program`);
  if (found.version !== VERSION) return refuse(`parts of version ${found.version}, not ${VERSION}`);
  const differing = (Object.keys(words) as (keyof PartsManifest)[])
    .filter((name) => found[name] !== wanted[name])
    .map(
      (name) =>
        `${words[name]} is ${JSON.stringify(found[name])} there and ${JSON.stringify(wanted[name])} here`,
    );
  if (differing.length > 0) refuse(`others: ${differing.join("; ")}`);
}

function parse(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
