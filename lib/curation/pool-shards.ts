/** The shards of a pool: all that lie there, or an error; a shard that is passed over in silence is lost. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isHubName, openCorpus, type Shard, shardAt, splits } from "../corpus/index.js";

/**
 * The shards of a pool, by name.
 * @param name a folder or a tar of shards, a corpus' folder, hf://ORGANISATION/NAME
 * @throws Error where there are none, or something lies beside them that may be one and would not be read
 */
export async function poolShards(name: string): Promise<readonly Shard[]> {
  if (name === "sample" || isHubName(name)) return (await openCorpus(name)).shards;
  const found = await stat(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw new Error(
      `Cannot read a pool: a folder or a tar of shards is needed, got "${name}", which is not there`,
    );
  });
  if (!found.isDirectory()) return [shardAt(name)];
  const files = readdirSync(name, { withFileTypes: true }).filter((file) => !file.name.startsWith("."));
  const tars = files.filter((file) => file.name.endsWith(".tar"));
  const odd =
    files.find(
      (file) =>
        /\.(?:tar\.\w+|tgz)$/i.test(file.name) || /\.TAR$/i.test(file.name) !== file.name.endsWith(".tar"),
    ) ?? tars.find((file) => !statSync(join(name, file.name), { throwIfNoEntry: false })?.isFile());
  if (odd !== undefined)
    throw new Error(
      `Cannot read the pool ${name}: shards are plain files that end with .tar, got ${JSON.stringify(odd.name)}; unpack it, rename it or take it away`,
    );
  const hasSplits = splits.some((split) => existsSync(join(name, split)));
  if (tars.length > 0 && hasSplits)
    throw new Error(
      `Cannot read the pool ${name}: shards in it or in its train/, val/ and test/ are needed, got both; name the folder that is meant, or one tar`,
    );
  if (hasSplits) return (await openCorpus(name)).shards;
  if (tars.length === 0)
    throw new Error(
      `Cannot read the pool ${name}: shards that end with .tar, or train/, val/ and test/ with them, are needed, got none`,
    );
  return tars
    .map((file) => file.name)
    .sort()
    .map((file) => shardAt(join(name, file)));
}
