/** An encoder that is open: images of one protocol in, rows of features out, inference in a thread of its own. */
import type { Protocol } from "../images/index.js";

/** Prepared images of one size, one after the other. */
export interface ImageBatch {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** count x height x width x 3, row-major, RGB, 0..255; of the protocol's pixel type. */
  readonly data: Uint8Array | Float32Array;
}

/** Where inference runs, and why there. */
export interface DeviceReport {
  /** "cpu", "cuda:0". */
  readonly device: string;
  /** Why: what was asked for, and for auto what was found. */
  readonly why: string;
  /** Whether products may be rounded to TF32: never here. */
  readonly tf32: "off" | "not applicable";
  /** Threads of the CPU that one inference uses. */
  readonly threads: number;
}

/** What made a feature: enough to tell whether two sets may be compared. */
export interface EncoderIdentity {
  /** "dinov2-vitl14", "inception-fid", "sscd-int8"; "dinov2-custom" where no published size fits. */
  readonly id: string;
  /** Which output: "class token after the last LayerNorm", "2048 pooled features", "descriptor of length 1". */
  readonly layer: string;
  /** SHA-256 of the weights' file. */
  readonly weightsSha256: string;
  /** Version of the code that made the graph from the weights. */
  readonly builder: number;
}

/** An encoder that is open. */
export interface Encoder {
  readonly identity: EncoderIdentity;
  /** How the reference toolkits name its arrays: dino_mu, inception_mu, sscd_mu. */
  readonly prefix: "dino" | "inception" | "sscd";
  /** Features of one image. */
  readonly width: number;
  readonly protocol: Protocol;
  readonly device: DeviceReport;
  /** Images that one call should bring; lowered by itself when memory runs out. */
  readonly batchSize: number;
  /** Versions of the engine, by name. */
  readonly versions: { readonly [name: string]: string };
  /**
   * Infers one batch. The memory of `data` is handed over where it owns all of its buffer: it is empty afterwards.
   * @returns count x width, row-major, float32
   * @throws Error where memory is too small for one image, or the encoder is closed
   */
  infer(batch: ImageBatch): Promise<Float32Array>;
  close(): Promise<void>;
}
