/** The release: what `gpic-lab curate` makes of the pool by the recipe and the captions that lie in it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splits } from "gpic-lab/corpus";
import { curate, curationRecipe, readCaptions } from "gpic-lab/curation";
import { describeImages } from "gpic-lab/dedup";

/**
 * The shards of the release.
 * @param pool folder of the pool
 * @returns path below the release to bytes
 * @throws as `curate` does
 */
export async function releaseFiles(pool: string): Promise<Map<string, Uint8Array>> {
  const out = mkdtempSync(join(tmpdir(), "gpic-lab-release-"));
  try {
    await curate(pool, {
      ...{ out, describe: describeImages, captions: await readCaptions(join(pool, "captions.csv")) },
      recipe: curationRecipe(JSON.parse(readFileSync(join(pool, "recipe.json"), "utf8"))),
    });
    const names = splits.flatMap((split) =>
      readdirSync(join(out, split))
        .sort()
        .map((file) => `${split}/${file}`),
    );
    return new Map(names.map((name) => [name, readFileSync(join(out, name))]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
