/** `gpic-lab filter`: what of a set of images goes by the filters of the paper's section 2.2, and why. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  createDecisionFile,
  decideImages,
  type FilterDecision,
  FilterTally,
  SIZE_RULES,
  type SizeRules,
} from "../../lib/filters/index.js";
import { type ImageSet, openImages } from "../../lib/images/index.js";
import { currentSettings } from "../../lib/io/index.js";
import { AnswerFolder, VlmClient, type VlmEndpoint } from "../../lib/vlm/index.js";
import { seconds } from "./clock.js";
import { type Command, printJson, UsageError } from "./command.js";
import { CHOICE_USAGE, choiceOptions, shardChoice } from "./corpus/choice.js";
import { timeText } from "./corpus/progress.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { afterStop, endpointOf, NO_ENDPOINT_WORDS, refuseOptions } from "./endpoint-words.js";
import { estimateOf, estimateText, knownOf } from "./filter-estimate.js";
import { type FilterReport, filterJson, filterTable, MOST_LISTED_JSON } from "./filter-report.js";
import { samplePoolOr } from "./sample-pool.js";

export const command: Command = {
  help: `
gpic-lab filter [CORPUS] [--out FILE] [--no-judge] [--answers DIR] [--max-aspect N]
                [--estimate] [--seconds-per-answer S] [--prices IN,OUT]
                ${CHOICE_USAGE} [--json]

Runs the filters of the paper's section 2.2: resolution and aspect, size, quality, safety; says what goes at each, and
why. Quality and safety are judged by a vision-language model behind an OpenAI-compatible endpoint (vLLM, SGLang) that
GPIC_LAB_VLM_URL, GPIC_LAB_VLM_MODEL and, where needed, GPIC_LAB_VLM_KEY and GPIC_LAB_VLM_CONCURRENCY name. Where none
is named, measures decide quality and nobody decides safety; the result says so. An image of which the judge gives no
verdict (a refusal, a malformed or cut answer, a time-out, an error) is undecided: neither kept nor dropped.

CORPUS is "sample" (the default), "sample-pool", a folder or tar of shards, hf://stanford-vision-lab/gpic, a folder of
images, one image, a .npy or a .npz. Stopped and started again, nothing is asked that was answered; measures begin anew.

  --out FILE       a row an image: decision, reason, measures, verdicts; .parquet or .csv; the only list of all
  --no-judge       leaves the endpoint alone, though it is named
  --answers DIR    where answers are kept (in the cache, by the set of images)
  --estimate       prints tokens, time and cost, and asks nothing; the time is known once some answers are kept, or with
                   --seconds-per-answer S, the cost with --prices IN,OUT, of a million tokens
  --max-aspect N   the longer side may be N times the shorter (${SIZE_RULES.mostAspect}; the paper does not print its bound)
  --json           { "images", "kept", "dropped", "undecided", "unreadable", "funnel": [{ "stage", "in", "out",
                   "reasons" }], "judge": { "ran", "why", "model" }, "agreement", "removed": [{ "key", "outcome",
                   "stage", "reason" }], "removedLeftOut", "out", "seconds" }; "removed" has the first ${MOST_LISTED_JSON} images
                   that are not kept, "removedLeftOut" the number of the others

Exit: 0 every image is kept or dropped, 1 some are undecided or unreadable.

example:
  gpic-lab filter sample-pool --out decisions.parquet
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        ...{ out: { type: "string" }, answers: { type: "string" }, "max-aspect": { type: "string" } },
        ...{ "no-judge": { type: "boolean" }, estimate: { type: "boolean" } },
        ...{ "seconds-per-answer": { type: "string" }, prices: { type: "string" } },
      },
    } as const);
    if (positionals.length > 1) throw new UsageError(`filter takes one CORPUS, got "${positionals[1]}" too`);
    const name = positionals[0] ?? "sample";
    if (values.out !== undefined && !/\.(?:csv|parquet)$/.test(values.out))
      throw new UsageError(`--out is a file that ends with .parquet or .csv, got "${values.out}"`);
    const sizeRules = sizeRulesOf(values["max-aspect"]);
    const known = knownOf(values["seconds-per-answer"], values.prices);
    const ofJudge = ["answers", "prices", "seconds-per-answer"];
    if (values["no-judge"])
      refuseOptions(values, ["estimate", ...ofJudge], "with --no-judge, which asks nobody");
    const endpoint = values["no-judge"] ? undefined : endpointOf();
    if (values.estimate && endpoint === undefined)
      throw new UsageError(
        "--estimate takes an endpoint (GPIC_LAB_VLM_URL and GPIC_LAB_VLM_MODEL), got none",
      );
    if (endpoint === undefined) refuseOptions(values, ofJudge, `as nobody is asked (${NO_ENDPOINT_WORDS})`);
    if (values.estimate)
      refuseOptions(values, ["out", "max-aspect"], "with --estimate, which decides nothing");
    const choice = shardChoice(values);
    return stoppable(
      async (signal) => {
        const path = samplePoolOr(name);
        const images = await openImages(path, { ...choice, signal });
        const folder = values.answers ?? join(currentSettings().cache, "answers", images.fingerprint);
        const answers = endpoint === undefined ? undefined : await AnswerFolder.open(folder);
        try {
          if (endpoint !== undefined && answers !== undefined) {
            const estimate = await estimateOf(images, endpoint, answers, known, signal);
            if (values.estimate) {
              if (values.json) printJson(estimate);
              else process.stdout.write(`${estimateText(estimate, endpoint.model)}\n`);
              return 0;
            }
            process.stderr.write(`gpic-lab: ${estimateText(estimate, endpoint.model)}\n`);
          }
          const client = endpoint && new VlmClient(endpoint, { answers, now: seconds });
          const report = await runFilters(images, { client, sizeRules, out: values.out, signal });
          const judge = judgeFacts(endpoint, values["no-judge"] === true);
          const full = { ...report, judge, set: images.describe(), out: values.out };
          if (values.json) printJson(filterJson(full));
          else process.stdout.write(filterTable(full));
          return report.tally.count("undecided") + report.tally.count("unreadable") === 0 ? 0 : 1;
        } finally {
          await answers?.close();
          await images.close();
        }
      },
      afterStop(endpoint !== undefined && !values.estimate),
    );
  },
};

function sizeRulesOf(text: string | undefined): SizeRules {
  if (text === undefined) return SIZE_RULES;
  const mostAspect = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (mostAspect < 1) throw new UsageError(`--max-aspect is a number from 1, got "${text}"`);
  return { ...SIZE_RULES, mostAspect };
}

function judgeFacts(endpoint: VlmEndpoint | undefined, isForbidden: boolean): FilterReport["judge"] {
  if (endpoint !== undefined) return { ran: true, why: "an endpoint is named", model: endpoint.model };
  return { ran: false, why: isForbidden ? "--no-judge" : NO_ENDPOINT_WORDS, model: null };
}

interface RunOptions {
  readonly client: VlmClient | undefined;
  readonly sizeRules: SizeRules;
  readonly out: string | undefined;
  readonly signal: AbortSignal;
}

async function runFilters(images: ImageSet, { client, sizeRules, out, signal }: RunOptions) {
  const begun = seconds();
  const tally = new FilterTally();
  const removed: FilterDecision[] = [];
  const line = statusLine();
  const file = out === undefined ? undefined : await createDecisionFile(out);
  try {
    for await (const decision of decideImages(images, { client, sizeRules, signal })) {
      tally.add(decision);
      if (decision.outcome !== "kept" && removed.length < MOST_LISTED_JSON) removed.push(decision);
      await file?.add(decision);
      line.show((passed) => progressText(tally.images, images.count, passed));
    }
    await file?.finish();
  } catch (error) {
    await file?.discard();
    throw error;
  } finally {
    line.clear();
  }
  return { tally, removed, seconds: seconds() - begun };
}

/** The words of the line: images, rate, time left. */
export function progressText(done: number, total: number | undefined, passed: number): string {
  const rate = passed > 0 ? done / passed : 0;
  const of = total === undefined ? "" : ` of ${total}`;
  const left = total !== undefined && rate > 0 ? `, ${timeText((total - done) / rate)} left` : "";
  return `filtering: ${done}${of} images${rate > 0 ? `, ${rate.toFixed(1)} images/s` : ""}${left}`;
}
