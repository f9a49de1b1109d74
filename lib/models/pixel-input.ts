/** The beginning of every encoder's graph: pixels as they lie in memory, made ready for its network. */
import type { Normalisation } from "../images/index.js";
import type { GraphBuilder } from "./graph.js";

/** What pixels come into a graph, and what its network wants of them. */
export interface GraphInput {
  readonly type: "uint8" | "float32";
  /** In pixels; a text where it may change from batch to batch. */
  readonly height: number | string;
  readonly width: number | string;
  readonly normalisation: Normalisation;
}

/**
 * Adds the input "pixels" (batch x height x width x 3, RGB, 0..255), its cast and normalisation.
 * @returns the name of batch x 3 x height x width, float32
 */
export function pixelInput(g: GraphBuilder, { type, height, width, normalisation }: GraphInput): string {
  const pixels = g.input({ name: "pixels", type, shape: ["batch", height, width, 3] });
  const floats = type === "uint8" ? g.node("Cast", [pixels], { to: 1 }) : pixels;
  const centred = g.node("Sub", [floats, g.floats(normalisation.mean)]);
  const scaled = g.node("Div", [centred, g.floats(normalisation.std)]);
  return g.node("Transpose", [scaled], { perm: [0, 3, 1, 2] });
}
