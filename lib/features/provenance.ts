/**
 * Where features come from, as JSON beside their file (F.npz.json): numpy's arrays have no place for it that every
 * version reads without pickle.
 *
 * It names the checksums of the arrays that it speaks of. A file that was replaced without it is thereby told, and
 * what it says is not believed then.
 */
import { writeFile } from "node:fs/promises";
import { openFileSource, replaceFile } from "../io/index.js";
import type { EncoderIdentity } from "../models/index.js";

/** What computed some of the features. */
export interface FeatureMaker {
  /** "cpu", "cuda:0" */
  readonly device: string;
  /** Versions by name: onnxruntime, gpic-lab. */
  readonly versions: { readonly [name: string]: string };
}

/** What made the features of a file. */
export interface Provenance {
  /** The preparation of the images: "gpic", "pytorch-fid". */
  readonly protocol: string;
  readonly encoder: EncoderIdentity;
  /** Images with features, and images that none could be made of. */
  readonly images: { readonly counted: number; readonly failed: number };
  /** Images that failed, with the reason. */
  readonly failures: readonly { readonly key: string; readonly message: string }[];
  /** Each device and set of versions once. */
  readonly makers: readonly FeatureMaker[];
  /** What the images were opened by: a folder, a corpus with its revision. */
  readonly imagesFrom?: string | undefined;
  /** The seed, where images were drawn. */
  readonly seed?: number | string | undefined;
}

/** Checksums (CRC-32, hexadecimal) of the arrays by name; of the whole file under "" for a .npy. */
export type ArrayChecksums = Readonly<Record<string, string>>;

const FORMAT = "gpic-lab features 1";
/** A million failures would be 200 MB; a file of features has a handful. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Where the provenance of a file of features lies. */
export function provenancePath(path: string): string {
  return `${path}.json`;
}

/** Writes the provenance beside a file of features: the same bytes for the same values. */
export async function writeProvenance(
  path: string,
  provenance: Provenance,
  arrays: ArrayChecksums,
): Promise<void> {
  const { protocol, encoder, images, failures, makers, imagesFrom, seed } = provenance;
  const { id, layer, weightsSha256, builder } = encoder;
  const record = {
    ...{ format: FORMAT, protocol, encoder: { id, layer, weightsSha256, builder } },
    ...{ images: { counted: images.counted, failed: images.failed }, imagesFrom, seed },
    makers: eachOnce(makers),
    failures: failures.map(({ key, message }) => ({ key, message })),
    arrays: sorted(arrays),
  };
  await replaceFile(provenancePath(path), (beside) =>
    writeFile(beside, `${JSON.stringify(record, null, 1)}\n`),
  );
}

/**
 * Reads the provenance beside a file of features.
 * @param checksums of the arrays that are there; asked for where there is a provenance
 * @returns undefined where there is none
 * @throws SyntaxError where it is none that we wrote, RangeError where it speaks of other arrays than these
 */
export async function readProvenance(
  path: string,
  checksums: () => Promise<ArrayChecksums>,
): Promise<Provenance | undefined> {
  const beside = provenancePath(path);
  const text = await readText(beside);
  if (text === undefined) return undefined;
  const record = parsed(text);
  if (record === undefined)
    throw new SyntaxError(
      `Cannot read ${beside}: the provenance that writeFeatures writes is needed, got other text`,
    );
  const { arrays: known, ...provenance } = record;
  const arrays = await checksums();
  for (const name of new Set([...Object.keys(known), ...Object.keys(arrays)]))
    if (known[name] !== arrays[name])
      throw new RangeError(
        `Cannot take ${beside} for the provenance of ${path}: it speaks of other features; they were replaced without it`,
      );
  return provenance;
}

/** Makers differ in more than is written, such as the size of their batches. */
function eachOnce(makers: readonly FeatureMaker[]): FeatureMaker[] {
  const written = new Map<string, FeatureMaker>();
  for (const { device, versions } of makers) {
    const maker = { device, versions: sorted(versions) };
    written.set(JSON.stringify(maker), maker);
  }
  return [...written.values()];
}

function sorted(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function readText(path: string): Promise<string | undefined> {
  const source = await openFileSource(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (source === undefined) return undefined;
  try {
    if (source.length > MAX_BYTES)
      throw new SyntaxError(
        `Cannot read ${path}: at most ${MAX_BYTES} bytes are needed, got ${source.length}`,
      );
    return new TextDecoder().decode(await source.read(0, source.length));
  } finally {
    await source.close();
  }
}

function parsed(text: string): (Provenance & { readonly arrays: ArrayChecksums }) | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.format !== FORMAT || typeof value.protocol !== "string") return undefined;
  const { protocol, encoder, images, failures, makers, imagesFrom, seed, arrays } = value;
  const isWhole =
    isIdentity(encoder) &&
    isRecord(images) &&
    isCount(images.counted) &&
    isCount(images.failed) &&
    Array.isArray(failures) &&
    failures.every((failure) => isTexts(failure) && "key" in failure && "message" in failure) &&
    Array.isArray(makers) &&
    makers.every((maker) => isRecord(maker) && typeof maker.device === "string" && isTexts(maker.versions)) &&
    (imagesFrom === undefined || typeof imagesFrom === "string") &&
    (seed === undefined || typeof seed === "string" || typeof seed === "number") &&
    isTexts(arrays);
  if (!isWhole) return undefined;
  const { counted, failed } = images as Provenance["images"];
  return {
    ...{ protocol, encoder, images: { counted, failed }, failures, makers, arrays },
    ...(imagesFrom === undefined ? {} : { imagesFrom }),
    ...(seed === undefined ? {} : { seed }),
  } as Provenance & { readonly arrays: ArrayChecksums };
}

function isIdentity(value: unknown): value is EncoderIdentity {
  if (!isRecord(value)) return false;
  const { id, layer, weightsSha256, builder } = value;
  return [id, layer, weightsSha256].every((text) => typeof text === "string") && isCount(builder);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
