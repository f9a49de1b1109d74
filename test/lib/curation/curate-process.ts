/** A process that curates the sample's pool into a folder: to be killed. */
import { readFileSync } from "node:fs";
import { curate, curationRecipe, readCaptions } from "gpic-lab/curation";
import { describeImages } from "gpic-lab/dedup";
import { packageFile } from "gpic-lab/io";

const pool = packageFile("data", "sample", "pool");
await curate(pool, {
  ...{ out: process.argv[2]!, describe: describeImages },
  recipe: curationRecipe(JSON.parse(readFileSync(`${pool}/recipe.json`, "utf8"))),
  captions: await readCaptions(`${pool}/captions.csv`),
});
