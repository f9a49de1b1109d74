/** `gpic-lab corpus stats`: one page of what is in a corpus. */
import { parseArgs } from "node:util";
import {
  type CorpusProblem,
  type CorpusSummary,
  describeProblem,
  openCorpus,
  summarise,
} from "../../../lib/corpus/index.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";

export const command: Command = {
  help: `
gpic-lab corpus stats [CORPUS] ${CHOICE_USAGE} [--json]

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
      options: choiceOptions,
    });
    const corpus = await openCorpus(corpusName("stats", positionals), shardChoice(values));
    const problems: CorpusProblem[] = [];
    const records = corpus.records({ onProblem: (problem) => problems.push(problem) });
    const summary = await summarise(records, problems);
    if (values.json) printJson(jsonOf(corpus.describe(), summary));
    else process.stdout.write(pageOf(corpus.describe(), summary));
    return 0;
  },
};

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
    ...problems.slice(0, 10).map((p) => ["", oneLine(describeProblem(p))] as const),
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
