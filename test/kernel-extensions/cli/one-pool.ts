/** The first shard of the sample's pool, in a folder that goes with its test. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { packageFile } from "gpic-lab/io";

/** The folder, and the pool in it. */
export function onePool(t: TestContext): { readonly folder: string; readonly pool: string } {
  const folder = mkdtempSync(join(tmpdir(), "gpic-lab-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const pool = join(folder, "pool");
  mkdirSync(pool);
  copyFileSync(packageFile("data", "sample", "pool", "pool_00000.tar"), join(pool, "pool_00000.tar"));
  return { folder, pool };
}
