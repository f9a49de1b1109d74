/**
 * The picture of an image grid: one SVG that holds small JPEGs and draws the text under them. It needs no font of this
 * machine, fits light and dark pages, and is shown by JupyterLab, GitHub and plain pages alike.
 */
import { COLOURS, FONT } from "./chart-theme.js";
import { escapeHtml } from "./escape.js";
import { pixelWidth, wrapText } from "./text-width.js";

/** A tile ready to be drawn; every text is one visible line. */
export interface GridTile {
  /** The thumbnail, or why there is none. */
  readonly picture:
    | { readonly jpeg: Uint8Array; readonly widthPixels: number; readonly heightPixels: number }
    | { readonly fault: string };
  readonly title: string | undefined;
  readonly caption: string | undefined;
  readonly author: string | undefined;
  readonly licence: string | undefined;
}

const GAP_PIXELS = 14;
const FONT_PIXELS = 11;
const SMALL_PIXELS = 9.5;
const LEADING = 1.28;
const FAULT_HEIGHT_PIXELS = 90;

interface Line {
  readonly text: string;
  readonly fontPixels: number;
  readonly bold: boolean;
}

/** The SVG of tiles in rows of `columns`, each `tilePixels` wide; `footer` names what is left out. */
export function drawGrid(
  tiles: readonly GridTile[],
  columns: number,
  tilePixels: number,
  footer: string,
): string {
  const parts: string[] = [];
  let top = 0;
  for (let first = 0; first < tiles.length; first += columns) {
    const row = tiles
      .slice(first, first + columns)
      .map((tile) => ({ tile, lines: linesOf(tile, tilePixels) }));
    const pictureHeight = Math.max(...row.map(({ tile }) => heightOf(tile)));
    row.forEach(({ tile, lines }, index) => {
      const height = pictureHeight + textHeight(lines);
      const left = index * (tilePixels + GAP_PIXELS);
      // A nested svg clips what a wider font would draw into the next tile.
      parts.push(
        `<svg x="${left}" y="${top}" width="${tilePixels}" height="${height}">${drawTile(tile, lines, tilePixels, pictureHeight)}</svg>`,
      );
    });
    top += pictureHeight + Math.max(...row.map(({ lines }) => textHeight(lines))) + GAP_PIXELS;
  }
  if (footer !== "") {
    parts.push(drawText({ text: footer, fontPixels: FONT_PIXELS, bold: false }, 0, top + FONT_PIXELS));
    top += 2 * FONT_PIXELS;
  }
  const shown = Math.min(columns, tiles.length);
  const width = Math.ceil(
    Math.max(shown * (tilePixels + GAP_PIXELS) - GAP_PIXELS, pixelWidth(footer, FONT_PIXELS) * 1.15),
  );
  const height = Math.max(1, Math.ceil(top));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" fill="${COLOURS.text}">\n${parts.join("\n")}\n</svg>`;
}

function linesOf(tile: GridTile, tilePixels: number): Line[] {
  // Eight in a hundred narrower than the tile: fonts that are wider than Helvetica still fit.
  const wrap = (text: string | undefined, fontPixels: number, lines: number, bold = false): Line[] =>
    wrapText(text ?? "", tilePixels * (bold ? 0.86 : 0.92), fontPixels, lines).map((line) => ({
      text: line,
      fontPixels,
      bold,
    }));
  return [
    ...wrap(tile.title, FONT_PIXELS, 1, true),
    ...wrap(tile.caption, FONT_PIXELS, 3),
    ...wrap(tile.author, SMALL_PIXELS, 2),
    ...wrap(tile.licence, SMALL_PIXELS, 1),
  ];
}

function heightOf({ picture }: GridTile): number {
  return "jpeg" in picture ? picture.heightPixels : FAULT_HEIGHT_PIXELS;
}

function textHeight(lines: readonly Line[]): number {
  return Math.ceil(lines.reduce((sum, line) => sum + line.fontPixels * LEADING, lines.length > 0 ? 6 : 0));
}

function drawTile(tile: GridTile, lines: readonly Line[], tilePixels: number, pictureHeight: number): string {
  const { picture } = tile;
  const parts: string[] = [];
  if ("jpeg" in picture) {
    const { widthPixels, heightPixels } = picture;
    const base64 = Buffer.from(picture.jpeg).toString("base64");
    parts.push(
      `<image y="${pictureHeight - heightPixels}" width="${widthPixels}" height="${heightPixels}" href="data:image/jpeg;base64,${base64}"/>`,
    );
  } else {
    const top = pictureHeight - FAULT_HEIGHT_PIXELS;
    const box = `x="0.5" y="${top + 0.5}" width="${tilePixels - 1}" height="${FAULT_HEIGHT_PIXELS - 1}"`;
    parts.push(`<rect ${box} fill="none" stroke="${COLOURS.generated}" stroke-dasharray="4 3"/>`);
    wrapText(picture.fault, tilePixels * 0.85, FONT_PIXELS, 5).forEach((text, index) => {
      parts.push(
        drawText({ text, fontPixels: FONT_PIXELS, bold: false }, 6, top + 16 + index * FONT_PIXELS * LEADING),
      );
    });
  }
  let baseline = pictureHeight + 4;
  for (const line of lines) {
    baseline += line.fontPixels * LEADING;
    parts.push(drawText(line, 0, baseline));
  }
  return parts.join("");
}

function drawText(line: Line, left: number, baseline: number): string {
  const weight = line.bold ? ' font-weight="bold"' : "";
  return `<text x="${left}" y="${Number(baseline.toFixed(1))}" font-size="${line.fontPixels}"${weight}>${escapeHtml(line.text)}</text>`;
}
