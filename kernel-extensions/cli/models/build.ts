/** `gpic-lab models build`: makes the graph of an encoder over its weights, ahead of its first use. */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { protocolById } from "../../../lib/images/index.js";
import { currentSettings } from "../../../lib/io/index.js";
import { architectureOf, buildGraph, type GraphFolder, requireWeights } from "../../../lib/models/index.js";
import { oneLine } from "../../show/escape.js";
import { formatBytes } from "../../show/numbers.js";
import { type Command, printJson, UsageError } from "../command.js";
import { statusLine } from "../corpus/status-line.js";
import { stoppable } from "../corpus/stoppable.js";
import { MOST_HEADS, wholeOption } from "../words.js";
import { encoderWords, idLines } from "./ids.js";

export const command: Command = {
  help: `
gpic-lab models build ID [--weights FILE] [--heads N] [--protocol NAME] [--json]

Makes the ONNX graph of an encoder. The graph is kilobytes: the weights stay in the publisher's own file, which is
linked beside it. It is kept in the cache under the SHA-256 of the weights; features and notebooks build it at first
use, so this is for seeing it, for weights of your own, and for a machine that is to be ready.

  --weights FILE   these weights (torch, safetensors or npz) instead of those that "models fetch" brought; their shapes
                   must be those of ID, or with ID "dinov2" of any DINOv2
  --heads N        attention heads, of a DINOv2 that is none of the published ones (they have width / 64)
  --protocol NAME  the way in which images are prepared, where it is not the usual one of ID

ID is dinov2 (with --weights), or one of
${idLines}

example:
  gpic-lab models build dinov2 --weights dinov2_vits14_pretrain.pth
  dinov2-vits14: graph ... kB, constants ... kB, weights linked, sha256 ..., ... s: .../model.onnx
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        weights: { type: "string" },
        heads: { type: "string" },
        protocol: { type: "string" },
        json: { type: "boolean" },
      },
    });
    const encoder = encoderWord(positionals, values.weights !== undefined);
    if (values.weights === "") throw new UsageError("--weights is a file, got nothing");
    const heads = wholeOption("heads", values.heads, MOST_HEADS);
    const protocol = protocolWord(values.protocol ?? architectureOf(encoder).protocol);
    return stoppable<0>(async (signal) => {
      const begun = performance.now();
      const weights =
        values.weights === undefined
          ? (await requireWeights(encoderWords([encoder])[0]!)).path
          : resolve(values.weights);
      const line = statusLine();
      let bytes = 0;
      const onBytes = (delta: number) => {
        bytes += delta;
        line.show(() => `hashing: ${formatBytes(bytes)}`);
      };
      const folder = join(currentSettings().cache, "graphs");
      try {
        const built = await buildGraph({ encoder, weights, protocol, heads, folder, signal, onBytes });
        const seconds = (performance.now() - begun) / 1000;
        line.clear();
        if (values.json) printJson(jsonOf(built, protocol.id, seconds));
        else process.stdout.write(`${finalText(built, seconds)}\n`);
      } finally {
        line.clear();
      }
      return 0;
    });
  },
};

function encoderWord(words: readonly string[], hasWeights: boolean): string {
  const [word] = words;
  if (word === undefined || words.length > 1)
    throw new UsageError(
      `models build takes the id of one encoder, got ${word === undefined ? "none" : words.join(", ")}`,
    );
  if (word === "sscd-int8")
    throw new UsageError("models build has nothing to do for sscd-int8: its package carries the graph");
  if (word !== "dinov2") return encoderWords(words)[0]!;
  if (hasWeights) return word;
  throw new UsageError("models build dinov2 takes its size from --weights FILE, got none");
}

function protocolWord(word: string): ReturnType<typeof protocolById> {
  try {
    return protocolById(word);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

function jsonOf(built: GraphFolder, protocol: string, seconds: number) {
  const { id, width, weightsSha256, graphBytes, constantBytes, weights, modelPath } = built;
  return {
    ...{ id, width, protocol, path: modelPath, graph_bytes: graphBytes, constant_bytes: constantBytes },
    ...{ weights, weights_sha256: weightsSha256, seconds },
  };
}

function finalText(built: GraphFolder, seconds: number): string {
  const { id, graphBytes, constantBytes, weights, weightsSha256, modelPath } = built;
  const parts = `graph ${formatBytes(graphBytes)}, constants ${formatBytes(constantBytes)}, weights ${weights}`;
  return oneLine(`${id}: ${parts}, sha256 ${weightsSha256}, ${seconds.toFixed(1)} s: ${modelPath}`);
}
