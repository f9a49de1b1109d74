/** What a cell can show. */

export { Chart, chart } from "./chart.js";
export type { ChartChannel, ChartData, ChartEncoding, ChartMark, ChartSpec } from "./chart-spec.js";
export { COLOURS } from "./chart-theme.js";
export { clearOutput, display, signal } from "./display.js";
export { Facts, facts } from "./facts.js";
export type { GridImage } from "./grid-items.js";
export { type CellHost, currentHost, type DisplayOptions, installHost, type MimeBundle } from "./host.js";
export { ImageGrid, type ImageGridOptions, imageGrid } from "./image-grid.js";
export { ImageMap, type ImageMapOptions, imageMap, type MapImage } from "./image-map.js";
export type { ValueFormat } from "./numbers.js";
export { Progress, type ProgressOptions, type ProgressSurroundings, progress } from "./progress.js";
export { type Displayable, jupyterDisplay, render } from "./render.js";
export type { ArrowField, ArrowTable, DataRecord, RowSource } from "./rows.js";
export { Table, type TableOptions, table } from "./table.js";
export { Telemetry, type TelemetryOptions, type TelemetrySurroundings, telemetry } from "./telemetry.js";
export type { TelemetryUpdate } from "./telemetry-work.js";
export { html, Markup, type MarkupKind, markdown, md, svg } from "./templates.js";
export {
  type HasVerdictRow,
  VERDICT_MARKS,
  VERDICTS_MIME,
  type VerdictKind,
  type VerdictRow,
  Verdicts,
  verdicts,
} from "./verdicts.js";
