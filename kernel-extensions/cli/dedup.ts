/** `gpic-lab dedup`: which images of a corpus are copies of others, by the paper's rule (section 2.3). */
import { parseArgs } from "node:util";
import {
  type Descriptors,
  describeImages,
  type HashedImage,
  hashImages,
  PAPER_RULE,
  type RemovedCopies,
  RULE_CHOICES,
  type RuleVariant,
  removeCopies,
  rowsOfKeys,
  ruleVariants,
  type UnreadImage,
} from "../../lib/dedup/index.js";
import { openImages } from "../../lib/images/index.js";
import { oneLine } from "../show/escape.js";
import { type Command, printJson, UsageError } from "./command.js";
import { CHOICE_USAGE, choiceOptions, shardChoice } from "./corpus/choice.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { CHOICE_NAMES, ruleOptionWords, ruleWords } from "./dedup/rule-words.js";
import { samplePoolOr } from "./sample-pool.js";

export const command: Command = {
  help: `
gpic-lab dedup [CORPUS] [--features F.npz] [--graph 0.9] [--pair 0.9625] [--min-component 5] [--choices]
               [--journal FILE] ${CHOICE_USAGE} [--json]

Finds copies among a corpus' images: the same bytes, the same pixels, then the paper's rule on SSCD descriptors: of a pair
above 0.9625 the lower resolution goes, of a component of five or more at 0.90 all but the highest. Every image that goes
is named with the one that stays for it. Nothing is deleted. CORPUS is "sample" (the default), "sample-pool", a folder or
a tar of shards, a folder of images, hf://stanford-vision-lab/gpic.

  --features F.npz   descriptors with keys, as "gpic-lab features --encoder sscd" writes them; without it the committed ones
                     where all pictures are the sample's, else sscd-int8 runs
  --graph T, --pair T, --min-component N      the rule's numbers
${Object.entries(CHOICE_NAMES)
  .map(
    ([option, name]) =>
      `  --${`${option} W`.padEnd(17)} ${RULE_CHOICES[name].join(", ")} (${PAPER_RULE[name]})`,
  )
  .join("\n")}
                     what the paper does not say, each by name
  --choices          also what each of these choices would keep
  --journal FILE     finished blocks of the comparison, so that a large one that was stopped goes on; hashes and
                     descriptors are made anew
  --tier, --split, --shards   the part of a corpus
  --json             { "kept", "removed": [{ "key", "kept_key", "similarity", "rule", "via" }], "images", "by_rule",
                     "unread": [{ "key", "message" }], "pairs", "descriptors", "rule", "choices" }

Exit: 0 every image was compared, 1 some could not be read.

example:
  gpic-lab dedup sample-pool
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        ...{ features: { type: "string" }, journal: { type: "string" }, choices: { type: "boolean" } },
        ...ruleOptionWords,
      },
    } as const);
    const [name = "sample", more] = positionals;
    if (more !== undefined) throw new UsageError(`dedup takes one CORPUS, got "${more}" too`);
    const rule = ruleWords(values);
    const choice = shardChoice(values);
    const chosen = (["tier", "split", "shards"] as const).find((option) => choice[option] !== undefined);
    if (name === "sample-pool" && chosen !== undefined)
      throw new UsageError(
        `--${chosen} is for a corpus; sample-pool has no tiers, splits or numbered shards`,
      );
    for (const option of ["features", "journal"] as const)
      if (values[option] === "") throw new UsageError(`--${option} is a file, got ""`);
    const work = async (signal: AbortSignal) => {
      const line = statusLine();
      const path = samplePoolOr(name);
      const set = await openImages(path, { ...choice, signal });
      try {
        const { images, unread } = await hashImages(set, {
          signal,
          onProgress: (count) => line.show(() => `dedup: ${count} images read`),
        });
        const keys = images.map(({ key }) => key);
        const described = await describeImages(set, keys, {
          ...{ file: values.features, signal },
          bytesSha256: new Map(images.map(({ key, bytesSha256 }) => [key, bytesSha256])),
          onImages: (done) =>
            line.show(() =>
              done === 0
                ? "dedup: reading the weights of sscd-int8"
                : `dedup: ${done} of ${keys.length} images described`,
            ),
        });
        const result = await removeCopies(
          { images, rows: rowsOfKeys(keys, described) },
          {
            ...{ rule, signal, journal: values.journal },
            onProgress: ({ compared, total, found }) =>
              line.show(
                () => `dedup: ${((100 * compared) / total).toFixed(1)} % compared, ${found} pairs found`,
              ),
          },
        );
        line.clear();
        for (const { key, message } of unread)
          process.stderr.write(`gpic-lab: ${oneLine(`${key}: ${message}`)}\n`);
        const choices = values.choices ? ruleVariants(result.input, rule) : undefined;
        if (values.json) printJson(jsonOf(result, unread, described, choices));
        else process.stdout.write(textOf(result, images, unread, described, choices));
        return unread.length === 0 ? 0 : 1;
      } finally {
        line.clear();
        await set.close();
      }
    };
    return stoppable(work, afterStop(values.journal));
  },
};

/** What a stop leaves: hashes and descriptors are kept nowhere. */
function afterStop(journal: string | undefined): string {
  return journal === undefined
    ? "the same call begins anew (with --journal FILE a comparison that has begun goes on)"
    : "the same call reads and describes the images again, then goes on with the comparison where its journal ends";
}

function jsonOf(
  result: RemovedCopies,
  unread: readonly UnreadImage[],
  { from }: Descriptors,
  choices: readonly RuleVariant[] | undefined,
) {
  return {
    kept: result.kept.length,
    removed: result.removed.map(({ key, keptKey, similarity, rule, via }) => ({
      ...{ key, kept_key: keptKey, similarity, rule, via },
    })),
    images: result.kept.length + result.removed.length,
    by_rule: result.byRule,
    unread,
    pairs: result.join.pairs.count,
    descriptors: from,
    rule: result.options,
    ...(choices === undefined ? {} : { choices }),
  };
}

const KEY_CHARACTERS = 24;

function textOf(
  { kept, removed, byRule, join, options }: RemovedCopies,
  images: readonly HashedImage[],
  unread: readonly UnreadImage[],
  { from }: Descriptors,
  choices: readonly RuleVariant[] | undefined,
): string {
  const counts = Object.entries(byRule)
    .map(([rule, count]) => `${count} ${rule}`)
    .join(", ");
  const sign = options.comparison === "above" ? "above" : "at or above";
  const lines = [
    `${kept.length} of ${images.length} images stay, ${removed.length === 1 ? "1 is a copy" : `${removed.length} are copies`} (${counts})${unread.length > 0 ? `; ${unread.length} could not be read` : ""}`,
    `  descriptors  ${from}`,
    `  compared     ${join.total} pairs of images, ${join.pairs.count} at or above ${options.graphThreshold}`,
    `  rule         pairs ${sign} ${options.pairThreshold}; components of ${options.minComponent} ${sign} ${options.graphThreshold}`,
  ];
  if (removed.length > 0) lines.push("", ...removedLines(removed));
  if (choices !== undefined)
    lines.push(
      "",
      ...choices.map(
        ({ silence, choice, isBase, kept: stay, differs }) =>
          `${`${silence} ${choice}`.padEnd(40)} keeps ${stay}${isBase ? "" : `, ${differs} differ`}`,
      ),
    );
  return lines.map((text) => `${text}\n`).join("");
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= KEY_CHARACTERS
    ? text
    : `${characters.slice(0, KEY_CHARACTERS - 3).join("")}...`;
}

function removedLines(removed: RemovedCopies["removed"]): string[] {
  const short = (key: string) => shortened(oneLine(key)).padEnd(KEY_CHARACTERS);
  return [
    `${"removed".padEnd(KEY_CHARACTERS)}  ${"stays for it".padEnd(KEY_CHARACTERS)}  cosine  rule`,
    ...removed.map(
      ({ key, keptKey, similarity, rule, via }) =>
        `${short(key)}  ${short(keptKey)}  ${similarity.toFixed(4)}  ${rule}${via.length > 0 ? ` (through ${via.length})` : ""}`,
    ),
  ];
}
