/**
 * One look for all charts: readable for the colour-blind, and on light as on dark paper.
 *
 * The palette is that of Okabe and Ito ("Color Universal Design", 2008) without black and yellow, which one of the
 * papers swallows. Text has a grey with a contrast of 4.5 on white and of 4.2 on JupyterLab's dark (#111), the ground
 * is transparent: a static picture cannot know the page's theme.
 */

/** The colours that mean the same in every chart. */
export const COLOURS: {
  readonly real: string;
  readonly generated: string;
  readonly text: string;
  readonly categories: readonly string[];
} = {
  real: "#0072B2",
  generated: "#D55E00",
  text: "#767676",
  categories: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999"],
};

/** The words of a field that stand for one of the fixed colours. */
export const FIXED_COLOURS: Readonly<Record<string, string>> = {
  real: COLOURS.real,
  generated: COLOURS.generated,
};

/** Helvetica and its metric twins: wherever one of them is, lines have the widths that were reckoned. */
export const FONT = "Helvetica, Arial, Liberation Sans, sans-serif";

const GRID = "#888888";

/** Vega-Lite's `config` of every chart; a spec's own `config` goes over it. */
export const THEME: Readonly<Record<string, unknown>> = {
  background: null,
  font: FONT,
  padding: 8,
  view: { stroke: null, continuousWidth: 440, continuousHeight: 260, discreteWidth: { step: 36 } },
  title: {
    color: COLOURS.text,
    subtitleColor: COLOURS.text,
    anchor: "start",
    fontSize: 14,
    fontWeight: "bold",
    offset: 12,
    limit: 700,
  },
  axis: {
    labelColor: COLOURS.text,
    titleColor: COLOURS.text,
    domainColor: GRID,
    tickColor: GRID,
    gridColor: GRID,
    gridOpacity: 0.25,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
    labelSeparation: 8,
    titleLimit: 400,
  },
  axisXBand: { labelAngle: -35 },
  axisXPoint: { labelAngle: -35 },
  axisBand: { grid: false },
  header: {
    labelColor: COLOURS.text,
    titleColor: COLOURS.text,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
  },
  legend: {
    labelColor: COLOURS.text,
    titleColor: COLOURS.text,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
  },
  range: {
    category: COLOURS.categories,
    ordinal: { scheme: "viridis" },
    ramp: { scheme: "viridis" },
    heatmap: { scheme: "viridis" },
    diverging: { scheme: "blueorange" },
  },
  mark: { color: COLOURS.real },
  text: { color: COLOURS.text, fontSize: 11 },
  rule: { color: COLOURS.text },
  line: { strokeWidth: 2 },
  point: { filled: true, size: 45 },
  circle: { size: 45 },
  bar: { binSpacing: 1 },
  boxplot: { median: { color: "white" } },
};
