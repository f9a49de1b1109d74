/**
 * Checks the JSON beside an image field by field: the shape that the release's data card gives.
 *
 * Every field that is wrong is a finding of its own. Fields that the card does not know are kept apart.
 */
import { type CaptionType, captionTypes, type ImageMetadata, type Tier, tiers } from "./image-record.js";
import { type CorpusProblemKind, shown } from "./problems.js";

/** One field that is not as it must be. */
export interface FieldFinding {
  readonly kind: Extract<CorpusProblemKind, "field-missing" | "field-type" | "field-range" | "json-broken">;
  readonly expected: string;
  readonly found: string;
}

/** Largest width or height: what PNG's 31 bits hold; JPEG's 16 hold less. */
const MAX_PIXELS = 2 ** 31 - 1;

type FieldCheck = (value: unknown) => "field-type" | "field-range" | undefined;

const isText: FieldCheck = (value) => (typeof value === "string" ? undefined : "field-type");
const isPixels: FieldCheck = (value) => {
  if (typeof value !== "number" || !Number.isInteger(value)) return "field-type";
  return value >= 1 && value <= MAX_PIXELS ? undefined : "field-range";
};
const isKey: FieldCheck = (value) => {
  if (typeof value !== "string") return "field-type";
  return /^[0-9a-f]{64}$/i.test(value) ? undefined : "field-range";
};
const isCaptionType: FieldCheck = (value) => {
  if (typeof value !== "string") return "field-type";
  return captionTypes.includes(value as CaptionType) ? undefined : "field-range";
};
const isTiers: FieldCheck = (value) => {
  if (!Array.isArray(value) || !value.every((tier) => typeof tier === "string")) return "field-type";
  return value.every((tier) => tiers.includes(tier as Tier)) ? undefined : "field-range";
};

const pixels = `a whole number from 1 to ${MAX_PIXELS}`;
type FieldName = Exclude<keyof ImageMetadata, "extra">;
const fields: readonly { readonly name: FieldName; readonly expected: string; readonly check: FieldCheck }[] =
  [
    { name: "key", expected: "64 hexadecimal digits", check: isKey },
    { name: "license", expected: "a text", check: isText },
    { name: "license_url", expected: "a text", check: isText },
    { name: "attribution", expected: "a text", check: isText },
    { name: "retrieved_at", expected: "a text", check: isText },
    { name: "img_width", expected: pixels, check: isPixels },
    { name: "img_height", expected: pixels, check: isPixels },
    { name: "split", expected: `a list out of ${tiers.join(", ")}`, check: isTiers },
    { name: "caption_type", expected: `one of ${captionTypes.join(", ")}`, check: isCaptionType },
    { name: "caption", expected: "a text", check: isText },
  ];
const names: ReadonlySet<string> = new Set<string>(fields.map(({ name }) => name));

/**
 * Checks a parsed JSON against the ten fields of the data card.
 * @param value what JSON.parse gave
 * @returns the metadata, or every field that is wrong
 * @example checkMetadata({ ...sound, license: 3 }) // { findings: [{ kind: "field-type", expected: "license, a text", found: "3" }] }
 */
export function checkMetadata(
  value: unknown,
):
  | { readonly metadata: ImageMetadata; readonly findings?: undefined }
  | { readonly metadata?: undefined; readonly findings: readonly FieldFinding[] } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { findings: [{ kind: "json-broken", expected: "a JSON object", found: shown(value) }] };
  const record = value as Record<string, unknown>;
  for (let i = 0; i < fields.length; i++) {
    const { name, check } = fields[i]!;
    if (check(record[name]) !== undefined) return { findings: findingsOf(record) };
  }
  return { metadata: metadataOf(record) };
}

function findingsOf(record: Record<string, unknown>): FieldFinding[] {
  return fields.flatMap(({ name, expected, check }) => {
    const field = record[name];
    const kind = field === undefined ? "field-missing" : check(field);
    if (kind === undefined) return [];
    return [{ kind, expected: `${name}, ${expected}`, found: shown(field) }];
  });
}

/**
 * The metadata of a parsed JSON.
 * @param value what JSON.parse gave
 * @throws TypeError that names the first field which is missing, of a wrong type or out of range
 * @example parseImageMetadata(JSON.parse(text)).caption_type // "short"
 */
export function parseImageMetadata(value: unknown): ImageMetadata {
  const { metadata, findings } = checkMetadata(value);
  if (metadata !== undefined) return metadata;
  const first = findings[0];
  throw new TypeError(`Cannot read a record: ${first?.expected} is needed, got ${first?.found}`);
}

function metadataOf(record: Record<string, unknown>): ImageMetadata {
  const sound = record as unknown as ImageMetadata;
  const metadata = {
    key: sound.key,
    license: sound.license,
    license_url: sound.license_url,
    attribution: sound.attribution,
    retrieved_at: sound.retrieved_at,
    img_width: sound.img_width,
    img_height: sound.img_height,
    split: sound.split,
    caption_type: sound.caption_type,
    caption: sound.caption,
  };
  const keys = Object.keys(record);
  if (keys.length === fields.length) return metadata;
  const extra = keys.filter((name) => !names.has(name)).map((name) => [name, record[name]] as const);
  return { ...metadata, extra: Object.fromEntries(extra) };
}
