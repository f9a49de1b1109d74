/**
 * Weights made by the rule of test/golden/{inception,sscd}-procedural, and checkpoints shaped like DINOv2's: as a
 * safetensors file, so that graphs are built over a file as they are over the publishers'.
 */
import { closeSync, openSync, writeSync } from "node:fs";

/** Shapes by name. */
export type Shapes = { readonly [name: string]: readonly number[] };

/** Writes a safetensors file whose numbers follow the rule. */
export function writeProceduralWeights(path: string, shapes: Shapes): void {
  const header: Record<string, { dtype: "F32"; shape: readonly number[]; data_offsets: [number, number] }> =
    {};
  let offset = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const bytes = 4 * product(shape);
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = openSync(path, "w");
  try {
    writeSync(file, length);
    writeSync(file, json);
    for (const [name, shape] of Object.entries(shapes))
      writeSync(file, Buffer.from(values(name, shape).buffer));
  } finally {
    closeSync(file);
  }
}

/** The tensors of a DINOv2 model of some size. */
export function dinoShapes(size: {
  readonly width: number;
  readonly depth: number;
  readonly registers?: number;
  /** Inner width of SwiGLU; an MLP of four times the width where it is left out. */
  readonly swiglu?: number;
}): Shapes {
  const { width, depth, registers = 0, swiglu } = size;
  const shapes: Record<string, readonly number[]> = {
    cls_token: [1, 1, width],
    pos_embed: [1, 1370, width],
    mask_token: [1, width],
    ...(registers > 0 ? { register_tokens: [1, registers, width] } : {}),
    "patch_embed.proj.weight": [width, 3, 14, 14],
    "patch_embed.proj.bias": [width],
  };
  const linear = (name: string, outputs: number, inputs: number) => {
    shapes[`${name}.weight`] = [outputs, inputs];
    shapes[`${name}.bias`] = [outputs];
  };
  const norm = (name: string) => {
    shapes[`${name}.weight`] = [width];
    shapes[`${name}.bias`] = [width];
  };
  for (let block = 0; block < depth; block++) {
    const at = `blocks.${block}`;
    norm(`${at}.norm1`);
    norm(`${at}.norm2`);
    linear(`${at}.attn.qkv`, 3 * width, width);
    linear(`${at}.attn.proj`, width, width);
    shapes[`${at}.ls1.gamma`] = [width];
    shapes[`${at}.ls2.gamma`] = [width];
    if (swiglu === undefined) {
      linear(`${at}.mlp.fc1`, 4 * width, width);
      linear(`${at}.mlp.fc2`, width, 4 * width);
    } else {
      linear(`${at}.mlp.w12`, 2 * swiglu, width);
      linear(`${at}.mlp.w3`, width, swiglu);
    }
  }
  norm("norm");
  return shapes;
}

/** lo + (hi - lo) * fmix32(fnv1a32("7:" + name) + i * 0x9E3779B9) / 2^32, as expected.json says. */
function values(name: string, shape: readonly number[]): Float32Array {
  const [lo, hi] = range(name, shape);
  const start = fnv1a32(`7:${name}`);
  const result = new Float32Array(product(shape));
  for (let i = 0; i < result.length; i++)
    result[i] = lo + ((hi - lo) * fmix32(start + Math.imul(i, 0x9e3779b9))) / 2 ** 32;
  return result;
}

function range(name: string, shape: readonly number[]): readonly [number, number] {
  if (name.endsWith("running_var")) return [0.8, 1.4];
  if (name.endsWith("running_mean")) return [-0.1, 0.1];
  if (shape.length === 1) return name.endsWith("weight") ? [0.9, 1.3] : [-0.1, 0.1];
  const bound = Math.sqrt(6 / product(shape.slice(1)));
  return [-bound, bound];
}

function fnv1a32(text: string): number {
  return Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5);
}

/** MurmurHash3's finaliser. */
function fmix32(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((result, size) => result * size, 1);
}
