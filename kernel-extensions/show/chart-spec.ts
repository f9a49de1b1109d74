/**
 * The type of a chart's spec: the parts of Vega-Lite that charts are mostly made of, for completion in cells.
 *
 * Vega-Lite's own types are not used: they need a compiler newer than the kernel's. All other properties of Vega-Lite
 * are allowed here too, and checked when the chart is drawn.
 */
import type { RowSource } from "./rows.js";

/** What draws the data. */
export type ChartMark =
  | "arc"
  | "area"
  | "bar"
  | "boxplot"
  | "circle"
  | "errorband"
  | "errorbar"
  | "line"
  | "point"
  | "rect"
  | "rule"
  | "square"
  | "text"
  | "tick"
  | "trail";

/** Data as records or an Arrow table, or in Vega-Lite's own form. */
export type ChartData =
  | RowSource
  | { readonly values?: RowSource | readonly unknown[]; readonly [property: string]: unknown };

/** What a channel shows. */
export interface ChartChannel {
  /** A column of the data. */
  readonly field?: string | { readonly repeat: string };
  /** That of the data where nothing is said. */
  readonly type?: "quantitative" | "ordinal" | "temporal" | "nominal";
  /** The title of the axis or legend, with the unit: "width (px)". */
  readonly title?: string | readonly string[] | null;
  readonly aggregate?: unknown;
  readonly bin?: unknown;
  readonly timeUnit?: unknown;
  readonly scale?: { readonly [property: string]: unknown } | null;
  readonly axis?: { readonly [property: string]: unknown } | null;
  readonly legend?: { readonly [property: string]: unknown } | null;
  readonly sort?: unknown;
  readonly value?: unknown;
  readonly [property: string]: unknown;
}

/** The channels of a chart. */
export interface ChartEncoding {
  readonly x?: ChartChannel;
  readonly y?: ChartChannel;
  readonly x2?: ChartChannel;
  readonly y2?: ChartChannel;
  readonly color?: ChartChannel;
  readonly shape?: ChartChannel;
  readonly size?: ChartChannel;
  readonly opacity?: ChartChannel;
  readonly row?: ChartChannel;
  readonly column?: ChartChannel;
  readonly text?: ChartChannel;
  readonly tooltip?: ChartChannel | readonly ChartChannel[] | null;
  readonly [channel: string]: unknown;
}

/** A Vega-Lite spec: one view, or views in layers, side by side, faceted or repeated. */
export interface ChartSpec {
  /** The finding, rather than what is drawn. */
  readonly title?:
    | string
    | readonly string[]
    | { readonly text: string | readonly string[]; readonly [property: string]: unknown };
  /** Needed at the top or in each part. */
  readonly data?: ChartData;
  readonly mark?: ChartMark | { readonly type: ChartMark; readonly [property: string]: unknown };
  readonly encoding?: ChartEncoding;
  readonly layer?: readonly ChartSpec[];
  readonly hconcat?: readonly ChartSpec[];
  readonly vconcat?: readonly ChartSpec[];
  readonly transform?: readonly { readonly [property: string]: unknown }[];
  readonly width?: unknown;
  readonly height?: unknown;
  readonly [property: string]: unknown;
}
