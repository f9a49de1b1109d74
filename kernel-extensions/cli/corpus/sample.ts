/** `gpic-lab corpus sample`: images drawn by seed, each with the same chance, without reading the whole corpus. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ImageRecord, openCorpus } from "../../../lib/corpus/index.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson, UsageError } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";

const DEFAULT_COUNT = 10;
/** A draw is for looking at; whoever wants more reads shards in order. */
const MOST_COUNT = 100_000;

export const command: Command = {
  help: `
gpic-lab corpus sample [CORPUS] [--count N] [--seed TEXT] [--out DIR] ${CHOICE_USAGE} [--json]

Draws images by seed, each with the same chance: from the index where CORPUS is the folder of one, else by jumps into
the shards (on the Hub a hundred small reads or so an image, a quarter of a megabyte; no shard is downloaded). The same
seed draws the same images, the two ways each their own.

  --count N    how many, ${DEFAULT_COUNT} without it
  --seed TEXT  any text, "0" without it
  --out DIR    write each image and its JSON there, named as in the shard; what is there already is overwritten

example:
  gpic-lab corpus sample sample --count 1 --seed 7
  the sample corpus that gpic-lab carries: 11 shards (8 train, 1 val, 2 test), 15.1 MB
    637cdc7e78f0 medium 320 x 226 CC BY 1.0 test/gpic_test_00000.tar A pair of open scissors with ...
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        ...{ count: { type: "string" }, seed: { type: "string" } },
        out: { type: "string" },
      },
    });
    const corpus = await openCorpus(corpusName("sample", positionals), shardChoice(values));
    const count = wholeNumber(values.count);
    const records = await corpus.draw(count, { seed: values.seed ?? "0" });
    if (values.out !== undefined) await writeImages(values.out, records);
    if (values.json) printJson(records.map(plain));
    else process.stdout.write(`${oneLine(corpus.describe())}\n${records.map(lineOf).join("")}`);
    return 0;
  },
};

function wholeNumber(text: string | undefined): number {
  if (text === undefined) return DEFAULT_COUNT;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_COUNT) return count;
  throw new UsageError(`--count is a whole number from 1 to ${MOST_COUNT}, got "${text}"`);
}

async function writeImages(folder: string, records: readonly ImageRecord[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const record of records) {
    // a key is 64 hexadecimal digits: the reader saw to it, so it cannot leave the folder
    writeFileSync(join(folder, `${record.key}.${record.imageExtension}`), await record.readImage());
    writeFileSync(join(folder, `${record.key}.json`), `${JSON.stringify(plain(record), null, 2)}\n`);
  }
}

function plain({ readImage: _, ...fields }: ImageRecord): Omit<ImageRecord, "readImage"> {
  return fields;
}

function lineOf(record: ImageRecord): string {
  const size = `${record.img_width} x ${record.img_height}`;
  const text = `${record.key.slice(0, 12)}  ${record.caption_type.padEnd(6)}  ${size.padStart(11)}  ${record.license}  ${record.shard}  ${record.caption}`;
  return `  ${oneLine(text).slice(0, 160)}\n`;
}
