/** Bytes and file formats. */
export { type ByteSource, bufferSource, isByteStream, openFileSource } from "./byte-source.js";
export { Claims, type ClaimToken, isClaimHeld } from "./claim.js";
export { publishFile, replaceFile, syncFolder, temporaryName, writeDurably } from "./durable-file.js";
export { widenHalves } from "./half-float.js";
export { hashFile } from "./hash-file.js";
export { shownName } from "./hostile-text.js";
export { makeFolder } from "./make-folder.js";
export type { NpyData, NpyType } from "./npy-dtype.js";
export { npyHeader } from "./npy-header.js";
export { type NpyFile, openNpy } from "./npy-reader.js";
export { type NpyArray, type NpyStream, npyBytes, npyPieces } from "./npy-writer.js";
export { type NpzFile, openNpz } from "./npz-reader.js";
export { type NpzArray, writeNpz } from "./npz-writer.js";
export {
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxModel,
  type OnnxNode,
  type OnnxType,
  type OnnxValue,
  onnxBytes,
} from "./onnx.js";
export { openTensors } from "./open-tensors.js";
export { packageFile, packageRoot, readPackageJson } from "./package-files.js";
export { namesIn, readJsonFile } from "./read-folder.js";
export type { Need, Reading } from "./reading.js";
export { runReading, runReadingAt } from "./run-reading.js";
export { currentSettings, installSettings, type Settings, settingsFrom } from "./settings.js";
export { createTableFile, type TableColumn, type TableFile } from "./table-file.js";
export { type TarDamage, type TarDamageKind, TarError } from "./tar-damage.js";
export { isDamage, type TarEntry, type TarFinding } from "./tar-entry.js";
export { MAX_TAR_EXTENSION_BYTES } from "./tar-extension.js";
export {
  parseTarHeader,
  readTarHeader,
  TAR_BLOCK_BYTES,
  type TarHeader,
  type TarHeaderFault,
  type TarHeaderField,
  tarChecksum,
  tarHeaderFields,
} from "./tar-header.js";
export { TAR_LOOK_BACK_BYTES } from "./tar-mending.js";
export type { WantsTarData } from "./tar-parser.js";
export { type TarEntryOptions, type TarOptions, tarEntries, tarFindings } from "./tar-reader.js";
export { findTarHeader, TAR_SEARCH_BYTES, tarHeadersIn } from "./tar-search.js";
export { type TarFile, tarArchive, tarFileHeader } from "./tar-writer.js";
export { TensorFileError, type TensorFileErrorKind } from "./tensor-error.js";
export { type StoredTensor, TENSOR_ITEM_BYTES, type TensorFile, type TensorType } from "./tensor-file.js";
export {
  checkStoredEntry,
  MAX_ZIP_ENTRIES,
  readZipDirectory,
  readZipEntry,
  type ZipEntry,
  ZipError,
  type ZipErrorKind,
  type ZipLimits,
} from "./zip-reader.js";
export { writeZip, type ZipPart, type ZipWriteOptions } from "./zip-writer.js";
