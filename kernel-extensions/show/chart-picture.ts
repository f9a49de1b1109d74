/** A Vega-Lite spec as a static picture, the same bytes on every machine. */
import { createHash } from "node:crypto";
import { chartError } from "./chart-check.js";
import { oneLine } from "./escape.js";
import { pixelWidth } from "./text-width.js";

/** What was drawn, and what Vega had to say about it. */
export interface ChartPicture {
  readonly svg: string;
  readonly warnings: readonly string[];
}

/** The part of Vega's logger that it calls. */
interface Logger {
  level(level?: number): Logger | number;
  error(...message: readonly unknown[]): Logger;
  warn(...message: readonly unknown[]): Logger;
  info(): Logger;
  debug(): Logger;
}

/**
 * Draws a spec as SVG.
 * @throws {TypeError} for what Vega-Lite's compiler warns of: it would draw something else than the spec says
 */
export async function drawSvg(spec: Readonly<Record<string, unknown>>): Promise<ChartPicture> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const compiling: string[] = [];
  const compiled = vegaLite.compile(structuredClone(spec) as never, {
    logger: collector(compiling) as never,
  });
  if (compiling.length > 0) throw chartError(`Vega-Lite says: ${compiling.join("; ")}`);
  const drawing: string[] = [];
  const view = new vega.View(vega.parse(compiled.spec), {
    renderer: "none",
    logger: collector(drawing) as never,
    loader: vega.loader({ http: false, file: false } as never),
  });
  const svg = await inTurn(vega, () => view.toSVG());
  view.finalize();
  return { svg: nameParts(svg), warnings: [...new Set(drawing)] };
}

/**
 * The same SVG as a PNG of twice its size in pixels, with transparent ground.
 * @returns encoded bytes
 */
export async function rasterise(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(Buffer.from(svg), { density: 144 })
    .png({ palette: true, effort: 10, compressionLevel: 9 })
    .toBuffer();
}

function collector(messages: string[]): Logger {
  const keep = (...message: readonly unknown[]): Logger => {
    messages.push(oneLine(message.map(String).join(" ")).slice(0, 500));
    return logger;
  };
  const logger: Logger = {
    level: (level) => (level === undefined ? 2 : logger),
    error: (...message) => {
      throw chartError(`Vega says: ${oneLine(message.map(String).join(" ")).slice(0, 500)}`);
    },
    warn: keep,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}

let drawings: Promise<unknown> = Promise.resolve();

/**
 * Draws one chart after the other: Vega numbers its clips and gradients in the order of the whole process. It measures
 * text with a canvas where one is installed, and else guesses too wide: the layout must not depend on that.
 */
function inTurn(vega: object, draw: () => Promise<string>): Promise<string> {
  const { textMetrics, resetSVGDefIds } = vega as unknown as {
    textMetrics: { width: (item: { readonly fontSize?: number }, text: unknown) => number };
    resetSVGDefIds: () => void;
  };
  const drawn = drawings.then(() => {
    textMetrics.width = ({ fontSize }, text) => pixelWidth(String(text ?? ""), fontSize ?? 11);
    resetSVGDefIds();
    return draw();
  });
  drawings = drawn.catch(() => undefined);
  return drawn;
}

/** Clips and gradients get names of this picture's own, so that several can stand in one page. */
function nameParts(svg: string): string {
  const hash = createHash("sha256").update(svg).digest("hex").slice(0, 8);
  return svg.replace(/(\bid="|url\(#|href="#)((?:clip|gradient|pattern)[\w-]*)/g, `$1$2-${hash}`);
}
