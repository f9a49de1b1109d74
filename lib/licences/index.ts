/** Licences: what a name and a URL mean, whether that is permissive, where an image came from, and whom to credit (the paper's 2.1). */
export { type Licence, type LicenceCategory, licenceCategories } from "./licence.js";
export { MAX_URL_CHARS } from "./licence-url.js";
export { MAX_NAME_CHARS } from "./name.js";
export { MAX_REMEMBERED_PAIRS, normaliseLicence } from "./normalise.js";
export { type ImageSource, imageSource, imageSources, type SourceFinding } from "./source.js";
