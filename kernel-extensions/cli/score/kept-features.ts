/** The file that keeps the features of scored images: never one that holds anything else. */
import { access } from "node:fs/promises";
import { openFeatures } from "../../../lib/features/index.js";
import type { ImageSet } from "../../../lib/images/index.js";

/**
 * Looks whether features may be written to a path.
 * @throws Error where something is there that is not the features of these images under this encoder
 */
export async function checkKept(path: string, images: ImageSet, encoder: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const found = await foundIn(path);
  // "dinov2" takes its name from the weights
  const isEncoder =
    found?.encoder.id === encoder || (encoder === "dinov2" && found?.encoder.id.startsWith(encoder));
  if (isEncoder && found?.imagesFrom === images.describe()) return;
  const got =
    found === undefined
      ? "a file that says nothing of its images"
      : `features of ${found.imagesFrom ?? "other images"} by ${found.encoder.id}`;
  throw new Error(
    `Cannot keep features in ${path}: a new file, or the features of ${images.describe()} by ${encoder}, is needed, got ${got}`,
  );
}

async function foundIn(path: string) {
  try {
    const file = await openFeatures(path);
    await file.close();
    return file.provenance;
  } catch {
    return undefined;
  }
}
