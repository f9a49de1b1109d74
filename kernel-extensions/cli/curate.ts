/** `gpic-lab curate`: the whole way from a pool to a release, with the record of every decision. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type CurationRecipe,
  curate,
  curationRecipe,
  PAPER_RECIPE,
  readCaptions,
} from "../../lib/curation/index.js";
import { describeImages } from "../../lib/dedup/index.js";
import { currentSettings, hashFile } from "../../lib/io/index.js";
import { AnswerFolder, VlmClient } from "../../lib/vlm/index.js";
import { seconds } from "./clock.js";
import { type Command, printJson, UsageError } from "./command.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { askingLine, progressLine } from "./curate-progress.js";
import { curationJson, curationText } from "./curate-report.js";
import { endpointOf } from "./endpoint-words.js";
import { samplePoolOr } from "./sample-pool.js";

export const command: Command = {
  help: `
gpic-lab curate POOL --out DIR [--recipe FILE] [--captions FILE] [--features F.npz] [--no-model] [--answers DIR] [--json]

Makes a release of a pool, stage by stage: licences, resolution and aspect, size, quality, safety, exact and near
copies, images taken out by hand, captions, splits, shards. POOL is "sample-pool", a folder or a tar of shards (a JSON
with license, license_url, attribution, retrieved_at and a JPEG or PNG for each image), or hf://ORGANISATION/NAME.

DIR gets train/, val/ and test/ with shards in GPIC's layout, decisions/ with a Parquet a stage (a row an image, with its
reason; what is wrong in the shards themselves lies in problems.parquet), and manifest.json with the recipe, the funnel and
the SHA-256 of each file. Stopped or killed, the same call goes on; made again, the bytes are the same. Nothing in POOL is
changed.

  --recipe FILE      every choice: JSON, {"val": 16, "rule": {"pairThreshold": 0.95}, "review": [{"key", "reason"}]} ...;
                     POOL/recipe.json where there is one, else the paper's choices. A manifest.json is a recipe too
  --captions FILE    a .csv or .parquet of key, caption_type, caption, for a run without a model; POOL/captions.csv or
                     .parquet where there is one, else what the pool's JSON holds. An image without one is not released
  --features F.npz   descriptors with keys, as "gpic-lab features --encoder sscd" writes them; without it the committed
                     ones of the sample by key, else sscd-int8 runs
  --no-model         leaves the endpoint alone, though it is named
  --answers DIR      where a model's answers are kept (in the cache, by pool)
  --json             { "funnel": [{ "stage", "in", "out", "reasons" }], "splits", "shards", "recipe", "models", "owed",
                     "pool", "inputs", "version", "out" }

A recipe has some of these fields; what is left out is as given here.
  val, test         images below 1 as a share, else their number (${PAPER_RECIPE.val.toFixed(4)}, ${PAPER_RECIPE.test.toFixed(4)}: the paper's)
  order, seed       "hash" of seed and key; or one "shuffle", which deals anew with one image less (${PAPER_RECIPE.order}, "${PAPER_RECIPE.seed}")
  splitThreshold    images as alike share a split (${PAPER_RECIPE.splitThreshold})
  imagesPerShard, shards {train, val, test}, tierShards {nano, lite}      (${PAPER_RECIPE.imagesPerShard}; a 100th and a 10th of train)
  size {${Object.keys(PAPER_RECIPE.size).join(", ")}}   (${Object.values(PAPER_RECIPE.size).join(", ")})
  rule {...}        of near copies: the choices of "gpic-lab dedup --help", as ${Object.keys(PAPER_RECIPE.rule).slice(0, 4).join(", ")} ...
  notVisible        an image whose caption is NOT VISIBLE.: "drop" or "keep" (${PAPER_RECIPE.notVisible})
  review            [{key, reason}]: taken out by hand

Where GPIC_LAB_VLM_URL and GPIC_LAB_VLM_MODEL name an endpoint, its model judges quality and safety and writes captions;
what that takes is said before the first question ("gpic-lab filter POOL --estimate" says it and asks nothing). Else measures judge quality, nobody
judges safety, and captions are the pool's: the funnel says so.

Exit: 0 the release is whole; 1 the model owes answers about some images, which are left out, and the same call asks again.

example:
  gpic-lab curate sample-pool --out release
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ out: { type: "string" }, recipe: { type: "string" }, captions: { type: "string" } },
        ...{ features: { type: "string" }, answers: { type: "string" } },
        ...{ "no-model": { type: "boolean" }, json: { type: "boolean" } },
      },
    } as const);
    const [name, more] = positionals;
    if (name === undefined || more !== undefined)
      throw new UsageError(`curate takes one POOL, got ${more === undefined ? "none" : `"${more}" too`}`);
    const { out } = values;
    if (!out) throw new UsageError("curate takes --out DIR, got none");
    const pool = samplePoolOr(name);
    const recipe = recipeOf(values.recipe ?? besidePool(pool, ["recipe.json"]));
    checkFile("captions", values.captions, [".csv", ".parquet"]);
    checkFile("features", values.features, [".npz"]);
    const endpoint = values["no-model"] ? undefined : endpointOf();
    if (endpoint !== undefined && values.captions !== undefined)
      throw new UsageError(
        "--captions is for a run without a model, and GPIC_LAB_VLM_URL names one: add --no-model, or leave --captions out",
      );
    if (endpoint === undefined && values.answers !== undefined)
      throw new UsageError("--answers is for a run with a model (GPIC_LAB_VLM_URL), got none");
    return stoppable(async (signal) => {
      const line = statusLine();
      const tables = values.captions ?? besidePool(pool, ["captions.csv", "captions.parquet"]);
      const captions =
        endpoint === undefined && tables !== undefined ? await readCaptions(tables) : undefined;
      const folder = values.answers ?? join(currentSettings().cache, "curation", nameHash(pool));
      const answers = endpoint === undefined ? undefined : await AnswerFolder.open(folder);
      try {
        const manifest = await curate(pool, {
          ...{ out, recipe, captions, signal },
          client: endpoint && new VlmClient(endpoint, { answers, now: seconds }),
          describedBy: values.features && (await hashFile(values.features, { signal })).sha256,
          describe: (set, keys, control) => describeImages(set, keys, { ...control, file: values.features }),
          onProgress: progressLine(line, endpoint && answers && askingLine(endpoint, answers)),
        });
        line.clear();
        if (values.json) printJson(curationJson(manifest, out));
        else process.stdout.write(curationText(manifest, out));
        return manifest.owed === 0 ? 0 : 1;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        throw new Error(`the disk of ${out} is full: free some space, and the same call goes on`, {
          cause: error,
        });
      } finally {
        line.clear();
        await answers?.close();
      }
    });
  },
};

function checkFile(option: string, path: string | undefined, ends: readonly string[]): void {
  if (path === undefined) return;
  if (!ends.some((end) => path.endsWith(end)))
    throw new UsageError(`--${option} is a file that ends with ${ends.join(" or ")}, got "${path}"`);
  if (!existsSync(path)) throw new UsageError(`--${option} is a file, got "${path}", which is not there`);
}

/** A file that lies in a pool's folder; undefined where none of the names is there. */
function besidePool(pool: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(pool, name)).find((path) => existsSync(path));
}

function recipeOf(path: string | undefined): CurationRecipe {
  if (path === undefined) return curationRecipe();
  let given: unknown;
  try {
    // editors of some systems begin a file with a byte-order mark
    given = JSON.parse(readFileSync(path, "utf8").replace(/^\ufeff/, ""));
  } catch (error) {
    throw new UsageError(`a recipe is a file of JSON, got ${path}: ${(error as Error).message}`);
  }
  const inside =
    typeof given === "object" && given !== null && "format" in given && "recipe" in given
      ? given.recipe
      : given;
  try {
    return curationRecipe(inside);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw new UsageError(`${error.message} (in ${path})`);
    throw error;
  }
}

function nameHash(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}
