/** The `%name` cells that every front end of the session knows. */
import type { LineMagic } from "./session/magics.js";

/** In the order in which an unknown magic's error lists them. */
export const kernelMagics: readonly LineMagic[] = [];
