/** Features of images: extraction, files, moments. */
export { Moments } from "./moments.js";
