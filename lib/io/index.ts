/** Bytes and file formats. */
export { packageFile, packageRoot, readPackageJson } from "./package-files.js";
