/** The pairs of feature sets for which the reference implementations' numbers are known. */
import assert from "node:assert/strict";
import type { FeatureRows } from "gpic-lab/features";
import { openFileSource, openNpy, packageFile } from "gpic-lab/io";

/** Rows of a golden file: "shifted.real". */
export async function goldenRows(name: string): Promise<FeatureRows> {
  const source = await openFileSource(packageFile("test", "golden", "metrics", `${name}.npy`));
  try {
    const file = await openNpy(source);
    const data = await file.readAll();
    assert.ok(data instanceof Float32Array || data instanceof Float64Array);
    return { data, count: file.shape[0]!, width: file.shape[1]! };
  } finally {
    await source.close();
  }
}
