/**
 * A graph under construction over a file of weights: nodes named one after the other, weights by their place in the
 * publisher's file, derived constants in a small file beside it.
 */
import type {
  OnnxAttribute,
  OnnxInitializer,
  OnnxModel,
  OnnxNode,
  OnnxValue,
  StoredTensor,
  TensorFile,
} from "../io/index.js";

/** How the two files beside a graph are called in it. */
export const WEIGHTS_FILE = "weights.bin";
export const CONSTANTS_FILE = "constants.bin";

/** A graph, and the bytes of its constants. */
export interface BuiltGraph {
  readonly model: OnnxModel;
  /** What lies in CONSTANTS_FILE; empty where no weight had to be written anew. */
  readonly constants: Uint8Array;
}

/** Constants up to this size lie in the graph itself. */
const MOST_INLINE_BYTES = 256;
/** Where a mapped file may be read fastest. */
const ALIGNMENT_BYTES = 64;
const BYTES_OF = { float32: 4, float64: 8, float16: 2, bfloat16: 2 } as const;

/** Builds one graph; every method that makes a value gives its name. */
export class GraphBuilder {
  readonly #name: string;
  readonly #weights: TensorFile;
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxInitializer>();
  /** What gives each constant; asked one after the other when the graph is built, as weights may be large. */
  readonly #constants: (() => Uint8Array | Promise<Uint8Array>)[] = [];
  #constantBytes = 0;
  #values = 0;

  constructor(name: string, weights: TensorFile) {
    this.#name = name;
    this.#weights = weights;
  }

  /** An input of the graph; a text in the shape is a size that may change. */
  input(value: OnnxValue): string {
    this.#inputs.push(value);
    return value.name;
  }

  /** Names a value as an output of the graph. */
  output(from: string, value: OnnxValue): void {
    this.#nodes.push({ op: "Identity", inputs: [from], outputs: [value.name] });
    this.#outputs.push(value);
  }

  /** One operation with one result. */
  node(
    op: string,
    inputs: readonly string[],
    attributes?: { readonly [name: string]: OnnxAttribute },
  ): string {
    return this.#add(op, inputs, attributes, 1)[0] ?? "";
  }

  /** One of ONNX Runtime's own operations, which fuse what the standard spells out. */
  fused(
    op: string,
    inputs: readonly string[],
    attributes?: { readonly [name: string]: OnnxAttribute },
  ): string {
    return this.#add(op, inputs, attributes, 1, "com.microsoft")[0] ?? "";
  }

  /** Cuts a value along an axis into parts of these sizes. */
  split(value: string, axis: number, sizes: readonly number[]): string[] {
    return this.#add("Split", [value, this.integers(sizes)], { axis }, sizes.length);
  }

  /**
   * A weight as float32.
   * @param rows only the rows of its first axis from the first to before the second
   */
  weight(name: string, rows?: readonly [from: number, to: number]): string {
    const tensor = this.#weights.tensors.get(name);
    if (tensor === undefined) throw new RangeError(`Cannot build a graph: the weights have no ${name}`);
    const type = floatType(tensor);
    const [from, to] = rows ?? [0, tensor.shape[0] ?? 1];
    const shape = tensor.shape.length === 0 ? [] : [to - from, ...tensor.shape.slice(1)];
    const key = rows === undefined ? name : `${name}[${from}:${to}]`;
    if (!this.#initializers.has(key)) {
      const rowBytes = BYTES_OF[type] * tensor.shape.slice(1).reduce((product, size) => product * size, 1);
      const length = rowBytes * (to - from);
      const content =
        tensor.offset !== undefined && tensor.isContiguous
          ? { file: WEIGHTS_FILE, offset: tensor.offset + from * rowBytes, length }
          : this.#keep(length, async () =>
              (await this.#weights.read(name)).subarray(from * rowBytes, to * rowBytes),
            );
      this.#initializers.set(key, { name: key, type, shape, content });
    }
    return type === "float32" ? key : this.node("Cast", [key], { to: 1 });
  }

  /** Numbers as a float32 tensor. */
  floats(values: ArrayLike<number>, shape: readonly number[] = [values.length]): string {
    return this.#constant("float32", shape, new Uint8Array(Float32Array.from(values).buffer));
  }

  /** Whole numbers as an int64 tensor: shapes, axes, sizes. */
  integers(values: readonly number[]): string {
    return this.#constant(
      "int64",
      [values.length],
      new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
    );
  }

  /** One whole number, without an axis. */
  integer(value: number): string {
    return this.#constant("int64", [], new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
  }

  /** The graph, once every weight that had to be written anew is read. */
  async build(): Promise<BuiltGraph> {
    const constants = new Uint8Array(this.#constantBytes);
    let offset = 0;
    for (const read of this.#constants) {
      const bytes = await read();
      constants.set(bytes, offset);
      offset += aligned(bytes.length);
    }
    const model = {
      name: this.#name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
    };
    return { model, constants };
  }

  #add(
    op: string,
    inputs: readonly string[],
    attributes: { readonly [name: string]: OnnxAttribute } | undefined,
    count: number,
    domain?: string,
  ): string[] {
    const outputs = Array.from({ length: count }, () => `v${this.#values++}`);
    this.#nodes.push({
      op,
      inputs,
      outputs,
      ...(attributes === undefined ? {} : { attributes }),
      ...(domain === undefined ? {} : { domain }),
    });
    return outputs;
  }

  #constant(type: "float32" | "int64", shape: readonly number[], bytes: Uint8Array): string {
    const name = `c${this.#initializers.size}`;
    const content = bytes.length <= MOST_INLINE_BYTES ? { bytes } : this.#keep(bytes.length, () => bytes);
    this.#initializers.set(name, { name, type, shape, content });
    return name;
  }

  #keep(
    length: number,
    read: () => Uint8Array | Promise<Uint8Array>,
  ): { file: string; offset: number; length: number } {
    const offset = this.#constantBytes;
    this.#constants.push(read);
    this.#constantBytes += aligned(length);
    return { file: CONSTANTS_FILE, offset, length };
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}

function floatType({ name, type }: StoredTensor): keyof typeof BYTES_OF {
  if (type in BYTES_OF) return type as keyof typeof BYTES_OF;
  throw new TypeError(`Cannot build a graph: ${name} is needed as floating point, got ${type}`);
}
