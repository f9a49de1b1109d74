/**
 * DINOv2 as a graph: uint8 pixels in, the class token after the last LayerNorm out (the benchmark's encoder).
 *
 * Source: facebookresearch/dinov2 (`DinoVisionTransformer`): pre-norm blocks with LayerScale, exact GELU or SwiGLU,
 * LayerNorm eps 1e-6; registers stand behind the class token and have no position. Tokens are kept as one
 * (images x tokens) x width matrix, as products of matrices are what takes the time; attention is ONNX Runtime's own
 * operator. The last block is computed for the class token alone: no other token is asked for.
 */
import type { TensorFile } from "../io/index.js";
import type { DinoShape } from "./dinov2-shape.js";
import { type BuiltGraph, GraphBuilder } from "./graph.js";
import { type GraphInput, pixelInput } from "./pixel-input.js";
import { interpolatePositions } from "./position-table.js";
import { readFloats } from "./read-floats.js";

const EPSILON = { float: 1e-6 };

/**
 * Builds the graph.
 * @param input what pixels come in; its sides are multiples of the patch
 * @returns a graph with the input "pixels" (batch x height x width x 3) and the output "features" (batch x width)
 */
export async function dinoGraph(file: TensorFile, shape: DinoShape, input: GraphInput): Promise<BuiltGraph> {
  const { width, depth, patch } = shape;
  if (typeof input.width === "string" || input.height !== input.width || input.width % patch !== 0)
    throw new RangeError(
      `Cannot build DINOv2: a square input of a multiple of ${patch} pixels is needed, got ${input.width} x ${input.height}`,
    );
  const g = new GraphBuilder("DINOv2", file);
  const side = input.width / patch;
  const tokens = 1 + shape.registers + side * side;
  let x = g.node("Reshape", [
    await embed(g, file, shape, side, pixelInput(g, input)),
    g.integers([-1, width]),
  ]);
  for (let block = 0; block < depth - 1; block++) x = wholeBlock(g, shape, block, tokens, x);
  x = classBlock(g, shape, depth - 1, tokens, x);
  g.output(norm(g, "norm", x), { name: "features", type: "float32", shape: ["batch", width] });
  return g.build();
}

/** Patches, the class token, registers and positions: images x tokens x width. */
async function embed(
  g: GraphBuilder,
  file: TensorFile,
  shape: DinoShape,
  side: number,
  pixels: string,
): Promise<string> {
  const { width, patch, tableSide, registers } = shape;
  const maps = g.node(
    "Conv",
    [pixels, g.weight("patch_embed.proj.weight"), g.weight("patch_embed.proj.bias")],
    {
      kernel_shape: [patch, patch],
      strides: [patch, patch],
    },
  );
  const patches = g.node("Transpose", [g.node("Reshape", [maps, g.integers([0, width, side * side])])], {
    perm: [0, 2, 1],
  });
  const table = await readFloats(file, "pos_embed");
  const places = interpolatePositions(table.subarray(width), {
    tableSide,
    side,
    width,
    antialias: registers > 0,
  });
  const placed = g.node("Add", [patches, g.floats(places, [1, side * side, width])]);
  const first = Float32Array.from(
    await readFloats(file, "cls_token"),
    (value, at) => value + (table[at] ?? 0),
  );
  const count = 1 + registers;
  const values = new Float32Array(count * width);
  values.set(first);
  if (registers > 0) values.set(await readFloats(file, "register_tokens"), width);
  const batch = g.node("Shape", [pixels], { start: 0, end: 1 });
  const target = g.node("Concat", [batch, g.integers([count, width])], { axis: 0 });
  const tokens = g.node("Expand", [g.floats(values, [1, count, width]), target]);
  return g.node("Concat", [tokens, placed], { axis: 1 });
}

function wholeBlock(g: GraphBuilder, shape: DinoShape, block: number, tokens: number, x: string): string {
  const { width } = shape;
  const at = `blocks.${block}`;
  const qkv = linear(g, `${at}.attn.qkv`, norm(g, `${at}.norm1`, x));
  const parts = g
    .split(qkv, 1, [width, width, width])
    .map((part) => g.node("Reshape", [part, g.integers([-1, tokens, width])]));
  return afterAttention(g, shape, block, x, attention(g, shape, parts));
}

/** Keys and values of all tokens, everything else for the first one. */
function classBlock(g: GraphBuilder, shape: DinoShape, block: number, tokens: number, x: string): string {
  const { width } = shape;
  const at = `blocks.${block}`;
  const normed = norm(g, `${at}.norm1`, x);
  const all = (matrix: string) => g.node("Reshape", [matrix, g.integers([-1, tokens, width])]);
  const first = (matrix: string) => g.node("Gather", [all(matrix), g.integer(0)], { axis: 1 });
  const [keys, values] = g.split(linear(g, `${at}.attn.qkv`, normed, [width, 3 * width]), 1, [width, width]);
  const query = g.node("Reshape", [
    linear(g, `${at}.attn.qkv`, first(normed), [0, width]),
    g.integers([-1, 1, width]),
  ]);
  return afterAttention(
    g,
    shape,
    block,
    first(x),
    attention(g, shape, [query, all(keys ?? ""), all(values ?? "")]),
  );
}

/** Softmax(q k' / sqrt(head width)) v for each head. */
function attention(g: GraphBuilder, shape: DinoShape, queryKeysValues: readonly string[]): string {
  const mixed = g.fused("MultiHeadAttention", queryKeysValues, { num_heads: shape.heads });
  return g.node("Reshape", [mixed, g.integers([-1, shape.width])]);
}

function afterAttention(g: GraphBuilder, shape: DinoShape, block: number, x: string, mixed: string): string {
  const at = `blocks.${block}`;
  const scaled = (part: string, y: string) => g.node("Mul", [y, g.weight(`${at}.${part}.gamma`)]);
  const y = g.node("Add", [x, scaled("ls1", linear(g, `${at}.attn.proj`, mixed))]);
  const normed = norm(g, `${at}.norm2`, y);
  const inner = shape.feedForward === "mlp" ? gelu(g, at, normed) : swiglu(g, at, normed, shape.hidden);
  const out = linear(g, `${at}.mlp.${shape.feedForward === "mlp" ? "fc2" : "w3"}`, inner);
  return g.node("Add", [y, scaled("ls2", out)]);
}

function gelu(g: GraphBuilder, at: string, x: string): string {
  return g.fused("Gelu", [linear(g, `${at}.mlp.fc1`, x)]);
}

function swiglu(g: GraphBuilder, at: string, x: string, hidden: number): string {
  const [gate = "", value = ""] = g.split(linear(g, `${at}.mlp.w12`, x), 1, [hidden, hidden]);
  return g.node("Mul", [g.node("Mul", [gate, g.node("Sigmoid", [gate])]), value]);
}

/** y = x W' + b; torch stores W as outputs x inputs. */
function linear(g: GraphBuilder, name: string, x: string, rows?: readonly [number, number]): string {
  return g.node("Gemm", [x, g.weight(`${name}.weight`, rows), g.weight(`${name}.bias`, rows)], { transB: 1 });
}

function norm(g: GraphBuilder, name: string, x: string): string {
  return g.node("LayerNormalization", [x, g.weight(`${name}.weight`), g.weight(`${name}.bias`)], {
    axis: -1,
    epsilon: EPSILON,
  });
}
