/** A golden picture as a protocol prepares it, and how far a feature is from the reference's. */
import { readFileSync } from "node:fs";
import { decode, type ProtocolId, protocolById } from "gpic-lab/images";
import { packageFile } from "gpic-lab/io";
import type { ImageBatch } from "gpic-lab/models";

/** The picture of a golden folder, prepared: a batch of one. */
export async function goldenBatch(folder: string, protocol: ProtocolId): Promise<ImageBatch> {
  const bytes = readFileSync(packageFile("test", "golden", folder, "image.png"));
  return { count: 1, ...protocolById(protocol).prepare(await decode(bytes, folder)) };
}

/** The content of a golden folder's expected.json. */
export function goldenExpected<T>(folder: string): T {
  return JSON.parse(readFileSync(packageFile("test", "golden", folder, "expected.json"), "utf8"));
}

/** The largest difference of two vectors, as a share of the length of the expected one. */
export function relativeError(actual: Float32Array, expected: readonly number[]): number {
  if (actual.length !== expected.length)
    throw new RangeError(`${expected.length} numbers are needed, got ${actual.length}`);
  const largest = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  return largest / Math.hypot(...expected);
}
