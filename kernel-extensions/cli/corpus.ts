/** `gpic-lab corpus`: looks into a corpus. */
import { parseArgs } from "node:util";
import {
  type CorpusProblem,
  type CorpusSummary,
  openCorpus,
  parseShardNumbers,
  type ShardChoice,
  summarise,
} from "../../lib/corpus/index.js";
import { oneLine } from "../show/escape.js";
import { type Command, printJson, UsageError } from "./command.js";

export const command: Command = {
  help: `
gpic-lab corpus stats [CORPUS] [--tier nano|lite|full] [--split train|val|test] [--shards 0-3] [--json]

Counts a corpus without reading a pixel: images, bytes, pixels, caption types, licences, sources, problems.
CORPUS is "sample" (the default), a folder with train/, val/ or test/ and shards named gpic_{split}_NNNNN.tar
in them, or one tar. Problems are counted, not fatal: what is sound is counted without them.

example:
  gpic-lab corpus stats sample --tier nano --json
  { "corpus": "...", "images": 14, "bytes": ..., "caption_types": { "tag": 0, "short": 6, ... }, ... }
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        tier: { type: "string" },
        split: { type: "string" },
        shards: { type: "string" },
      },
    });
    const [verb, name, ...rest] = positionals;
    if (verb !== "stats")
      throw new UsageError(`corpus takes the verb stats, got ${verb === undefined ? "none" : `"${verb}"`}`);
    if (rest.length > 0) throw new UsageError(`corpus stats takes one corpus, got "${rest[0]}" too`);
    const choice = {
      tier: oneOf("tier", values.tier, ["nano", "lite", "full"]),
      split: oneOf("split", values.split, ["train", "val", "test"]),
      shards: shardNumbers(values.shards),
    } satisfies ShardChoice;
    const corpus = await openCorpus(name ?? "sample", choice);
    const problems: CorpusProblem[] = [];
    const records = corpus.records({ onProblem: (problem) => problems.push(problem) });
    const summary = await summarise(records, problems);
    if (values.json) printJson(jsonOf(corpus.describe(), summary));
    else process.stdout.write(pageOf(corpus.describe(), summary));
    return 0;
  },
};

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  words: readonly T[],
): T | undefined {
  if (value === undefined || words.includes(value as T)) return value as T | undefined;
  throw new UsageError(`--${option} is ${words.join(", ")}, got "${value}"`);
}

function shardNumbers(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    parseShardNumbers(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new UsageError(error.message) : error;
  }
  return text;
}

function jsonOf(corpus: string, summary: CorpusSummary) {
  const { images, bytes, pixels, caption_types, licences, sources, problems } = summary;
  return { corpus, images, bytes, pixels, caption_types, licences, sources, problems };
}

function pageOf(corpus: string, summary: CorpusSummary): string {
  const { images, bytes, pixels, problems } = summary;
  const mean = (sum: number) => (images === 0 ? "-" : String(Math.round(sum / images)));
  const rows: (readonly [string, string])[] = [
    ["images", String(images)],
    ["bytes", `${bytes} (${mean(bytes)} an image)`],
    ["pixels", `${pixels} (${mean(pixels)} an image)`],
    ...counts("captions", summary.caption_types, images),
    ...counts("licence", summary.licences, images),
    ...counts("source", summary.sources, images),
    ["problems", String(problems.length)],
    ...problems.slice(0, 10).map((p) => ["", oneLine(`${p.shard} at ${p.offset}: ${p.message}`)] as const),
    ...(problems.length > 10 ? [["", `and ${problems.length - 10} more (--json lists them)`] as const] : []),
  ];
  return `${oneLine(corpus)}\n${rows.map(([name, text]) => `  ${name.padEnd(10)}${text}\n`).join("")}`;
}

function counts(
  title: string,
  by: { readonly [name: string]: number },
  images: number,
): (readonly [string, string])[] {
  return Object.entries(by).map(([name, count], i) => {
    const share = images === 0 ? "" : `  ${((100 * count) / images).toFixed(1)} %`;
    return [
      i === 0 ? title : "",
      `${oneLine(name).slice(0, 40).padEnd(40)}${String(count).padStart(8)}${share}`,
    ];
  });
}
