/** Mathematics that knows nothing of images. */
export { Random } from "./random.js";
