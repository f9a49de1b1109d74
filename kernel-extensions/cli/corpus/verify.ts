/** `gpic-lab corpus verify`: whether every record of a corpus is as the data card says, and what is not. */
import { parseArgs } from "node:util";
import {
  type CorpusProblem,
  type CorpusProgress,
  type CorpusVerification,
  describeProblem,
  openCorpus,
  verifyCorpus,
} from "../../../lib/corpus/index.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";
import { statusLine } from "./status-line.js";

export const command: Command = {
  help: `
gpic-lab corpus verify [CORPUS] ${CHOICE_USAGE} [--json]

Reads every header, every JSON and the head of every picture: whether the archive is whole, each JSON has its image and
each image its JSON, every field is there and in range, the key is the file's name and no other record's, and width and
height are the picture's own. Each problem is a line: shard, byte, record, kind, what is needed, what is there. Damage
costs the records that it hit, and no others.

  --json    { "corpus", "sound", "shards", "bytes", "counts", "problems": [{ "shard", "offset", "key", "kind",
            "expected", "found" }] }

Exit: 0 nothing is wrong, 1 something is.

example:
  gpic-lab corpus verify sample
  the sample corpus that gpic-lab carries: 11 shards (8 train, 1 val, 2 test), 15.1 MB
  0 problems, 152 sound images in 11 shards
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: choiceOptions,
    });
    const corpus = await openCorpus(corpusName("verify", positionals), shardChoice(values));
    // lines go out as they are found, so that memory does not grow with the damage; a JSON text must be whole
    const line = statusLine();
    const onProgress = (progress: CorpusProgress) => line.show(() => progressText(progress));
    const print = (problem: CorpusProblem) => process.stdout.write(`${oneLine(describeProblem(problem))}\n`);
    const result = await verifyCorpus(corpus, {
      onProgress,
      ...(values.json ? { mostProblems: Number.POSITIVE_INFINITY } : { mostProblems: 0, onProblem: print }),
    }).finally(line.clear);
    if (values.json) printJson({ corpus: corpus.describe(), ...result });
    else process.stdout.write(summaryOf(corpus.describe(), result));
    return Object.keys(result.counts).length === 0 ? 0 : 1;
  },
};

function progressText({ shardsDone, shardsTotal, images }: CorpusProgress): string {
  return `${shardsDone} of ${shardsTotal} shards, ${images} sound images`;
}

function summaryOf(corpus: string, { sound, shards, counts }: CorpusVerification): string {
  const kinds = Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  const width = Math.max(0, ...kinds.map(([kind]) => kind.length)) + 2;
  return [
    `${oneLine(corpus)}`,
    `${total} ${total === 1 ? "problem" : "problems"}, ${sound} sound ${sound === 1 ? "image" : "images"} in ${shards} ${shards === 1 ? "shard" : "shards"}`,
    ...kinds.map(([kind, count]) => `  ${kind.padEnd(width)}${String(count).padStart(8)}`),
    "",
  ].join("\n");
}
