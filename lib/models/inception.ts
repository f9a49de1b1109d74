/**
 * FID's Inception as a graph: the 2048 pooled features, and the 1008 logits.
 *
 * The TensorFlow network of 2015-12-05 as pytorch-fid carries it over: its average pools do not count the padding, the
 * pool of the last block takes the largest, batch normalisation has epsilon 0.001, and there are 1008 classes.
 * Source: Szegedy et al. 2016, Heusel et al. 2017; tensor names are pytorch-fid's.
 */
import type { TensorFile } from "../io/index.js";
import { concatenate, convolve, doesNotFit, type Maps, pool } from "./convolution.js";
import { type BuiltGraph, GraphBuilder } from "./graph.js";
import { type GraphInput, pixelInput } from "./pixel-input.js";

/** Pooled features of an image. */
export const INCEPTION_WIDTH = 2048;
/** Classes of the network, as TensorFlow counts them. */
const CLASSES = 1008;
const EPSILON = 0.001;

/** What a row of blocks does to maps. */
type Step = (maps: Maps) => Maps;
/** One layer by its name inside the block. */
type Layer = (
  name: string,
  options?: { readonly stride?: number; readonly padding?: "same" | "valid" },
) => Step;

/**
 * Builds the graph.
 * @returns a graph with the input "pixels" (batch x height x width x 3) and the outputs "features" (batch x 2048) and
 *   "logits" (batch x 1008)
 * @throws TypeError where the weights are not those of this network
 */
export async function inceptionGraph(file: TensorFile, input: GraphInput): Promise<BuiltGraph> {
  const g = new GraphBuilder("Inception", file);
  const layer =
    (block: string): Layer =>
    (name, { stride = 1, padding = "same" } = {}) =>
    (maps) => {
      const at = [block, name].filter(Boolean).join(".");
      return convolve(g, file, maps, {
        kernel: `${at}.conv.weight`,
        norm: `${at}.bn`,
        epsilon: EPSILON,
        stride,
        padding,
        rectify: true,
      });
    };
  const shrink: Step = (maps) => pool(g, maps, "max", { side: 3, stride: 2, pad: 0 });
  const blur: Step = (maps) => pool(g, maps, "average", { side: 3, stride: 1, pad: 1 });
  const largest: Step = (maps) => pool(g, maps, "max", { side: 3, stride: 1, pad: 1 });
  const block =
    (name: string, branches: (layer: Layer) => readonly (readonly Step[])[]): Step =>
    (maps) =>
      concatenate(
        g,
        branches(layer(name)).map((steps) => along(maps, steps)),
      );
  const fork =
    (...steps: readonly Step[]): Step =>
    (maps) =>
      concatenate(
        g,
        steps.map((step) => step(maps)),
      );

  const first = layer("");
  const steps: Step[] = [
    first("Conv2d_1a_3x3", { stride: 2, padding: "valid" }),
    first("Conv2d_2a_3x3", { padding: "valid" }),
    first("Conv2d_2b_3x3"),
    shrink,
    first("Conv2d_3b_1x1"),
    first("Conv2d_4a_3x3", { padding: "valid" }),
    shrink,
    ...["Mixed_5b", "Mixed_5c", "Mixed_5d"].map((name) =>
      block(name, (l) => [
        [l("branch1x1")],
        [l("branch5x5_1"), l("branch5x5_2")],
        [l("branch3x3dbl_1"), l("branch3x3dbl_2"), l("branch3x3dbl_3")],
        [blur, l("branch_pool")],
      ]),
    ),
    block("Mixed_6a", (l) => [
      [l("branch3x3", { stride: 2, padding: "valid" })],
      [l("branch3x3dbl_1"), l("branch3x3dbl_2"), l("branch3x3dbl_3", { stride: 2, padding: "valid" })],
      [shrink],
    ]),
    ...["Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"].map((name) =>
      block(name, (l) => [
        [l("branch1x1")],
        [l("branch7x7_1"), l("branch7x7_2"), l("branch7x7_3")],
        [1, 2, 3, 4, 5].map((at) => l(`branch7x7dbl_${at}`)),
        [blur, l("branch_pool")],
      ]),
    ),
    block("Mixed_7a", (l) => [
      [l("branch3x3_1"), l("branch3x3_2", { stride: 2, padding: "valid" })],
      [...[1, 2, 3].map((at) => l(`branch7x7x3_${at}`)), l("branch7x7x3_4", { stride: 2, padding: "valid" })],
      [shrink],
    ]),
    ...(
      [
        ["Mixed_7b", blur],
        ["Mixed_7c", largest],
      ] as const
    ).map(([name, pooled]) =>
      block(name, (l) => [
        [l("branch1x1")],
        [l("branch3x3_1"), fork(l("branch3x3_2a"), l("branch3x3_2b"))],
        [l("branch3x3dbl_1"), l("branch3x3dbl_2"), fork(l("branch3x3dbl_3a"), l("branch3x3dbl_3b"))],
        [pooled, l("branch_pool")],
      ]),
    ),
  ];
  const maps = along({ value: pixelInput(g, input), channels: 3 }, steps);
  const classes = file.tensors.get("fc.weight")?.shape ?? [];
  if (maps.channels !== INCEPTION_WIDTH || classes[0] !== CLASSES || classes[1] !== INCEPTION_WIDTH)
    throw doesNotFit("fc.weight", `[${CLASSES}, ${INCEPTION_WIDTH}]`, classes);
  const features = g.node("Flatten", [g.node("GlobalAveragePool", [maps.value])]);
  g.output(features, { name: "features", type: "float32", shape: ["batch", INCEPTION_WIDTH] });
  const logits = g.node("Gemm", [features, g.weight("fc.weight"), g.weight("fc.bias")], { transB: 1 });
  g.output(logits, { name: "logits", type: "float32", shape: ["batch", CLASSES] });
  return g.build();
}

function along(maps: Maps, steps: readonly Step[]): Maps {
  return steps.reduce((at, step) => step(at), maps);
}
