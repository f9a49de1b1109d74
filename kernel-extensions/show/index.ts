/** What a cell can show. */
export { type CellHost, currentHost, type DisplayOptions, installHost, type MimeBundle } from "./host.js";
export { type Displayable, jupyterDisplay, render } from "./render.js";
