/** `gpic-lab prepare`: the benchmark's own 256-pixel images of whatever holds images, in a folder of PNG files. */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import {
  type FailedImage,
  openImages,
  type PreparedSet,
  type PrepareProgress,
  type Protocol,
  prepareImages,
  protocolById,
  protocols,
} from "../../lib/images/index.js";
import { isAlive } from "../setup/is-alive.js";
import { oneLine } from "../show/escape.js";
import { type Command, printJson, UsageError } from "./command.js";
import { CHOICE_USAGE, choiceOptions, shardChoice } from "./corpus/choice.js";
import { timeText } from "./corpus/progress.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { imagesWord, wholeOption } from "./words.js";

const eightBit = protocols.filter(({ pixelType }) => pixelType === "uint8").map(({ id }) => id);

export const command: Command = {
  help: `
gpic-lab prepare IMAGES --out DIR [--protocol ID] [--workers N]
                 ${CHOICE_USAGE} [--json]

Prepares images as the benchmark does (gpic-256: centre crop along the longer edge, Pillow's bicubic to 256 x 256, to
the bit) and writes one 8-bit RGB PNG for each: its path or key with .png, in the folders that it lies in. IMAGES is a
folder (searched for png, jpg, jpeg, webp), one image, "sample", a folder or a tar of shards,
hf://stanford-vision-lab/gpic, a .npy of N x height x width x 3 uint8, or a .npz with such an array as arr_0.

Stopped or killed at any moment and started again it goes on where it was; DIR belongs to one set of images and one
protocol. An image that cannot be read costs itself alone: a line on standard error, and its row in DIR/failed.json.

  --out DIR        where the images go
  --protocol ID    ${eightBit.join(", ")} (gpic-256)
  --workers N      threads (as many as cores)
  --tier, --split, --shards   the part of a corpus
  --json           { "images", "written", "there", "failed": [{ "key", "kind", "message" }], "protocol", "out",
                   "seconds" }

Exit: 0 every image is there, 1 some failed.

example:
  gpic-lab prepare sample --tier nano --out nano-256
  14 images prepared by gpic-256 (14 new), 0 failed, 0.6 s: nano-256
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        out: { type: "string" },
        protocol: { type: "string" },
        workers: { type: "string" },
      },
    });
    const name = imagesWord("prepare", positionals);
    const { out } = values;
    if (!out) throw new UsageError("prepare takes --out DIR, the folder that the images go to, got none");
    const protocol = protocolOf(values.protocol);
    const cores = availableParallelism();
    const workers = wholeOption("workers", values.workers, 4 * cores) ?? cores;
    const choice = shardChoice(values);
    const begun = performance.now();
    return stoppable(async (signal) => {
      const line = statusLine();
      const set = await openImages(name, { ...choice, signal });
      try {
        const prepared = await prepareImages(set, out, {
          ...{ protocol, workers, signal, process: { id: process.pid, isAlive } },
          onProgress: (progress) => line.show((seconds) => progressText(progress, seconds)),
          onFailed(failed) {
            line.clear();
            process.stderr.write(`gpic-lab: ${failedText(failed)}\n`);
          },
        }).finally(line.clear);
        const seconds = (performance.now() - begun) / 1000;
        if (values.json) printJson(jsonOf(prepared, protocol, out, seconds));
        else process.stdout.write(`${finalText(prepared, protocol, out, seconds)}\n`);
        return prepared.failed.length === 0 ? 0 : 1;
      } finally {
        await set.close();
      }
    });
  },
};

function protocolOf(id: string = "gpic-256"): Protocol {
  if (!(eightBit as readonly string[]).includes(id))
    throw new UsageError(`--protocol is ${eightBit.join(", ")}, got "${id}"`);
  return protocolById(id);
}

/** The words of the line: images, rate, time left. */
export function progressText({ done, written, failed, total }: PrepareProgress, seconds: number): string {
  const rate = seconds > 0 ? written / seconds : 0;
  const of = total === undefined ? "" : ` of ${total}`;
  const left = total !== undefined && rate > 0 ? `, ${timeText((total - done) / rate)} left` : "";
  const speed = rate > 0 ? `, ${Math.round(rate)} images/s` : "";
  return `preparing: ${done}${of} images${failed > 0 ? `, ${failed} failed` : ""}${speed}${left}`;
}

function failedText({ kind, message }: FailedImage): string {
  return oneLine(`${kind}: ${message}`);
}

function jsonOf({ written, there, failed }: PreparedSet, { id }: Protocol, out: string, seconds: number) {
  return { images: written + there + failed.length, written, there, failed, protocol: id, out, seconds };
}

function finalText(
  { written, there, failed }: PreparedSet,
  { id }: Protocol,
  out: string,
  seconds: number,
): string {
  const listed = failed.length > 0 ? " (failed.json)" : "";
  const total = written + there;
  return oneLine(
    `${total} ${total === 1 ? "image" : "images"} prepared by ${id} (${written} new), ${failed.length} failed${listed}, ${seconds.toFixed(1)} s: ${out}`,
  );
}
