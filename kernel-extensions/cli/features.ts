/** `gpic-lab features`: images to a file of features, as the reference toolkits would have computed it. */
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import {
  type ExtractFailure,
  type ExtractProgress,
  type ExtractResult,
  extractFeatures,
  featureMoments,
  type Provenance,
  writeFeatures,
} from "../../lib/features/index.js";
import { openImages } from "../../lib/images/index.js";
import { readPackageJson } from "../../lib/io/index.js";
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

Stopped or killed at any moment and started again it goes on where it was, and gives the same bytes. An image that cannot
be read costs itself alone: a line on standard error, and its row in F.npz.json.

  --encoder ID     ${encoderIds.slice(0, 4).join(", ")}, each also
                   with -reg; ${encoderIds.slice(8).join(", ")}; "dinov2" takes its size from --weights
  --weights FILE   weights that "gpic-lab models fetch" did not bring: torch, safetensors or npz
  --heads N        attention heads of a DINOv2 that is none of the published ones
  --protocol ID    how images are prepared: ${encoderProtocols.join(", ")}
                   (gpic for dinov2, pytorch-fid for inception-fid, sscd-320 for sscd)
  --device         auto takes a GPU where one can be used, and says why; cuda is an error where it cannot
  --moments        mean and covariance only: no rows, whatever the number of images
  --parts DIR      where finished parts are kept; processes that share a corpus are given the same one (F.npz.parts,
                   taken away when F.npz is there)
  --batch N        images at once (8 on the CPU, 64 on a GPU; lowered where memory is too small)
  --workers N, --threads N   threads that decode, threads of the CPU that infer
  --json           { "images", "failed": [{ "key", "kind", "message" }], "encoder", "protocol", "device", "why",
                   "width", "out", "seconds", "images_per_second", "waiting_share" }

Exit: 0 every image has features, 1 some failed.

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
      try {
        line.show(() => "reading the weights");
        encoder = await openEncoder(id, { ...options, signal });
        const started = seconds();
        const result = await extractFeatures(images, {
          ...{ encoder, folder, keep, workers, signal, now: seconds },
          onProgress: (progress) => line.show((now) => progressText(progress, now - started)),
        });
        line.show(() => `writing ${out}`);
        await write(out, result, images.describe(), keep, signal);
        if (values.parts === undefined) await rm(folder, { recursive: true, force: true });
        line.clear();
        for (const failure of result.failures) process.stderr.write(`gpic-lab: ${failedText(failure)}\n`);
        if (values.json) printJson(jsonOf(result, encoder, out, seconds(), seconds() - started));
        else process.stdout.write(finalText(result, encoder, out, seconds()));
        return result.failures.length === 0 ? 0 : 1;
      } finally {
        line.clear();
        await encoder?.close();
        await images.close();
      }
    });
  },
};

/** Writes the file: rows as they come from the parts, moments merged in the order of the parts. */
async function write(
  out: string,
  result: ExtractResult,
  imagesFrom: string,
  keep: "rows" | "moments",
  signal: AbortSignal,
): Promise<void> {
  const { prefix, images, width, encoder, protocol, failures, makers } = result;
  if (images === 0)
    throw new Error(`Cannot write ${out}: an image with features is needed, got none of ${failures.length}`);
  const provenance: Provenance = {
    protocol,
    encoder,
    images: { counted: images, failed: failures.length },
    failures: failures.map(({ key, message }) => ({ key, message })),
    makers: makers.map(({ device, versions }) => ({
      device,
      versions: { ...versions, "gpic-lab": readPackageJson().version },
    })),
    imagesFrom,
  };
  async function* blocks() {
    for await (const { rows } of result.rowBlocks()) yield rows;
  }
  const hasMoments = !out.endsWith(".npy") && images > 1;
  const moments = hasMoments ? featureMoments(await result.moments()) : undefined;
  const rows = keep === "rows" ? { count: images, width, blocks: blocks() } : undefined;
  await writeFeatures(
    out,
    { prefix, rows, moments, keys: await result.keys(), provenance },
    { keep, signal },
  );
}

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

function failedText({ kind, message }: ExtractFailure): string {
  return oneLine(`${kind}: ${message}`);
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

function finalText(result: ExtractResult, { device }: Encoder, out: string, seconds: number): string {
  const { images, failures, encoder, protocol, width, imagesInferred } = result;
  const share = waitingShare(result);
  const waited = share === null ? "" : `, ${(100 * share).toFixed(0)} % of the time waiting for images`;
  return [
    `${images} ${images === 1 ? "image" : "images"} (${imagesInferred} inferred now), ${failures.length} failed, ${seconds.toFixed(1)} s${waited}`,
    `  encoder   ${encoder.id}, ${width} features: ${encoder.layer}; weights ${encoder.weightsSha256.slice(0, 16)}...`,
    `  protocol  ${protocol}`,
    `  device    ${device.why}${device.tf32 === "off" ? "; TF32 off" : ""}`,
    `  file      ${out}`,
  ]
    .map((text) => `${oneLine(text)}\n`)
    .join("");
}
