/** `gpic-lab evaluate`: generated images, or their features, against a reference: the benchmark's score. */
import { parseArgs } from "node:util";
import { BENCHMARK_RULES, explainReference, openSide } from "../../lib/benchmark/index.js";
import { makeFolder } from "../../lib/io/index.js";
import { writeScorePage } from "../report/score.js";
import { oneLine } from "../show/escape.js";
import { type Command, printJson, UsageError } from "./command.js";
import { CHOICE_USAGE, choiceOptions, shardChoice } from "./corpus/choice.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { encoderChoice, encoderOptions } from "./encoder-words.js";
import { type EvaluationCall, evaluation } from "./score/evaluation.js";
import { explanationJson, scoreJson } from "./score/score-json.js";
import { scorePage } from "./score/score-page.js";
import { scoreText } from "./score/score-text.js";
import { prefixOption, seedOption, statementsOption } from "./score/words.js";
import { wholeOption } from "./words.js";

const EXPLAIN_USAGE =
  "gpic-lab evaluate --explain-reference --reference REF.npz [--prefix ID] [--seed N] [--json]";

export const command: Command = {
  help: `
gpic-lab evaluate SAMPLES --reference REF.npz [--encoder ID] [--weights FILE] [--heads N] [--protocol ID]
                  [--device auto|cpu|cuda|cuda:N] [--features F.npz] [--batch N] [--workers N] [--threads N]
                  [--training T.npz] [--training-images IMAGES] [--disclose FILE.json] [--seed N] [--report DIR]
                  ${CHOICE_USAGE} [--json]
${EXPLAIN_USAGE}

Scores generated images against a reference as the benchmark does it: fd (FD-DINOv2), fd_mu, fd_sigma, precision,
recall, density, coverage, mmd, each with a 95 % interval; what perfect images of the same number would score; and point
by point whether the number may be set beside the paper's table. SAMPLES is a folder of images, a corpus, a .npy of
N x height x width x 3 uint8 or an .npz with such an array as arr_0; or a file of features, which must be of the
reference's encoder and preparation. REF.npz is the published file (dino_mu, dino_sigma, dino_embeddings, key, tar_idx),
one that "gpic-lab features" wrote, or mu and sigma of pytorch-fid.

  --encoder ID          ${BENCHMARK_RULES.encoder}, the benchmark's, where it is left out; "gpic-lab features --help" has all
  --weights, --heads, --protocol, --device, --batch, --workers, --threads   as for "gpic-lab features"
  --features F.npz      keeps the features of the samples; stopped and started again, the same call goes on
  --training T.npz      features of training images: the nearest of them to each sample, and which are too near
  --training-images IMAGES   those images, for their pictures on the page of --report
  --disclose FILE.json  what only a person can say: training_on_dinov2, auxiliary_networks, captions_rewritten,
                        text_models, model, reference, each a text ("no", "none", or what was used)
  --seed N              of all that is drawn (0)
  --report DIR          writes DIR/index.html, a page for people, and DIR/score.json
  --explain-reference   from how many images the reference's moments are, by the law of the sample size
  --prefix ID           which encoder, where the reference has several: dino, inception, sscd
  --json                what "compare" prints, with "sample_size", "reference", "failed"

Exit: 0 every image has features, 1 some failed.

example:
  gpic-lab features sample --split test --encoder sscd-int8 --out test.npz
  gpic-lab evaluate sample --split val --encoder sscd-int8 --reference test.npz --report val-score
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        ...encoderOptions,
        ...{ reference: { type: "string" }, features: { type: "string" }, workers: { type: "string" } },
        ...{
          training: { type: "string" },
          "training-images": { type: "string" },
          disclose: { type: "string" },
        },
        ...{ seed: { type: "string" }, report: { type: "string" }, prefix: { type: "string" } },
        "explain-reference": { type: "boolean" },
      },
    } as const);
    const [name, more] = positionals;
    const isExplaining = values["explain-reference"] === true;
    if (isExplaining) checkExplaining(values, name);
    if (more !== undefined) throw new UsageError(`evaluate takes one SAMPLES, got "${more}" too`);
    if (name === undefined && !isExplaining) throw new UsageError("evaluate takes SAMPLES, got none");
    if (!values.reference) throw new UsageError("evaluate takes --reference REF.npz, got none");
    if (values.features !== undefined && !values.features.endsWith(".npz"))
      throw new UsageError(`--features takes F.npz, got "${values.features}"`);
    if (
      values["training-images"] !== undefined &&
      (values.training === undefined || values.report === undefined)
    )
      throw new UsageError(
        "--training-images is for the page: it takes --training T.npz and --report DIR too",
      );
    const { reference } = values;
    const statements = await statementsOption(values.disclose);
    const [prefix, seed] = [prefixOption(values.prefix), seedOption(values.seed)];
    const call: EvaluationCall = {
      ...{ name: name ?? "", choice: shardChoice(values), reference, prefix, features: values.features },
      encoder: encoderChoice({ ...values, encoder: values.encoder ?? BENCHMARK_RULES.encoder }),
      workers: wholeOption("workers", values.workers),
      imageOptions: IMAGE_OPTIONS.filter((option) => values[option] !== undefined).map(
        (option) => `--${option}`,
      ),
      ...{ training: values.training, trainingImages: values["training-images"] },
      hasPage: values.report !== undefined,
      score: { seed, statements },
    };
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    return stoppable<0 | 1>(
      async (signal) => {
        if (name === undefined) return explain(call, values.json === true, signal);
        // before hours of work: a page that cannot be written is known at once
        if (values.report !== undefined) await makeFolder(values.report);
        const line = statusLine();
        try {
          const { failures, ...found } = await evaluation(call, { signal, line, seconds });
          line.clear();
          for (const { kind, message } of failures)
            process.stderr.write(`gpic-lab: ${oneLine(`${kind}: ${message}`)}\n`);
          const made = { time: new Date().toISOString(), seconds: seconds(), model: statements?.model };
          const run = { ...found, ...made, failures };
          if (values.json) printJson(scoreJson(run));
          else process.stdout.write(scoreText(run));
          if (values.report !== undefined)
            await writeScorePage(scorePage(run), scoreJson(run), values.report);
          return failures.length === 0 ? 0 : 1;
        } finally {
          line.clear();
        }
      },
      values.features === undefined
        ? "nothing of it is kept; --features F.npz would keep features"
        : undefined,
    );
  },
};

/** Options that ask for images to be read: features cannot be given them. */
const IMAGE_OPTIONS = [
  ...(["encoder", "weights", "heads", "protocol", "device", "batch", "workers", "threads"] as const),
  ...(["features", "tier", "split", "shards"] as const),
];

/** A reference is explained by itself: all else would be ignored. */
function checkExplaining(values: Readonly<Record<string, unknown>>, name: string | undefined): void {
  const takes = ["explain-reference", "reference", "prefix", "seed", "json"];
  const other = Object.keys(values).find((option) => values[option] !== undefined && !takes.includes(option));
  if (name === undefined && other === undefined) return;
  throw new UsageError(
    `--explain-reference takes --reference, --prefix, --seed and --json, got ${name === undefined ? `--${other}` : `"${name}"`} too`,
  );
}

/** From how many images a reference's moments are. */
async function explain(
  { reference, prefix, score }: EvaluationCall,
  isJson: boolean,
  signal: AbortSignal,
): Promise<0> {
  const { rows, moments } = await openSide(reference, { prefix, signal });
  if (rows === undefined || moments === undefined)
    throw new RangeError(
      `Cannot explain ${reference}: rows and moments are needed, got ${rows === undefined ? "moments" : "rows"} alone`,
    );
  const explanation = await explainReference({ rows, moments }, { seed: score.seed, signal });
  if (isJson) printJson(explanationJson(explanation));
  else process.stdout.write(`${oneLine(explanation.sentence)}\n`);
  return 0;
}
