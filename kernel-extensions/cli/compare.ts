/** `gpic-lab compare`: features against features, one score. */
import { parseArgs } from "node:util";
import { compareFeatures, openSide } from "../../lib/benchmark/index.js";
import { type Command, printJson, UsageError } from "./command.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { type ScoreRun, scoreJson } from "./score/score-json.js";
import { scoreText } from "./score/score-text.js";
import { prefixOption, seedOption, statementsOption } from "./score/words.js";

export const command: Command = {
  help: `
gpic-lab compare --real A.npz --generated B.npz [--prefix dino|inception|sscd] [--seed N] [--disclose FILE.json] [--json]

Scores generated features against real ones: Frechet distance (fd, fd_mu, fd_sigma), precision, recall, density,
coverage, MMD, as gpic-eval defines them, each with a 95 % interval, and what makes the number comparable with the
paper's table, point by point. A file is an .npz of gpic-eval, pytorch-fid, clean-fid or dgm-eval, or an .npy of rows;
moments alone give a Frechet distance alone. Two files that say that they are of different encoders or preparations are
refused; what a file does not say is said beside the number.

  --real, --generated   the two files
  --prefix ID           which encoder, where a file has several
  --seed N              of all that is drawn (0)
  --disclose FILE.json  what only a person can say: training_on_dinov2, auxiliary_networks, captions_rewritten,
                        text_models, model, reference, each a text ("no", "none", or what was used)
  --json                { "fd", "fd_mu", "fd_sigma", "precision", "recall", "density", "coverage", "mmd", "model",
                        "intervals", "missing", "counts", "protocol", "encoder", "disclosure", "versions", "time", ... }

example:
  gpic-lab compare --real test_stats.npz --generated samples.npz
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ real: { type: "string" }, generated: { type: "string" }, prefix: { type: "string" } },
        ...{ seed: { type: "string" }, disclose: { type: "string" }, json: { type: "boolean" } },
      },
    } as const);
    const { real: realPath, generated: generatedPath } = values;
    if (!realPath || !generatedPath || positionals.length > 0)
      throw new UsageError(
        `compare takes --real A.npz and --generated B.npz, got ${positionals.length > 0 ? `"${positionals[0]}" without a name` : `no ${realPath ? "--generated" : "--real"}`}`,
      );
    const prefix = prefixOption(values.prefix);
    const seed = seedOption(values.seed);
    const statements = await statementsOption(values.disclose);
    const begun = performance.now();
    return stoppable<0>(async (signal) => {
      const line = statusLine();
      const onStage = (stage: string) => line.show(() => stage);
      let found: Pick<ScoreRun, "score" | "real" | "generated">;
      try {
        onStage("reading the features");
        const real = await openSide(realPath, { prefix, signal });
        const generated = await openSide(generatedPath, { prefix, signal });
        const score = await compareFeatures({ real, generated }, { seed, statements, onStage, signal });
        found = { score, real, generated };
      } finally {
        line.clear();
      }
      const seconds = (performance.now() - begun) / 1000;
      const run = { ...found, model: statements?.model, time: new Date().toISOString(), seconds };
      if (values.json) printJson(scoreJson(run));
      else process.stdout.write(scoreText(run));
      return 0;
    }, "nothing of it is kept");
  },
};
