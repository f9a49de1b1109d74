/**
 * SSCD's ResNet-50 as a graph: the descriptor of 512 numbers and length 1 that the paper's deduplication compares.
 *
 * torchvision's ResNet-50, generalised mean pooling (p = 3) instead of the mean, one linear layer 2048 to 512, then
 * length 1. Source: Pizzi et al. 2022, facebookresearch/sscd-copy-detection; tensor names are those of its files.
 */
import type { TensorFile } from "../io/index.js";
import { convolve, doesNotFit, type Maps, pool } from "./convolution.js";
import { type BuiltGraph, GraphBuilder } from "./graph.js";
import { type GraphInput, pixelInput } from "./pixel-input.js";

/** Blocks of each stage of ResNet-50. */
const BLOCKS = [3, 4, 6, 3] as const;
const EPSILON = 1e-5;
/** Generalised mean pooling: the mean of the third powers of values not below the smallest. */
const GEM_POWER = 3;
const GEM_SMALLEST = 1e-6;
/** What torch's `normalize` divides by at least. */
const SMALLEST_LENGTH = 1e-12;

/**
 * Builds the graph.
 * @returns a graph with the input "pixels" (batch x height x width x 3) and the output "features" (batch x 512), and the
 *   width of the descriptor
 * @throws TypeError where the weights are not those of this network
 */
export async function sscdGraph(
  file: TensorFile,
  input: GraphInput,
): Promise<BuiltGraph & { readonly width: number }> {
  const g = new GraphBuilder("SSCD", file);
  const layer = (maps: Maps, kernel: string, norm: string, stride = 1, rectify = true) =>
    convolve(g, file, maps, {
      kernel: `backbone.${kernel}.weight`,
      norm: `backbone.${norm}`,
      epsilon: EPSILON,
      stride,
      padding: "same",
      rectify,
    });
  const bottleneck = (maps: Maps, at: string, stride: number): Maps => {
    const narrow = layer(maps, `${at}.conv1`, `${at}.bn1`);
    const middle = layer(narrow, `${at}.conv2`, `${at}.bn2`, stride);
    const wide = layer(middle, `${at}.conv3`, `${at}.bn3`, 1, false);
    const isFirst = file.tensors.has(`backbone.${at}.downsample.0.weight`);
    const past = isFirst ? layer(maps, `${at}.downsample.0`, `${at}.downsample.1`, stride, false) : maps;
    if (past.channels !== wide.channels)
      throw doesNotFit(`backbone.${at}.conv3.weight`, `[${past.channels}, ...]`, [wide.channels]);
    return { value: g.node("Relu", [g.node("Add", [wide.value, past.value])]), channels: wide.channels };
  };
  let maps = layer({ value: pixelInput(g, input), channels: 3 }, "conv1", "bn1", 2);
  maps = pool(g, maps, "max", { side: 3, stride: 2, pad: 1 });
  for (const [stage, blocks] of BLOCKS.entries())
    for (let block = 0; block < blocks; block++)
      maps = bottleneck(maps, `layer${stage + 1}.${block}`, stage > 0 && block === 0 ? 2 : 1);
  const projection = file.tensors.get("backbone.fc.weight")?.shape ?? [];
  const [width = 0] = projection;
  if (projection.length !== 2 || projection[1] !== maps.channels)
    throw doesNotFit("backbone.fc.weight", `[width, ${maps.channels}]`, projection);
  const vector = generalisedMean(g, maps);
  const mapped = g.node("Gemm", [vector, g.weight("backbone.fc.weight"), g.weight("backbone.fc.bias")], {
    transB: 1,
  });
  const length = g.node("ReduceL2", [mapped, g.integers([1])], { keepdims: 1 });
  const unit = g.node("Div", [mapped, g.node("Max", [length, g.floats([SMALLEST_LENGTH])])]);
  g.output(unit, { name: "features", type: "float32", shape: ["batch", width] });
  return { ...(await g.build()), width };
}

function generalisedMean(g: GraphBuilder, { value }: Maps): string {
  const above = g.node("Max", [value, g.floats([GEM_SMALLEST])]);
  const powers = g.node("Mul", [g.node("Mul", [above, above]), above]);
  const mean = g.node("Flatten", [g.node("GlobalAveragePool", [powers])]);
  return g.node("Pow", [mean, g.floats([1 / GEM_POWER])]);
}
