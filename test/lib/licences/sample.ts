/** The sample's pool and release as their shards describe them, read without the corpus. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openFileSource, packageFile, tarEntries } from "gpic-lab/io";
import type { CreditedImage } from "gpic-lab/licences";

/** A record of the pool; those of the release have no title, author, source and changes. */
export interface SampleRecord extends CreditedImage {
  readonly source?: string;
}

/** Every JSON of the shards below a folder of the sample. */
export async function sampleRecords(folder: "pool" | "release"): Promise<SampleRecord[]> {
  const root = packageFile("data", "sample", folder);
  const shards = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".tar"),
  );
  const records: SampleRecord[] = [];
  for (const shard of shards.sort()) {
    const source = await openFileSource(join(root, shard));
    for await (const { name, offset, size } of tarEntries(source))
      if (name.endsWith(".json"))
        records.push(JSON.parse(new TextDecoder().decode(await source.read(offset, size))) as SampleRecord);
    await source.close();
  }
  return records;
}
