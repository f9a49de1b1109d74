/** The encoders that graphs are built for: which network a name stands for, and what it is given by default. */
import type { ProtocolId } from "../images/index.js";
import type { TensorFile } from "../io/index.js";
import { dinoGraph } from "./dinov2.js";
import { dinoName, dinoShape } from "./dinov2-shape.js";
import type { Encoder } from "./encoder.js";
import type { BuiltGraph } from "./graph.js";
import { INCEPTION_WIDTH, inceptionGraph } from "./inception.js";
import type { GraphInput } from "./pixel-input.js";
import { sscdGraph } from "./sscd.js";

/** A graph with what is known of it. */
export interface EncoderGraph extends BuiltGraph {
  /** The published name that the weights have earned by their shapes. */
  readonly id: string;
  /** Features of one image. */
  readonly width: number;
}

/** One kind of network. */
export interface Architecture {
  readonly prefix: Encoder["prefix"];
  /** Which output is the feature. */
  readonly layer: string;
  /** How images are prepared for it where nobody says otherwise. */
  readonly protocol: ProtocolId;
  /** Whether attention heads may be said of it: their number does not show in the weights. */
  readonly hasHeads: boolean;
  /** @throws TypeError where the weights are not those of this network */
  build(file: TensorFile, input: GraphInput, heads?: number): Promise<EncoderGraph>;
}

const dino: Architecture = {
  prefix: "dino",
  layer: "class token after the last LayerNorm",
  protocol: "gpic",
  hasHeads: true,
  async build(file, input, heads) {
    const shape = dinoShape(file, heads);
    return { ...(await dinoGraph(file, shape, input)), id: dinoName(shape), width: shape.width };
  },
};

const inception: Architecture = {
  prefix: "inception",
  layer: "2048 pooled features",
  protocol: "pytorch-fid",
  hasHeads: false,
  build: async (file, input) => ({
    ...(await inceptionGraph(file, input)),
    id: "inception-fid",
    width: INCEPTION_WIDTH,
  }),
};

const sscd: Architecture = {
  prefix: "sscd",
  layer: "descriptor of length 1",
  protocol: "sscd-320",
  hasHeads: false,
  build: async (file, input) => ({ ...(await sscdGraph(file, input)), id: "sscd" }),
};

/**
 * The network of an encoder's name.
 * @param id "dinov2", "dinov2-vitl14-reg", "inception-fid", "sscd"
 * @throws RangeError for any other
 */
export function architectureOf(id: string): Architecture {
  if (id === "dinov2" || /^dinov2-(vit[sblg]14(-reg)?|custom)$/.test(id)) return dino;
  if (id === "inception-fid") return inception;
  if (id === "sscd") return sscd;
  throw new RangeError(
    `Cannot open the encoder ${JSON.stringify(id)}: dinov2, dinov2-vits14, -vitb14, -vitl14 or -vitg14 (each also with -reg), inception-fid, sscd or sscd-int8 is needed`,
  );
}

/**
 * Looks whether attention heads may be said of an encoder.
 * @throws RangeError where they are said of a network of convolutions
 * @example checkHeads("sscd", undefined) // nothing
 */
export function checkHeads(id: string, heads: number | undefined): void {
  if (heads !== undefined && !(id !== "sscd-int8" && architectureOf(id).hasHeads))
    throw new RangeError(
      `Cannot open ${id} with ${heads} attention heads: a DINOv2 is needed for them, got a network that has none`,
    );
}
