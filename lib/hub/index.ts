/** Files on the Hugging Face Hub: listing, token, cache, download, ranged reads. */
export { currentSettings as hubSettings } from "../io/index.js";
