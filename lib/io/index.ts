/** Bytes and file formats. */
export { type ByteSource, bufferSource, openFileSource } from "./byte-source.js";
export { packageFile, packageRoot, readPackageJson } from "./package-files.js";
export { currentSettings, installSettings, type Settings, settingsFrom } from "./settings.js";
export {
  parseTarHeader,
  TAR_BLOCK_BYTES,
  type TarHeader,
  type TarHeaderField,
  tarChecksum,
  tarHeaderFields,
} from "./tar-header.js";
export { MAX_TAR_EXTENSION_BYTES, type TarEntry, TarError, tarEntries } from "./tar-reader.js";
export { type TarFile, tarArchive, tarFileHeader } from "./tar-writer.js";
