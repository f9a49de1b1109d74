/** `gpic-lab corpus stats`: one page of what is in a corpus. */
import { parseArgs } from "node:util";
import {
  type CaptionLengths,
  type Corpus,
  type CorpusSurvey,
  type CountRow,
  captionLengths,
  countImages,
  countProblems,
  type DuplicateGroup,
  describeProblem,
  exactDuplicates,
  imageSizes,
  openCorpus,
  surveyCorpus,
} from "../../../lib/corpus/index.js";
import { oneLine } from "../../show/escape.js";
import { type Command, printJson } from "../command.js";
import { CHOICE_USAGE, choiceOptions, corpusName, shardChoice } from "./choice.js";
import { indexProgress } from "./progress.js";

export const command: Command = {
  help: `
gpic-lab corpus stats [CORPUS] ${CHOICE_USAGE} [--json]

Counts a corpus without reading a pixel: images, bytes, pixels, sizes, licences, sources, caption types and their
lengths, problems. CORPUS is "sample" (the default), a folder with train/, val/ or test/ and shards named
gpic_{split}_NNNNN.tar in them, one tar, or a folder that "gpic-lab corpus index" made. The counts come from the
index, which is built in the cache where there is none yet. Problems are counted, not fatal: what is sound is counted
without them; a key that stands in an earlier shard too is counted and told. Pictures are not opened: "gpic-lab corpus
verify" compares their heads. Of an index that was built with --hash, copies are pictures with the same bytes (1,000
groups at the most). Sentences, words and CLIP tokens (start and end not counted) are those of the captions.

example:
  gpic-lab corpus stats sample --tier nano --json
  { "corpus": "...", "images": 14, "bytes": ..., "caption_types": { "tag": 0, "short": 8, ... }, ... }
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: choiceOptions,
    });
    const corpus = await openCorpus(corpusName("stats", positionals), shardChoice(values));
    const stats = await statsOf(corpus);
    if (values.json) printJson(jsonOf(stats));
    else process.stdout.write(pageOf(stats));
    return 0;
  },
};

interface Stats {
  readonly corpus: string;
  readonly survey: CorpusSurvey;
  readonly sizes: Awaited<ReturnType<typeof imageSizes>>;
  readonly captions: readonly CaptionLengths[];
  readonly categories: readonly CountRow[];
  /** Licences by name and what the name and URL mean. */
  readonly licences: readonly LicenceRow[];
  readonly kinds: Awaited<ReturnType<typeof countProblems>>;
  /** Pictures whose bytes are the same; absent where the index holds no hashes. */
  readonly copies?: readonly DuplicateGroup[];
}

interface LicenceRow {
  readonly name: string;
  readonly spdx: string | null;
  readonly category: string;
  readonly permissive: boolean;
  readonly images: number;
}

async function statsOf(corpus: Corpus): Promise<Stats> {
  const progress = indexProgress();
  const survey = await surveyCorpus(corpus, { onProgress: progress.show }).finally(progress.clear);
  const licences = await corpus.query(`
    SELECT license AS name, spdx, licence_category AS category, permissive, count(*) AS images
    FROM images GROUP BY ALL ORDER BY images DESC, name, spdx`);
  return {
    corpus: corpus.describe(),
    survey,
    sizes: await imageSizes(corpus),
    captions: await captionLengths(corpus),
    categories: await countImages(corpus, "licence_category"),
    licences: licences.toArray().map((row) => row.toJSON() as unknown as LicenceRow),
    kinds: await countProblems(corpus),
    ...((await corpus.index()).hashed ? { copies: await exactDuplicates(corpus) } : {}),
  };
}

function jsonOf({ corpus, survey, sizes, captions, categories, licences, kinds, copies }: Stats) {
  const { images, bytes, pixels, caption_types, problems } = survey;
  return {
    ...{ corpus, images, bytes, pixels, caption_types, licences: survey.licences, sources: survey.sources },
    licence_categories: Object.fromEntries(categories.map((row) => [row.value, row.images])),
    licence_names: licences,
    sizes,
    caption_lengths: captions,
    problem_kinds: Object.fromEntries(kinds.map((row) => [row.kind, row.problems])),
    problems,
    ...(copies === undefined ? {} : { exact_duplicates: copies }),
  };
}

type Line = readonly [title: string, text: string];

function pageOf({ corpus, survey, sizes, captions, categories, licences, kinds, copies }: Stats): string {
  const { images, bytes, pixels, problems } = survey;
  const mean = (sum: number) => (images === 0 ? "-" : String(Math.round(sum / images)));
  const lines: Line[] = [
    ["images", String(images)],
    ["bytes", `${bytes} (${mean(bytes)} an image)`],
    ["pixels", `${pixels} (${mean(pixels)} an image)`],
    ...(images === 0 ? [] : sizeLines(sizes)),
    ...counted(
      "licence",
      licences.map((row) => ({
        name: row.name,
        images: row.images,
        more: `${row.spdx ?? "not recognised"}, ${row.category}, ${row.permissive ? "accepted" : "not accepted"}`,
      })),
      images,
    ),
    ...counted(
      "category",
      [
        ...categories.map((row) => ({ name: row.value ?? "", images: row.images })),
        ...(categories.some((row) => row.value === "unknown") ? [] : [{ name: "unknown", images: 0 }]),
      ],
      images,
    ),
    ...counted("source", entries(survey.sources), images),
    ...counted("captions", entries(survey.caption_types), images),
    ...captionLines(captions),
    ...(copies === undefined ? [] : [copyLine(copies)]),
    ["problems", String(problems.length)],
    ...kinds.map(
      (row): Line => [
        "",
        `${oneLine(row.kind)}: ${row.problems} in ${row.shards} ${row.shards === 1 ? "shard" : "shards"}`,
      ],
    ),
    ...problems.slice(0, 10).map((p): Line => ["", oneLine(describeProblem(p))]),
    ...(problems.length > 10 ? [["", `and ${problems.length - 10} more (--json lists them)`] as const] : []),
  ];
  return `${oneLine(corpus)}\n${lines.map(([name, text]) => `  ${name.padEnd(10)}${text}\n`).join("")}`;
}

function copyLine(copies: readonly DuplicateGroup[]): Line {
  const images = copies.reduce((sum, group) => sum + group.images, 0);
  const first = copies[0]?.places.map(({ key }) => key.slice(0, 12)).join(" and ");
  return [
    "copies",
    first === undefined
      ? "none, by the bytes of the pictures"
      : `${images} images in ${copies.length} groups of the same bytes, such as ${first}`,
  ];
}

function sizeLines(sizes: Stats["sizes"]): Line[] {
  const units = { width: "px", height: "px", pixels: "megapixels", bytes: "kB", aspect: "" } as const;
  const scale = { width: 1, height: 1, pixels: 1e-6, bytes: 1e-3, aspect: 1 } as const;
  return sizes.map((row, at) => {
    const text = (value: number | null) => String(Number(((value ?? 0) * scale[row.measure]).toPrecision(4)));
    const name = row.measure === "aspect" ? "width / height" : row.measure;
    return [
      at === 0 ? "sizes" : "",
      `${name.padEnd(15)}mean ${text(row.mean)}, median ${text(row.median)}, ${text(row.min)} to ${text(row.max)} ${units[row.measure]}`.trimEnd(),
    ];
  });
}

function captionLines(captions: readonly CaptionLengths[]): Line[] {
  const types = [...new Set(captions.map((row) => row.caption_type))];
  return types.map((type, at) => {
    const texts = captions
      .filter((row) => row.caption_type === type)
      .map(
        (row) =>
          `${(row.mean ?? 0).toFixed(1)} ${row.measure === "clip_tokens" ? "CLIP tokens" : row.measure}`,
      );
    const over = captions.find(
      (row) => row.caption_type === type && row.share_over_77 !== null,
    )?.share_over_77;
    const cut = over ? `, ${(100 * over).toFixed(1)} % too long for CLIP` : "";
    return [at === 0 ? "lengths" : "", `${type.padEnd(8)}mean ${texts.join(", ")}${cut}`];
  });
}

function entries(counts: { readonly [name: string]: number }): { name: string; images: number }[] {
  return Object.entries(counts).map(([name, images]) => ({ name, images }));
}

function counted(
  title: string,
  rows: readonly { readonly name: string; readonly images: number; readonly more?: string }[],
  images: number,
): Line[] {
  return rows.map(({ name, images: count, more }, at) => {
    const share = images === 0 ? "" : `  ${((100 * count) / images).toFixed(1).padStart(5)} %`;
    const text = `${oneLine(name).slice(0, 40).padEnd(40)}${String(count).padStart(8)}${share}`;
    return [at === 0 ? title : "", more === undefined ? text : `${text}  ${oneLine(more)}`];
  });
}
