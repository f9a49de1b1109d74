/** Pictures among values: encoded bytes by their signature, and sharp's instances. */
import type { MimeBundle } from "./host.js";
import { formatBytes } from "./numbers.js";

/** A picture above this is named, not shown: it would make the notebook heavy. */
export const IMAGE_LIMIT_BYTES = 4 * 1024 * 1024;

/** The longest side of a sharp instance's preview. */
const PREVIEW_PIXELS = 800;

/** The part of sharp's instances that is needed to show them. */
interface SharpLike {
  clone(): SharpLike;
  resize(options: { width: number; height: number; fit: "inside"; withoutEnlargement: boolean }): SharpLike;
  png(): { toBuffer(): Promise<Uint8Array> };
}

/**
 * The mime type of an encoded picture by its first bytes; undefined where it is none of PNG, JPEG, GIF and WebP.
 * @example imageType(await readFile("a.jpg")) // "image/jpeg"
 */
export function imageType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return "image/webp";
  return undefined;
}

/** The bundle of an encoded picture; undefined where the bytes are none. */
export function imageBundle(bytes: Uint8Array): MimeBundle | undefined {
  const type = imageType(bytes);
  if (type === undefined) return undefined;
  const name = `${type.slice(6).toUpperCase()} picture, ${formatBytes(bytes.byteLength)}`;
  if (bytes.byteLength > IMAGE_LIMIT_BYTES)
    return {
      "text/plain": `${name}: too large to be shown whole (limit ${formatBytes(IMAGE_LIMIT_BYTES)}); use imageGrid`,
    };
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { [type]: base64, "text/plain": name };
}

/** Whether a value is a pipeline of sharp, of whichever copy of the package. */
export function isSharp(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value.constructor?.name !== "Sharp") return false;
  const image = value as Partial<SharpLike>;
  return (
    typeof image.clone === "function" && typeof image.resize === "function" && typeof image.png === "function"
  );
}

/**
 * The bundle of a sharp pipeline: its picture at most 800 pixels wide and high.
 * @throws what sharp throws where the picture cannot be made
 */
export async function sharpBundle(value: unknown): Promise<MimeBundle> {
  const size = {
    width: PREVIEW_PIXELS,
    height: PREVIEW_PIXELS,
    fit: "inside",
    withoutEnlargement: true,
  } as const;
  const bytes = await (value as SharpLike).clone().resize(size).png().toBuffer();
  return imageBundle(bytes) ?? { "text/plain": "[picture]" };
}
