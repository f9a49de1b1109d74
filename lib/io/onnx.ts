/**
 * ONNX models as bytes: the part of the format that graphs of encoders need, written with pbf.
 *
 * Field numbers are those of onnx.proto (ONNX 1.16, IR version 10). Tensors are stored in the model itself (small
 * constants) or named by file, offset and length, so that weights are used where they lie.
 */
import { PbfWriter } from "pbf";

/** Element types by their numbers in TensorProto.DataType. */
const onnxTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const;

/** The name of an element type. */
export type OnnxType = keyof typeof onnxTypes;

/** What an attribute of a node may be: whole numbers are written as ints, `{ float }` as a float. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** One operation. */
export interface OnnxNode {
  readonly op: string;
  /** "com.microsoft" for ONNX Runtime's own operators; the standard's where it is left out. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: { readonly [name: string]: OnnxAttribute };
}

/** A constant: in the model, or a range of a file beside it. */
export interface OnnxInitializer {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly content:
    | { readonly bytes: Uint8Array }
    | { readonly file: string; readonly offset: number; readonly length: number };
}

/** An input or output; a text in the shape is a size that may change ("batch"). */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** A model. */
export interface OnnxModel {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
}

const IR_VERSION = 10;
const OPSET = 20;
const TENSOR_TYPE_EXTERNAL = 1;
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/**
 * A model as the bytes of an .onnx file.
 * @example writeFileSync("model.onnx", onnxBytes({ name: "sum", inputs, outputs, nodes, initializers: [] }));
 */
export function onnxBytes(model: OnnxModel): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, "gpic-lab");
  pbf.writeMessage(7, writeGraph, model);
  for (const [domain, version] of [
    ["", OPSET],
    ["com.microsoft", 1],
  ] as const)
    pbf.writeMessage(
      8,
      (_, p) => {
        p.writeStringField(1, domain);
        p.writeVarintField(2, version);
      },
      undefined,
    );
  return pbf.finish();
}

function writeGraph(model: OnnxModel, pbf: PbfWriter): void {
  for (const node of model.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, model.name);
  for (const tensor of model.initializers) pbf.writeMessage(5, writeTensor, tensor);
  for (const value of model.inputs) pbf.writeMessage(11, writeValue, value);
  for (const value of model.outputs) pbf.writeMessage(12, writeValue, value);
}

function writeNode(node: OnnxNode, pbf: PbfWriter): void {
  for (const name of node.inputs) pbf.writeStringField(1, name);
  for (const name of node.outputs) pbf.writeStringField(2, name);
  // the first output names the node, so that the engine's messages can be understood
  pbf.writeStringField(3, node.outputs[0] ?? node.op);
  pbf.writeStringField(4, node.op);
  for (const attribute of Object.entries(node.attributes ?? {}))
    pbf.writeMessage(5, writeAttribute, attribute);
  if (node.domain !== undefined) pbf.writeStringField(7, node.domain);
}

function writeAttribute([name, value]: readonly [string, OnnxAttribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, ATTRIBUTE.int);
  } else if (typeof value === "string") {
    pbf.writeStringField(4, value);
    pbf.writeVarintField(20, ATTRIBUTE.string);
  } else if ("float" in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, ATTRIBUTE.float);
  } else {
    for (const number of value) pbf.writeVarintField(8, number);
    pbf.writeVarintField(20, ATTRIBUTE.ints);
  }
}

function writeTensor(tensor: OnnxInitializer, pbf: PbfWriter): void {
  for (const size of tensor.shape) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, onnxTypes[tensor.type]);
  pbf.writeStringField(8, tensor.name);
  const { content } = tensor;
  if ("bytes" in content) {
    pbf.writeBytesField(9, content.bytes);
    return;
  }
  const place = { location: content.file, offset: String(content.offset), length: String(content.length) };
  for (const entry of Object.entries(place)) pbf.writeMessage(13, writeEntry, entry);
  pbf.writeVarintField(14, TENSOR_TYPE_EXTERNAL);
}

function writeEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeValue(value: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(
    2,
    (_, type) =>
      type.writeMessage(
        1,
        (_, tensor) => {
          tensor.writeVarintField(1, onnxTypes[value.type]);
          tensor.writeMessage(2, writeShape, value.shape);
        },
        undefined,
      ),
    undefined,
  );
}

function writeShape(shape: readonly (number | string)[], pbf: PbfWriter): void {
  for (const size of shape)
    pbf.writeMessage(
      1,
      (_, dimension) =>
        typeof size === "number" ? dimension.writeVarintField(1, size) : dimension.writeStringField(2, size),
      undefined,
    );
}
