/**
 * Stage 1: brings a folder of photographs with their manifest into the pool's format.
 *
 * JPEG and PNG keep their bytes, but for the largest JPEG, which are re-encoded to keep the sample small. GPIC knows no WebP: those become JPEG (PNG where they have transparency), and their
 * record says so. The manifest's "Public domain" is what packages write; its URL is the Public Domain Mark's, and so
 * the name becomes the one that the release has for that mark.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { jpeg } from "./alterations.js";
import { type CsvRow, parseCsv } from "./csv.js";
import { type PoolImage, sha256 } from "./pool.js";

/** Columns of `photographs.csv`: where every photograph comes from. */
export const photographColumns: readonly string[] = [
  "file",
  "key",
  "title",
  "author",
  "license",
  "license_url",
  "source",
  "source_url",
  "changes",
  "package",
  "path_in_package",
  "sha256_imported",
];

/** The date that every record carries: that of the packages' download. */
const RETRIEVED_AT = "2026-11-24T00:00:00Z";
const WEBP_QUALITY = 92;
/** JPEG above this size are re-encoded. */
const LARGE_JPEG_BYTES = 200_000;
const LARGE_JPEG_QUALITY = 82;
const PUBLIC_DOMAIN_MARK = "https://creativecommons.org/publicdomain/mark/1.0/";

/**
 * Imports the photographs that a manifest lists.
 * @param folder holds manifest.csv and the files that it names
 * @returns the pool's originals and the rows of photographs.csv, both in the manifest's order
 * @throws Error where a file is not the one that the manifest speaks of
 */
export async function importPhotographs(
  folder: string,
): Promise<{ originals: PoolImage[]; photographs: CsvRow[] }> {
  const originals: PoolImage[] = [];
  const photographs: CsvRow[] = [];
  for (const row of parseCsv(readFileSync(join(folder, "manifest.csv"), "utf8"))) {
    const field = (name: string) => row[name] ?? "";
    const bytes = new Uint8Array(readFileSync(join(folder, field("file"))));
    if (sha256(bytes) !== field("sha256"))
      throw new Error(
        `Cannot import ${field("file")}: a file of SHA-256 ${field("sha256")} is needed, got another`,
      );
    const key = sha256(`${field("package")}#${field("path_in_package")}`);
    const image = await forPool(bytes, field("file"));
    const { width, height } = await sharp(image.bytes).metadata();
    const license =
      field("license") === "Public domain" && field("license_url") === PUBLIC_DOMAIN_MARK
        ? "Public Domain Mark 1.0"
        : field("license");
    const changes =
      [field("changes"), image.change].filter((change) => change !== "none").join("; ") || "none";
    const shared = {
      title: field("title"),
      author: field("author"),
      source: field("source"),
      source_url: field("source_url"),
      changes,
    };
    originals.push({
      metadata: {
        key,
        retrieved_at: RETRIEVED_AT,
        license,
        license_url: field("license_url"),
        attribution: field("attribution"),
        img_width: width,
        img_height: height,
        ...shared,
      },
      bytes: image.bytes,
      extension: image.extension,
    });
    photographs.push({
      file: field("file"),
      key,
      license,
      license_url: field("license_url"),
      ...shared,
      package: field("package"),
      path_in_package: field("path_in_package"),
      sha256_imported: field("sha256"),
    });
  }
  return { originals, photographs };
}

async function forPool(
  bytes: Uint8Array,
  file: string,
): Promise<{ bytes: Uint8Array; extension: "jpg" | "png"; change: string }> {
  if (/\.jpe?g$/.test(file)) {
    if (bytes.length <= LARGE_JPEG_BYTES) return { bytes, extension: "jpg", change: "none" };
    const smaller = await jpeg(sharp(bytes, { ignoreIcc: true }), LARGE_JPEG_QUALITY);
    if (smaller.length < 0.9 * bytes.length)
      return { bytes: smaller, extension: "jpg", change: `re-encoded as JPEG q${LARGE_JPEG_QUALITY}` };
    return { bytes, extension: "jpg", change: "none" };
  }
  if (file.endsWith(".png")) return { bytes, extension: "png", change: "none" };
  if (!file.endsWith(".webp")) throw new Error(`Cannot import ${file}: JPEG, PNG or WebP is needed`);
  const image = sharp(bytes, { ignoreIcc: true });
  if ((await image.stats()).isOpaque)
    return {
      bytes: await jpeg(image.removeAlpha(), WEBP_QUALITY),
      extension: "jpg",
      change: `re-encoded from WebP as JPEG q${WEBP_QUALITY}`,
    };
  return {
    bytes: new Uint8Array(await image.png().toBuffer()),
    extension: "png",
    change: "re-encoded from WebP as PNG",
  };
}
