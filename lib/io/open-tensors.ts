/**
 * Opens weights of any kind that is read here, told by their bytes and not by their name: torch's zip archives
 * (TorchScript among them), torch's legacy files, safetensors, numpy's npz.
 *
 * Part of the paper: the encoders of its benchmark are used from their publishers' own files. Nothing in a file is
 * executed: names that a pickle asks for stay text, and all but tensors and containers is refused by name.
 */
import type { ByteSource } from "./byte-source.js";
import { NPY, openNpzTensors } from "./npz-tensors.js";
import { looksLikeSafetensors, openSafetensors } from "./safetensors.js";
import { asTensorErrors, TensorFileError } from "./tensor-error.js";
import type { TensorFile } from "./tensor-file.js";
import { openTorchLegacy } from "./torch-legacy.js";
import { openTorchZip, torchPickleEntry } from "./torch-zip.js";
import { readZipDirectory } from "./zip-reader.js";

/** Bytes of a file that tell its kind: a tar archive says so at byte 257. */
const TELLING_BYTES = 512;

/** Files that are often found in the place of weights, by what they begin with. */
const strangers: readonly (readonly [begins: RegExp | string, what: string])[] = [
  ["version https://git-lfs", "it is a pointer of git-lfs; fetch the file itself: git lfs pull"],
  [
    /^\s*(<!doctype|<html|<\?xml)/i,
    "it is a web page; the download gave an error or a login instead of the file",
  ],
  [/^\s*[{[]\s*"/, "it is JSON text, such as a download's error or a model's configuration"],
  ["\u0089HDF\r\n", "it is an HDF5 file (Keras); torch's files and safetensors are read"],
  ["GGUF", "it is a GGUF file; torch's files and safetensors are read"],
  ["\u001f\u008b", "it is packed with gzip; unpack it first"],
  [
    /^.{257}ustar/s,
    "it is a tar archive; weights of torch before 0.1.10 were, load and save them with a newer torch",
  ],
];

/**
 * Opens a file of weights. Of a torch zip archive only the directory and the pickle are read, of safetensors and npz only
 * the headers.
 * @param source stays open as long as tensors are read from the result, and is the caller's to close
 * @returns the tensors by name; where a checkpoint wraps its state dict (`{"model": {...}, "epoch": 3}`), by the names
 *   inside it
 * @throws TensorFileError where it is no file of weights, or a damaged, hostile or unsupported one
 * @example (await openTensors(await openFileSource("dinov2_vits14_pretrain.pth"))).tensors.get("cls_token")?.shape // [1, 1, 384]
 */
export async function openTensors(source: ByteSource): Promise<TensorFile> {
  const begins = await source.read(0, Math.min(source.length, TELLING_BYTES));
  if (begins.length === 0) throw new TensorFileError("not weights", source.name, "the file is empty");
  const text = Buffer.from(begins).toString("latin1");
  if (text.startsWith("PK\u0003\u0004")) return openZip(source);
  if (begins[0] === 0x80) return openTorchLegacy(source);
  if (looksLikeSafetensors(source, begins)) return openSafetensors(source);
  const stranger = strangers.find(([begin]) =>
    typeof begin === "string" ? text.startsWith(begin) : begin.test(text),
  )?.[1];
  throw new TensorFileError(
    "not weights",
    source.name,
    stranger ?? "a torch file, safetensors or npz is needed, and its first bytes are those of none",
  );
}

async function openZip(source: ByteSource): Promise<TensorFile> {
  const entries = await asTensorErrors(source.name, () => readZipDirectory(source));
  const pickle = torchPickleEntry(source.name, entries);
  if (pickle !== undefined) return openTorchZip(source, entries, pickle);
  if (entries.some(({ name }) => name.endsWith(NPY))) return openNpzTensors(source, entries);
  throw new TensorFileError(
    "not weights",
    source.name,
    "it is a zip archive with neither the pickle of a torch file nor arrays of numpy",
  );
}
