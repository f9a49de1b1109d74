/** Archives as torch writes them, around a pickle made by hand. */

import { dict, int, madePickle, type PicklePiece, tensor, text, tuple } from "./made-pickle.js";
import type { MadeEntry } from "./made-zip.js";

/** Entries of a torch archive with this pickle and one storage of 4 float32: 1, 2, 3, 4. */
export function madeArchive(pickle: Buffer, more: readonly MadeEntry[] = []): MadeEntry[] {
  return [
    { name: "a/data.pkl", bytes: pickle },
    { name: "a/data/0", bytes: new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer) },
    ...more,
  ];
}

/** The same around what the pickle holds. */
export function madeFile(...pieces: readonly PicklePiece[]): MadeEntry[] {
  return madeArchive(madePickle(...pieces));
}

/** An archive of so many tensors with storages of their own. */
export function madeWeights(tensors: number, bytesEach: number): MadeEntry[] {
  const shape = tuple(int(bytesEach / 4));
  const pieces: PicklePiece[] = [];
  const storages: MadeEntry[] = [];
  for (let i = 0; i < tensors; i++) {
    pieces.push(text(`blocks.${i}.weight`));
    pieces.push(tensor({ key: `${i}`, size: int(bytesEach / 4), shape, strides: tuple(int(1)) }));
    storages.push({ name: `a/data/${i}`, bytes: new Uint8Array(bytesEach).fill(i) });
  }
  return [{ name: "a/data.pkl", bytes: madePickle(dict(...pieces)) }, ...storages];
}
