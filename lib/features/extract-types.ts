/** What an extraction takes, tells while it runs, and gives. */
import type { Preparing, ProtocolId } from "../images/index.js";
import type { Encoder, EncoderIdentity } from "../models/index.js";
import type { Moments } from "./moments.js";

/** An image that no features could be made of. */
export interface ExtractFailure {
  readonly key: string;
  /**
   * An `ImageErrorKind`; "record" where its container is damaged, "unreadable" where its file cannot be opened,
   * "thread died" where the thread that decoded it did.
   */
  readonly kind: string;
  /** Names the image, whose name may be hostile text. */
  readonly message: string;
}

/** Whether every row stays, or only the mean and covariance of all. */
export type ExtractKeep = "rows" | "moments";

/** How far an extraction has come. */
export interface ExtractProgress {
  /** Images with features: of finished parts, whoever made them, and of those that this process is at. */
  readonly images: number;
  /** Images without, counted alike. */
  readonly failed: number;
  /** Images in all, where the set knows. */
  readonly imagesTotal?: number;
  readonly partsDone: number;
  readonly partsTotal: number;
  /** Images that this call has inferred, for a rate. */
  readonly imagesInferred: number;
  /** How long the encoder was busy, by the clock that was passed in. */
  readonly inferSeconds?: number;
  /** How long it had nothing to do because the next batch was not prepared. */
  readonly waitingSeconds?: number;
}

/** What `extractFeatures` takes beside the images. */
export interface ExtractOptions {
  readonly encoder: Encoder;
  /** Where finished parts lie, so that a later call goes on and other processes share; without it all is in memory. */
  readonly folder?: string | undefined;
  /** "rows" where it is left out. */
  readonly keep?: ExtractKeep | undefined;
  /** Threads that decode and prepare; as many as cores where it is left out. */
  readonly workers?: number | undefined;
  /** A pool that is open for the encoder's protocol, and stays open; instead of `workers`. */
  readonly preparing?: Preparing | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExtractProgress) => void) | undefined;
  /** A clock in seconds, from any moment on; without it nothing is measured. */
  readonly now?: (() => number) | undefined;
}

/** What made the features of one or more parts. */
export interface ExtractMaker {
  /** "cpu", "cuda:0". */
  readonly device: string;
  readonly batchSize: number;
  /** Of the engine, by name. */
  readonly versions: { readonly [name: string]: string };
}

/** One part that is finished. */
export interface ExtractedPart {
  /** The part's name in its set. */
  readonly name: string;
  /** Images with features. */
  readonly images: number;
  readonly failures: readonly ExtractFailure[];
  readonly maker: ExtractMaker;
}

/** Some rows, in the order of the images. */
export interface RowBlock {
  /** The part that they are of. */
  readonly part: string;
  readonly keys: readonly string[];
  /** keys.length x width, row-major, float32 */
  readonly rows: Float32Array;
}

/** The features of a set. */
export interface ExtractResult {
  readonly encoder: EncoderIdentity;
  readonly prefix: Encoder["prefix"];
  readonly protocol: ProtocolId;
  /** Features of one image. */
  readonly width: number;
  readonly keep: ExtractKeep;
  /** Images with features. */
  readonly images: number;
  readonly failures: readonly ExtractFailure[];
  /** In the order of the set. */
  readonly parts: readonly ExtractedPart[];
  /** Whatever made a part, each once. */
  readonly makers: readonly ExtractMaker[];
  /** Images that this call inferred; the others were there or came from other processes. */
  readonly imagesInferred: number;
  readonly inferSeconds?: number;
  readonly waitingSeconds?: number;
  /** The keys in the order of the rows; also where no rows were kept. */
  keys(): Promise<string[]>;
  /** Mean and covariance of all rows, merged in the order of the parts. */
  moments(): Promise<Moments>;
  /**
   * The rows in order, read as they are asked for.
   * @throws Error where only moments were kept
   */
  rowBlocks(): AsyncGenerator<RowBlock, void, undefined>;
}
