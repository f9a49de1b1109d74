/** `gpic-lab features`: images to a file of features, as the reference toolkits would have computed it. */
import { parseArgs } from "node:util";
import {
  type ExtractFailure,
  type ExtractProgress,
  type ExtractResult,
  extractFeatures,
  featuresToWrite,
  type PartsUse,
  usePartsFolder,
  writeFeatures,
} from "../../lib/features/index.js";
import { openImages } from "../../lib/images/index.js";
import { type Encoder, encoderIds, openEncoder } from "../../lib/models/index.js";
import { oneLine } from "../show/escape.js";
import { type Command, printJson, UsageError } from "./command.js";
import { CHOICE_USAGE, choiceOptions, shardChoice } from "./corpus/choice.js";
import { timeText } from "./corpus/progress.js";
import { statusLine } from "./corpus/status-line.js";
import { stoppable } from "./corpus/stoppable.js";
import { encoderChoice, encoderOptions, encoderProtocols } from "./encoder-words.js";
import { imagesWord, wholeOption } from "./words.js";

export const command: Command = {
  help: `
gpic-lab features IMAGES --encoder ID --out F.npz [--weights FILE] [--heads N] [--protocol ID]
                  [--device auto|cpu|cuda|cuda:N] [--moments] [--parts DIR] [--batch N] [--workers N] [--threads N]
                  ${CHOICE_USAGE} [--json]

Prepares images as the encoder's protocol says, infers them, and writes F.npz with dino_embeddings, dino_mu, dino_sigma
and key (inception_ and sscd_ for the others), or the rows alone into F.npy; F.npz.json beside it says what made them.
IMAGES is a folder, one image, "sample", a folder or a tar of shards, hf://stanford-vision-lab/gpic, a .npy of
N x height x width x 3 uint8, or a .npz with such an array as arr_0.

Stopped or killed at any moment and started again it goes on where it was, and gives the same bytes. A damaged image costs
itself alone: a line on standard error, and its row in F.npz.json. Where a file cannot be opened, or a thread that decodes
dies, the part of that image is left: all others are finished, no file is written, and the same call tries it again.

  --encoder ID     ${encoderIds.slice(0, 4).join(", ")}, each also
                   with -reg; ${encoderIds.slice(8).join(", ")}; "dinov2" takes its size from --weights
  --weights FILE   weights that "gpic-lab models fetch" did not bring: torch, safetensors or npz
  --heads N        attention heads of a DINOv2 that is none of the published ones
  --protocol ID    how images are prepared: ${encoderProtocols.join(", ")}
                   (gpic for dinov2, pytorch-fid for inception-fid, sscd-320 for sscd)
  --device         auto takes a GPU where one can be used, and says why; cuda is an error where it cannot
  --moments        mean and covariance only: no rows, whatever the number of images
  --parts DIR      where finished parts are kept; processes that share a corpus are given the same one (F.npz.parts,
                   taken away when F.npz is there and no other process uses them)
  --batch N        images at once (8 on the CPU, 64 on a GPU). A GPU whose memory is too small for them takes them in
                   pieces; this machine's holds two batches of prepared images, and 256 MiB of the next
  --workers N, --threads N   threads that decode, threads of the CPU that infer
  --json           { "images", "failed": [{ "key", "kind", "message" }], "encoder", "protocol", "device", "why",
                   "width", "out", "seconds", "images_per_second", "waiting_share" }

Exit: 0 every image has features, 1 some failed, or the work did.

example:
  gpic-lab features sample --tier nano --encoder sscd-int8 --out nano.npz
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...choiceOptions,
        ...encoderOptions,
        ...{ moments: { type: "boolean" }, parts: { type: "string" }, workers: { type: "string" } },
        out: { type: "string" },
      },
    } as const);
    const name = imagesWord("features", positionals);
    const { out } = values;
    const { id, options } = encoderChoice(values);
    if (!out || !/\.np[zy]$/.test(out))
      throw new UsageError(
        `features takes --out F.npz (or F.npy for the rows alone), got ${out ? `"${out}"` : "none"}`,
      );
    const workers = wholeOption("workers", values.workers);
    const keep = values.moments ? "moments" : "rows";
    if (keep === "moments" && out.endsWith(".npy"))
      throw new UsageError("--moments takes --out F.npz: a .npy holds rows alone");
    const folder = values.parts ?? `${out}.parts`;
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    return stoppable(async (signal) => {
      const line = statusLine();
      const images = await openImages(name, { ...shardChoice(values), signal });
      let encoder: Encoder | undefined;
      let use: PartsUse | undefined;
      try {
        line.show(() => "reading the weights");
        encoder = await openEncoder(id, { ...options, signal });
        use = await usePartsFolder(folder, signal);
        const started = seconds();
        const result = await extractFeatures(images, {
          ...{ encoder, folder, keep, workers, signal, now: seconds },
          onProgress: (progress) => line.show((now) => progressText(progress, now - started)),
        });
        line.show(() => `writing ${out}`);
        const more = { imagesFrom: images.describe(), moments: !out.endsWith(".npy") };
        await writeFeatures(out, await featuresToWrite(result, more), { keep, signal });
        const isShared = values.parts === undefined && !(await use.remove());
        line.clear();
        tellFailures(result.failures);
        if (values.json) printJson(jsonOf(result, encoder, out, seconds(), seconds() - started));
        else process.stdout.write(finalText(result, encoder, out, seconds(), isShared ? folder : undefined));
        return result.failures.length === 0 ? 0 : 1;
      } finally {
        line.clear();
        await encoder?.close();
        await use?.close();
        await images.close();
      }
    });
  },
};

/** The words of the line: images, rate, time left, how long the encoder waited for images. */
export function progressText(progress: ExtractProgress, seconds: number): string {
  const { images, failed, imagesTotal, imagesInferred, waitingSeconds = 0 } = progress;
  const rate = seconds > 0 ? imagesInferred / seconds : 0;
  const done = images + failed;
  const of = imagesTotal === undefined ? "" : ` of ${imagesTotal}`;
  const speed = rate > 0 ? `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} images/s` : "";
  const left = imagesTotal !== undefined && rate > 0 ? `, ${timeText((imagesTotal - done) / rate)} left` : "";
  const waiting = seconds > 0 ? `, ${Math.round((100 * waitingSeconds) / seconds)} % waiting for images` : "";
  return `features: ${done}${of} images${failed > 0 ? `, ${failed} failed` : ""}${speed}${left}${waiting}`;
}

function tellFailures(failures: readonly ExtractFailure[]): void {
  for (const { kind, message } of failures)
    process.stderr.write(`gpic-lab: ${oneLine(`${kind}: ${message}`)}\n`);
}

function waitingShare({ inferSeconds = 0, waitingSeconds = 0 }: ExtractResult): number | null {
  const all = inferSeconds + waitingSeconds;
  return all > 0 ? waitingSeconds / all : null;
}

function jsonOf(result: ExtractResult, { device }: Encoder, out: string, seconds: number, working: number) {
  const { images, failures, encoder, protocol, width, imagesInferred } = result;
  return {
    ...{
      images,
      failed: failures,
      encoder,
      protocol,
      device: device.device,
      why: device.why,
      tf32: device.tf32,
    },
    ...{ width, out, seconds },
    images_per_second: imagesInferred > 0 && working > 0 ? imagesInferred / working : null,
    waiting_share: waitingShare(result),
  };
}

function finalText(
  result: ExtractResult,
  { device }: Encoder,
  out: string,
  seconds: number,
  shared: string | undefined,
): string {
  const { images, failures, encoder, protocol, width, imagesInferred } = result;
  const share = waitingShare(result);
  const waited = share === null ? "" : `, ${(100 * share).toFixed(0)} % of the time waiting for images`;
  const rows: (readonly [name: string, value: string])[] = [
    [
      "encoder",
      `${encoder.id}, ${width} features: ${encoder.layer}; weights ${encoder.weightsSha256.slice(0, 16)}...`,
    ],
    ["protocol", protocol],
    ["device", `${device.why}${device.tf32 === "off" ? "; TF32 off" : ""}`],
    ["file", out],
    ...(shared === undefined ? [] : [["parts", `${shared}, which another process seems to use`] as const]),
  ];
  return [
    `${images} ${images === 1 ? "image" : "images"} (${imagesInferred} inferred now), ${failures.length} failed, ${seconds.toFixed(1)} s${waited}\n`,
    ...rows.map(([name, value]) => `  ${name.padEnd(8)}  ${oneLine(value)}\n`),
  ].join("");
}
