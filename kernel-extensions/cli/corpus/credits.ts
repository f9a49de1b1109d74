/** `gpic-lab corpus credits`: whom to thank for every image of a corpus, as its licence asks. */
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { creditedImages, openCorpus } from "../../../lib/corpus/index.js";
import {
  type CreditsFormatName,
  type CreditsSummary,
  creditsFormatNames,
  missingCredits,
  writeCredits,
} from "../../../lib/licences/index.js";
import { type Command, printJson, UsageError } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";
import { indexProgress } from "./progress.js";

export const command: Command = {
  help: `
gpic-lab corpus credits [CORPUS] [--format ${creditsFormatNames.join("|")}] [--out FILE] [--title TEXT]
                        ${CHOICE_USAGE} [--json]

Writes the credit of every image: title, author, source, licence with its link, changes; grouped by licence, source
and author. CC BY asks for this wherever the pictures are shared. What a licence asks for and the corpus does not say
(the release withholds the addresses of the originals) is counted at the end.

  --format F    markdown without it
  --out FILE    write there instead of to standard output; the file appears when it is whole
  --title TEXT  heading of Markdown and HTML
  --json        print the counts as JSON; needs --out

example:
  gpic-lab corpus credits sample --format html --out credits.html --json
  { "images": 152, "complete": 133, ... }
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        format: { type: "string" },
        out: { type: "string" },
        title: { type: "string" },
      },
    });
    const name = corpusName("credits", positionals);
    const format = formatOf(values.format);
    if (values.json && values.out === undefined)
      throw new UsageError("--json prints counts and needs --out FILE for the credits");
    const corpus = await openCorpus(name, shardChoice(values));
    const progress = indexProgress();
    const index = await corpus.index({ onProgress: progress.show }).finally(progress.clear);
    let summary: CreditsSummary | undefined;
    const text = writeCredits(creditedImages(index), {
      format,
      ...(values.title === undefined ? {} : { title: values.title }),
      onSummary: (counted) => {
        summary = counted;
      },
    });
    if (values.out === undefined) await pipeline(Readable.from(text), process.stdout, { end: false });
    else await writeWhole(values.out, text);
    if (values.json && summary !== undefined) printJson(summary);
    else if (summary !== undefined) process.stderr.write(summaryOf(summary));
    return 0;
  },
};

function formatOf(text: string | undefined): CreditsFormatName {
  const format = creditsFormatNames.find((name) => name === (text ?? "markdown"));
  if (format === undefined)
    throw new UsageError(`--format is ${creditsFormatNames.join(", ")}, got "${text}"`);
  return format;
}

async function writeWhole(file: string, text: AsyncIterable<string>): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(text), createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function summaryOf({ images, complete, missing }: CreditsSummary): string {
  const lacks = missingCredits
    .filter((what) => missing[what] > 0)
    .map((what) => `${what} ${missing[what]}`)
    .join(", ");
  return `${images} images, ${complete} with all that their licence asks for${lacks === "" ? "" : `; missing: ${lacks}`}\n`;
}
