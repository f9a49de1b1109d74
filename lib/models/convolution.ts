/** Convolution, batch normalisation and rectification, as the two convolutional encoders use them. */
import type { TensorFile } from "../io/index.js";
import type { GraphBuilder } from "./graph.js";

/** A value of a graph that holds feature maps: batch x channels x height x width. */
export interface Maps {
  readonly value: string;
  readonly channels: number;
}

/** One layer: the names of its weights, and how it moves over the maps. */
export interface ConvolutionLayer {
  /** Name of the kernel: "Conv2d_1a_3x3.conv.weight". */
  readonly kernel: string;
  /** What stands before ".weight", ".bias", ".running_mean", ".running_var" of the normalisation. */
  readonly norm: string;
  readonly epsilon: number;
  readonly stride?: number;
  /** "same": half the kernel on each side; "valid": none. */
  readonly padding: "same" | "valid";
  /** Whether values below zero become zero. */
  readonly rectify: boolean;
}

/**
 * Adds a layer; the engine folds the normalisation into the kernel when it loads the graph.
 * @throws TypeError where a weight is not there or does not fit what comes before it
 */
export function convolve(g: GraphBuilder, file: TensorFile, maps: Maps, layer: ConvolutionLayer): Maps {
  const { kernel, norm, epsilon, stride = 1, padding, rectify } = layer;
  const shape = file.tensors.get(kernel)?.shape ?? [];
  const [channels = 0, , height = 0, width = 0] = shape;
  if (shape.length !== 4 || shape[1] !== maps.channels)
    throw doesNotFit(kernel, `[outputs, ${maps.channels}, height, width]`, shape);
  const parts = ["weight", "bias", "running_mean", "running_var"].map((part) => `${norm}.${part}`);
  for (const name of parts) {
    const found = file.tensors.get(name)?.shape ?? [];
    if (found.length !== 1 || found[0] !== channels) throw doesNotFit(name, `[${channels}]`, found);
  }
  const [vertical, horizontal] = padding === "same" ? [height >> 1, width >> 1] : [0, 0];
  const summed = g.node("Conv", [maps.value, g.weight(kernel)], {
    kernel_shape: [height, width],
    strides: [stride, stride],
    pads: [vertical, horizontal, vertical, horizontal],
  });
  const normed = g.node("BatchNormalization", [summed, ...parts.map((name) => g.weight(name))], {
    epsilon: { float: epsilon },
  });
  return { value: rectify ? g.node("Relu", [normed]) : normed, channels };
}

/** The largest or the mean of each square of maps; a mean does not count what lies outside. */
export function pool(
  g: GraphBuilder,
  maps: Maps,
  kind: "max" | "average",
  { side, stride, pad }: { readonly side: number; readonly stride: number; readonly pad: number },
): Maps {
  const attributes = { kernel_shape: [side, side], strides: [stride, stride], pads: [pad, pad, pad, pad] };
  const value =
    kind === "max"
      ? g.node("MaxPool", [maps.value], attributes)
      : g.node("AveragePool", [maps.value], { ...attributes, count_include_pad: 0 });
  return { value, channels: maps.channels };
}

/** Maps side by side, one after the other. */
export function concatenate(g: GraphBuilder, parts: readonly Maps[]): Maps {
  return {
    value: g.node(
      "Concat",
      parts.map(({ value }) => value),
      { axis: 1 },
    ),
    channels: parts.reduce((sum, { channels }) => sum + channels, 0),
  };
}

/**
 * The error of weights that are those of another network.
 * @example throw doesNotFit("fc.weight", "[1008, 2048]", [1000, 2048]);
 */
export function doesNotFit(name: string, needed: string, found: readonly number[]): TypeError {
  const got = found.length === 0 ? "none" : `[${found.join(", ")}]`;
  return new TypeError(`Cannot use these weights: ${name} ${needed} is needed, got ${got}`);
}
