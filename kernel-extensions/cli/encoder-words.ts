/** The words by which a command that infers is told its encoder: checked before anything is read. */
import { protocols } from "../../lib/images/index.js";
import { type DeviceWish, type EncoderOptions, encoderIds } from "../../lib/models/index.js";
import { UsageError } from "./command.js";
import { MOST_HEADS, wholeOption } from "./words.js";

/** Protocols that an encoder can be given images by. */
export const encoderProtocols: readonly string[] = protocols
  .filter(({ normalisation }) => normalisation !== undefined)
  .map(({ id }) => id);

/** The options for `parseArgs`. */
export const encoderOptions = {
  encoder: { type: "string" },
  weights: { type: "string" },
  heads: { type: "string" },
  protocol: { type: "string" },
  device: { type: "string" },
  batch: { type: "string" },
  threads: { type: "string" },
} as const;

type EncoderValues = { readonly [Name in keyof typeof encoderOptions]?: string | undefined };

/**
 * How the encoder is to be opened.
 * @throws UsageError for a word that is none, with those that there are
 * @example encoderChoice({ encoder: "sscd-int8", batch: "4" }) // { id: "sscd-int8", options: { batchSize: 4, ... } }
 */
export function encoderChoice(values: EncoderValues): {
  readonly id: string;
  readonly options: EncoderOptions;
} {
  const { encoder, weights, protocol, device } = values;
  const ids = [...encoderIds, "dinov2"];
  if (encoder === undefined || !ids.includes(encoder))
    throw new UsageError(
      `--encoder is ${ids.join(", ")}, got ${encoder === undefined ? "none" : `"${encoder}"`}`,
    );
  if (encoder === "dinov2" && weights === undefined)
    throw new UsageError("--encoder dinov2 takes its size from --weights FILE, got none");
  if (encoder === "sscd-int8" && weights !== undefined)
    throw new UsageError("--encoder sscd-int8 takes no --weights: it is used as its package carries it");
  if (weights === "") throw new UsageError("--weights is a file, got nothing");
  if (protocol !== undefined && !encoderProtocols.includes(protocol))
    throw new UsageError(`--protocol is ${encoderProtocols.join(", ")}, got "${protocol}"`);
  if (device !== undefined && !isDevice(device))
    throw new UsageError(`--device is auto, cpu, cuda or cuda:N, got "${device}"`);
  const heads = wholeOption("heads", values.heads, MOST_HEADS);
  if (heads !== undefined && !encoder.startsWith("dinov2"))
    throw new UsageError(`--heads is for a DINOv2, got it with --encoder ${encoder}`);
  const batchSize = wholeOption("batch", values.batch);
  const threads = wholeOption("threads", values.threads);
  return { id: encoder, options: { weights, heads, protocol, device, batchSize, threads } };
}

function isDevice(word: string): word is DeviceWish {
  return /^(auto|cpu|cuda(:\d{1,3})?)$/.test(word);
}
