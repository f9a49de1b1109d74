/** Licences: what a name and a URL mean, whether that is permissive, where an image came from, and whom to credit (the paper's 2.1). */
export {
  countLicences,
  type LicenceCount,
  type LicenceCounts,
  type LicensedRecord,
  MAX_ODD_LICENCES,
  type OddLicence,
} from "./count.js";
export { type Credit, type CreditedImage, creditOf, type MissingCredit, missingCredits } from "./credit.js";
export { type FoundCredit, findCredit } from "./credit-pattern.js";
export {
  type CreditsFormatName,
  type CreditsOptions,
  creditsFormatNames,
  sortForCredits,
  writeCredits,
} from "./credits.js";
export { creditColumns } from "./credits-format.js";
export type { CreditsSummary } from "./credits-summary.js";
export { type Licence, type LicenceCategory, licenceCategories } from "./licence.js";
export { MAX_URL_CHARS } from "./licence-url.js";
export { MAX_NAME_CHARS } from "./name.js";
export { MAX_REMEMBERED_PAIRS, normaliseLicence } from "./normalise.js";
export {
  type ImageSource,
  imageSource,
  imageSources,
  MAX_ATTRIBUTION_CHARS,
  type SourceFinding,
} from "./source.js";
