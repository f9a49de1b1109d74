/** Licences: what a name and a URL mean, whether that is permissive, where an image came from (the paper's 2.1). */
export { type Licence, type LicenceCategory, licenceCategories } from "./licence.js";
export { normaliseLicence } from "./normalise.js";
export { type ImageSource, imageSource, imageSources, type SourceFinding } from "./source.js";
