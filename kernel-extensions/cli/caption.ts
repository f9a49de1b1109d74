/** `gpic-lab caption`: captions of a set of images by a vision-language model, by the rules of the paper's section 2.4. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { captionImages, createCaptionFile } from "../../lib/captions/index.js";
import { type ImageSet, openImages } from "../../lib/images/index.js";
import { currentSettings } from "../../lib/io/index.js";
import { AnswerFolder, VlmClient } from "../../lib/vlm/index.js";
import { planCaptions, planJson, planText, takesText } from "./caption-plan.js";
import { CaptionTally, captionJson, captionTable, MOST_LISTED_JSON } from "./caption-report.js";
import { seconds } from "./clock.js";
import { type Command, printJson, UsageError } from "./command.js";
import { CHOICE_USAGE, choiceOptions, shardChoice } from "./corpus/choice.js";
import { timeText } from "./corpus/progress.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { afterStop, endpointOf, NO_ENDPOINT_WORDS, refuseOptions } from "./endpoint-words.js";
import { knownOf } from "./filter-estimate.js";
import { samplePoolOr } from "./sample-pool.js";

export const command: Command = {
  help: `
gpic-lab caption [CORPUS] [--out FILE] [--seed N] [--answers DIR] [--estimate]
                 [--seconds-per-answer S] [--prices IN,OUT]
                 ${CHOICE_USAGE} [--json]

Writes one caption an image by a vision-language model behind an OpenAI-compatible endpoint (vLLM, SGLang) that
GPIC_LAB_VLM_URL, GPIC_LAB_VLM_MODEL and, where needed, GPIC_LAB_VLM_KEY and GPIC_LAB_VLM_CONCURRENCY name. The type is
drawn by the image's key: tag 1 %, short 45 %, medium 45 %, long 9 %. Each answer is checked by the rules of the
paper's section 2.4 (length, language, nothing left of a chat); one that breaks a rule is asked for once more with what
was wrong, and then counts as failed. Where no endpoint is named, no caption is written: the call shows what it would
ask, and what that would take.

CORPUS is "sample" (the default), "sample-pool", a folder or tar of shards, hf://stanford-vision-lab/gpic, a folder of
images, one image, a .npy or a .npz. Stopped and started again, nothing is asked that was answered.

  --out FILE       a row an image: type, outcome, caption, rules that answers broke; .parquet or .csv
  --seed N         another draw of the types (0)
  --answers DIR    where answers are kept (in the cache, by the set of images)
  --estimate       shows what would be asked, and asks nothing; the time is known once some answers are kept, or with
                   --seconds-per-answer S, the cost with --prices IN,OUT, of a million tokens
  --json           { "ran", "model", "images", "outcomes", "types", "secondTries", "broken", "without": [{ "key",
                   "outcome", "asked", "broken" }], "withoutLeftOut", "out", "seconds" }; "without" has the first
                   ${MOST_LISTED_JSON} images without a caption, "withoutLeftOut" the number of the others. Where nothing is asked,
                   { "ran": false, "why", "images", "types", "estimate", "hoursOnOneH100", "questions" }

Exit: 0 every image has a caption, or nothing was to be written; 1 some have none, or --out without an endpoint.

example:
  gpic-lab caption sample --out captions.csv
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        ...{ out: { type: "string" }, answers: { type: "string" }, seed: { type: "string" } },
        ...{ estimate: { type: "boolean" }, "seconds-per-answer": { type: "string" } },
        prices: { type: "string" },
      },
    } as const);
    if (positionals.length > 1) throw new UsageError(`caption takes one CORPUS, got "${positionals[1]}" too`);
    const { out } = values;
    if (out !== undefined && !/\.(?:csv|parquet)$/.test(out))
      throw new UsageError(`--out is a file that ends with .parquet or .csv, got "${out}"`);
    const seed = seedOf(values.seed);
    const known = knownOf(values["seconds-per-answer"], values.prices);
    const endpoint = endpointOf();
    if (values.estimate) refuseOptions(values, ["out"], "with --estimate, which writes nothing");
    if (endpoint === undefined)
      refuseOptions(values, ["answers"], `as nobody is asked (${NO_ENDPOINT_WORDS})`);
    const choice = shardChoice(values);
    const name = positionals[0] ?? "sample";
    return stoppable(
      async (signal) => {
        const path = samplePoolOr(name);
        const images = await openImages(path, { ...choice, signal });
        const folder = values.answers ?? join(currentSettings().cache, "captions", images.fingerprint);
        const answers = endpoint === undefined ? undefined : await AnswerFolder.open(folder);
        try {
          const usual = endpoint && answers?.usual(endpoint.model).seconds;
          const told = { ...known, secondsPerAnswer: known.secondsPerAnswer ?? usual };
          const plan = await planCaptions(images, endpoint, told, { seed, signal });
          if (endpoint === undefined || answers === undefined || values.estimate) {
            const why = endpoint === undefined ? NO_ENDPOINT_WORDS : "--estimate";
            if (values.json) printJson(planJson(plan, why));
            else process.stdout.write(planText(plan, why, images.describe(), endpoint?.model));
            return out === undefined ? 0 : 1;
          }
          process.stderr.write(`gpic-lab: ${takesText(plan.estimate, endpoint.model)}\n`);
          const client = new VlmClient(endpoint, { answers, now: seconds });
          const report = await writeAll(images, client, { seed, out, total: plan.images, signal });
          if (values.json) printJson(captionJson(report));
          else process.stdout.write(captionTable(report));
          const { tally } = report;
          return tally.count("captioned") + tally.count("not visible") === tally.images ? 0 : 1;
        } finally {
          await answers?.close();
          await images.close();
        }
      },
      afterStop(endpoint !== undefined && !values.estimate),
    );
  },
};

function seedOf(text: string | undefined): number {
  if (text !== undefined && !/^\d{1,15}$/.test(text))
    throw new UsageError(`--seed is a whole number from 0, got "${text}"`);
  return Number(text ?? 0);
}

interface Writing {
  readonly seed: number;
  readonly out: string | undefined;
  readonly total: number;
  readonly signal: AbortSignal;
}

async function writeAll(images: ImageSet, client: VlmClient, { seed, out, total, signal }: Writing) {
  const begun = seconds();
  const tally = new CaptionTally();
  const line = statusLine();
  const file = out === undefined ? undefined : await createCaptionFile(out);
  try {
    for await (const written of captionImages(images, { client, seed, signal })) {
      tally.add(written);
      await file?.add(written);
      line.show((passed) => progressText(tally.images, total, passed));
    }
    await file?.finish();
  } finally {
    line.clear();
    await file?.discard();
  }
  const { model } = client.endpoint;
  return { set: images.describe(), model, seed, tally, out, seconds: seconds() - begun };
}

/** The words of the line: images, rate, time left. */
export function progressText(done: number, total: number, passed: number): string {
  const rate = passed > 0 ? done / passed : 0;
  const left =
    rate > 0 ? `, ${rate.toFixed(1)} images/s, ${timeText(Math.max(0, total - done) / rate)} left` : "";
  return `captioning: ${done} of ${total} images${left}`;
}
