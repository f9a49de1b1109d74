import type { ByteSource } from "./byte-source.js";
import type { StoredTensor, TensorFile } from "./tensor-file.js";
export async function openTensors(source: ByteSource): Promise<TensorFile> {
  const n = Number(new DataView((await source.read(0, 8)).slice().buffer).getBigUint64(0, true));
  const h = JSON.parse(Buffer.from(await source.read(8, n)).toString());
  const tensors = new Map<string, StoredTensor>();
  for (const [name, v] of Object.entries<{ shape: number[]; data_offsets: [number, number] }>(h))
    if (name !== "__metadata__")
      tensors.set(name, {
        name,
        type: "float32",
        shape: v.shape,
        strides: [],
        offset: 8 + n + v.data_offsets[0],
        isContiguous: true,
      });
  return {
    format: "safetensors",
    tensors,
    read: async (k) => {
      const t = tensors.get(k)!;
      return source.read(t.offset!, 4 * t.shape.reduce((a, b) => a * b, 1));
    },
  };
}
