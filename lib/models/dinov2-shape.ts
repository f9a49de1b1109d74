/** What a DINOv2 checkpoint is, told from the names and shapes of its tensors. */
import type { TensorFile } from "../io/index.js";

/** The sizes of one DINOv2 model. */
export interface DinoShape {
  /** Features of a token. */
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  readonly registers: number;
  /** Side of the table of positions, in patches: 37 as published. */
  readonly tableSide: number;
  readonly feedForward: "mlp" | "swiglu";
  /** Width inside the feed-forward part. */
  readonly hidden: number;
}

/** The published models have heads of this width. */
const HEAD_WIDTH = 64;
const PUBLISHED = [
  { name: "vits14", width: 384, depth: 12, feedForward: "mlp" },
  { name: "vitb14", width: 768, depth: 12, feedForward: "mlp" },
  { name: "vitl14", width: 1024, depth: 24, feedForward: "mlp" },
  { name: "vitg14", width: 1536, depth: 40, feedForward: "swiglu" },
] as const;

/**
 * Reads the shape of a checkpoint, and checks that every tensor of it is there in its size.
 * @param heads attention heads; width / 64 where it is left out, as in the published models
 * @throws TypeError where the tensors are no DINOv2 model, with what was found
 */
export function dinoShape(file: TensorFile, heads?: number): DinoShape {
  const shapeOf = (name: string) => file.tensors.get(name)?.shape;
  const kernel = shapeOf("patch_embed.proj.weight");
  const positions = shapeOf("pos_embed");
  const [width = 0, channels, patch = 0] = kernel ?? [];
  if (kernel?.length !== 4 || channels !== 3 || kernel[3] !== patch || positions?.length !== 3)
    throw notDino(
      file,
      "patch_embed.proj.weight [width, 3, patch, patch] and pos_embed [1, places, width] are needed",
    );
  const depth = blocksOf(file);
  const tableSide = Math.sqrt((positions[1] ?? 0) - 1);
  if (!Number.isInteger(tableSide) || tableSide < 1)
    throw notDino(file, "a square table of positions and one place for the class token are needed");
  const feedForward = shapeOf("blocks.0.mlp.w12.weight") === undefined ? "mlp" : "swiglu";
  const shape: DinoShape = {
    width,
    depth,
    heads: headsOf(width, heads),
    patch,
    registers: shapeOf("register_tokens")?.[1] ?? 0,
    tableSide,
    feedForward,
    hidden: shapeOf(`blocks.0.mlp.${feedForward === "mlp" ? "fc2" : "w3"}.weight`)?.[1] ?? 0,
  };
  checkTensors(file, shape);
  return shape;
}

/** The published name of a model of this shape: "dinov2-vitl14-reg"; "dinov2-custom" where there is none. */
export function dinoName(shape: DinoShape): string {
  const { width, depth, heads, patch, registers, feedForward } = shape;
  const known = PUBLISHED.find(
    (one) => one.width === width && one.depth === depth && one.feedForward === feedForward,
  );
  const isPublished = patch === 14 && heads * HEAD_WIDTH === width && (registers === 0 || registers === 4);
  if (known === undefined || !isPublished) return "dinov2-custom";
  return `dinov2-${known.name}${registers > 0 ? "-reg" : ""}`;
}

function blocksOf(file: TensorFile): number {
  let depth = 0;
  while (file.tensors.has(`blocks.${depth}.norm1.weight`)) depth++;
  if (depth === 0) throw notDino(file, "blocks.0.norm1.weight is needed");
  return depth;
}

function headsOf(width: number, heads: number | undefined): number {
  const count = heads ?? width / HEAD_WIDTH;
  if (Number.isInteger(count) && count >= 1 && width % count === 0) return count;
  throw new RangeError(
    heads === undefined
      ? `Cannot tell the number of attention heads: a width of a multiple of ${HEAD_WIDTH} is needed, got ${width}; say how many there are (--heads)`
      : `Cannot use ${heads} attention heads: a number that divides the width of ${width} is needed`,
  );
}

/** Every tensor that the graph will ask for, in its size. */
function checkTensors(file: TensorFile, shape: DinoShape): void {
  const { width, depth, registers, patch, tableSide, feedForward, hidden } = shape;
  const need = (name: string, ...sizes: number[]) => {
    const found = file.tensors.get(name)?.shape;
    if (found === undefined || found.length !== sizes.length || found.some((size, at) => size !== sizes[at]))
      throw notDino(
        file,
        `${name} [${sizes.join(", ")}] is needed`,
        found === undefined ? "none" : `[${found.join(", ")}]`,
      );
  };
  need("cls_token", 1, 1, width);
  need("pos_embed", 1, tableSide ** 2 + 1, width);
  need("patch_embed.proj.weight", width, 3, patch, patch);
  need("patch_embed.proj.bias", width);
  if (registers > 0) need("register_tokens", 1, registers, width);
  for (let block = 0; block < depth; block++) {
    const name = (part: string) => `blocks.${block}.${part}`;
    for (const part of [
      "norm1.weight",
      "norm1.bias",
      "norm2.weight",
      "norm2.bias",
      "attn.proj.bias",
      "ls1.gamma",
      "ls2.gamma",
    ])
      need(name(part), width);
    need(name("attn.qkv.weight"), 3 * width, width);
    need(name("attn.qkv.bias"), 3 * width);
    need(name("attn.proj.weight"), width, width);
    const [first, last, rows] =
      feedForward === "mlp" ? (["fc1", "fc2", hidden] as const) : (["w12", "w3", 2 * hidden] as const);
    need(name(`mlp.${first}.weight`), rows, width);
    need(name(`mlp.${first}.bias`), rows);
    need(name(`mlp.${last}.weight`), width, hidden);
    need(name(`mlp.${last}.bias`), width);
  }
  need("norm.weight", width);
  need("norm.bias", width);
}

function notDino(file: TensorFile, needed: string, got?: string): TypeError {
  const names = [...file.tensors.keys()];
  const found =
    got ??
    (names.length === 0
      ? "no tensors"
      : `${names.length} tensors: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", ..." : ""}`);
  return new TypeError(`Cannot use these weights as DINOv2: ${needed}, got ${found}`);
}
