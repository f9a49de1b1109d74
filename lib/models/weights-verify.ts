/** Whether the weights in the cache are still what came, and the encoder's: hash and tensors of each file. */
import { join } from "node:path";
import { currentSettings } from "../io/index.js";
import { type EncoderId, modelEntry } from "./manifest.js";
import { expectedFiles, readRecord, sizeOf, type WeightsRecord, weightsFolder } from "./weights-cache.js";
import { hashWeights } from "./weights-check.js";
import { checkIsEncoder } from "./weights-identity.js";

/** What was found of one file. */
export interface WeightsFinding {
  readonly encoder: EncoderId;
  readonly file: string;
  readonly path: string;
  readonly state: "sound" | "wrong" | "not there";
  /** The file's SHA-256, where there is a file. */
  readonly sha256?: string;
  /** What the hash was held against; of a sound file. */
  readonly against?: string;
  /** What is wrong, and what to do; of a wrong file. */
  readonly problem?: string;
}

/**
 * Reads an encoder's files in the cache and holds them against the manifest and their record.
 * @returns a finding for each file; one "not there" where nothing of the encoder is there
 * @throws Error with the system's reason where a file cannot be read; the signal's reason where it stops
 * @example await verifyWeights("sscd-int8") // [{ file: "sscd.onnx", state: "sound", ... }, ...]
 */
export async function verifyWeights(
  id: EncoderId,
  options: {
    readonly cache?: string | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: ((delta: number) => void) | undefined;
  } = {},
): Promise<WeightsFinding[]> {
  const { cache = currentSettings().cache, ...reading } = options;
  const entry = modelEntry(id);
  const folder = weightsFolder(id, cache);
  const files = expectedFiles(entry);
  const sizes = await Promise.all(files.map(({ name }) => sizeOf(join(folder, name))));
  const remedy = `remove ${folder}, then: gpic-lab models fetch ${id}`;
  if (sizes.every((size) => size === undefined)) {
    const [{ name }] = files as [(typeof files)[number]];
    return [{ encoder: id, file: name, path: join(folder, name), state: "not there" }];
  }
  const record = await readRecord(id, cache).catch((error: unknown) => {
    if (error instanceof TypeError) return undefined;
    throw error;
  });
  const findings: WeightsFinding[] = [];
  for (const [i, file] of files.entries()) {
    const path = join(folder, file.name);
    const common = { encoder: id, file: file.name, path };
    if (sizes[i] === undefined) {
      findings.push({ ...common, state: "wrong", problem: `the file is missing; ${remedy}` });
      continue;
    }
    const { sha256 } = await hashWeights(path, reading);
    const problem = await problemOf(path, sha256, sizes[i], file, record, entry.weights);
    findings.push(
      problem === undefined
        ? { ...common, state: "sound", sha256, against: againstWords(record!) }
        : { ...common, state: "wrong", sha256, problem: `${problem}; ${remedy}` },
    );
  }
  return findings;
}

async function problemOf(
  path: string,
  sha256: string,
  bytes: number,
  file: { readonly name: string; readonly bytes: number | null; readonly sha256: string | null },
  record: WeightsRecord | undefined,
  weights: ReturnType<typeof modelEntry>["weights"],
): Promise<string | undefined> {
  if (file.bytes !== null && file.bytes !== bytes)
    return `${file.bytes} bytes are needed, as the manifest states, got ${bytes}`;
  if (file.sha256 !== null && file.sha256 !== sha256)
    return `the SHA-256 ${file.sha256} is needed, as the manifest states, got ${sha256}`;
  if (weights.kind === "file") {
    const begins = weights.sha256Begins;
    if (begins !== null && !sha256.startsWith(begins))
      return `a SHA-256 that begins with ${begins} is needed, as the publisher states, got ${sha256}`;
  }
  const recorded = record?.files.find(({ name }) => name === file.name);
  if (record === undefined || recorded === undefined)
    return "a record of what came is needed, got none that can be read";
  if (recorded.sha256 !== sha256)
    return `the SHA-256 ${recorded.sha256} is needed, as recorded on ${record.date}, got ${sha256}`;
  if (weights.kind === "package") return undefined;
  return checkIsEncoder(record.encoder, path, path).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

function againstWords({ hash, date, source }: WeightsRecord): string {
  return `${hash}; ${date}, ${source}`;
}
