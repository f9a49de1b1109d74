/** The last minute of a series as a small drawing, for light paper and dark: its words say what it shows. */
import { COLOURS } from "./chart-theme.js";
import { escapeHtml } from "./escape.js";
import { type Series, WINDOW_MILLISECONDS } from "./telemetry-series.js";

/** What is drawn. */
export interface MinuteLine {
  readonly series: Series;
  /** What it is: "images a second". */
  readonly label: string;
  /** The value at the upper edge; the largest of the minute where absent. */
  readonly top?: number;
  /** A value in words. */
  readonly format: (value: number) => string;
}

const WIDTH_PIXELS = 130;
const HEIGHT_PIXELS = 26;
// neither the blue of real nor the orange of generated images; 3.4 to 1 on white, 5.5 to 1 on JupyterLab's dark
const COLOUR = COLOURS.categories[2];

/** The drawing: time runs to the right and ends now. */
export function minuteLine({ series, label, top, format }: MinuteLine, nowMilliseconds: number): string {
  const { moments } = series;
  const values = moments.map(({ value }) => value);
  const edge = Math.max(top ?? Math.max(...values, 0), Number.MIN_VALUE);
  const points = moments.map(({ atMilliseconds, value }) => {
    const age = (nowMilliseconds - atMilliseconds) / WINDOW_MILLISECONDS;
    const x = WIDTH_PIXELS * Math.min(1, Math.max(0, 1 - age));
    const y = 1 + (HEIGHT_PIXELS - 2) * (1 - Math.min(1, Math.max(0, value / edge)));
    return { x: x.toFixed(1), y: y.toFixed(1) };
  });
  const words =
    values.length === 0
      ? `${label}: nothing yet`
      : `${label} in the last minute: from ${format(Math.min(...values))} to ${format(Math.max(...values))}, now ${format(values.at(-1) ?? 0)}`;
  const line = points.map(({ x, y }) => `${x},${y}`).join(" ");
  const area = `${points[0]?.x},${HEIGHT_PIXELS} ${line} ${points.at(-1)?.x},${HEIGHT_PIXELS}`;
  return [
    `<svg role="img" aria-label="${escapeHtml(words)}" width="${WIDTH_PIXELS}" height="${HEIGHT_PIXELS}" viewBox="0 0 ${WIDTH_PIXELS} ${HEIGHT_PIXELS}" style="display:block">`,
    `<title>${escapeHtml(words)}</title>`,
    `<path d="M0 ${HEIGHT_PIXELS - 0.5}H${WIDTH_PIXELS}" stroke="currentColor" stroke-opacity="0.3"/>`,
    ...(points.length > 1
      ? [
          `<polygon points="${area}" fill="${COLOUR}" fill-opacity="0.18"/>`,
          `<polyline points="${line}" fill="none" stroke="${COLOUR}" stroke-width="1.5" stroke-linejoin="round"/>`,
        ]
      : []),
    "</svg>",
  ].join("");
}
