/** Photographs at places in a plane: a map of features, with what the pictures are at their points. */
import { COLOURS, FONT } from "./chart-theme.js";
import { displayText } from "./display-text.js";
import { jupyterDisplay } from "./displayable.js";
import { escapeHtml } from "./escape.js";
import { type GridImage, gridItem } from "./grid-items.js";
import type { MimeBundle } from "./host.js";
import { makePicture } from "./image-grid.js";
import { type Box, boxAt, covers, layOut, MARGIN, tenth } from "./image-map-layout.js";
import { formatCount } from "./numbers.js";
import { wrapText } from "./text-width.js";

/** A picture with its place; records of a corpus fit with x and y beside their own fields. */
export interface MapImage extends GridImage {
  /** To the right. */
  readonly x: number;
  /** Upwards, in the same unit. */
  readonly y: number;
}

/** What stands at the map, and how large it is. */
export interface ImageMapOptions {
  readonly title: string | readonly string[];
  /** What the axis means, with its unit. */
  readonly xTitle: string;
  readonly yTitle: string;
  /** Default 640. */
  readonly widthPixels?: number;
  /** The longest side of a thumbnail, default 46. */
  readonly thumbnailPixels?: number;
}

const DEFAULTS = { widthPixels: 640, thumbnailPixels: 46 };
const TITLE_PIXELS = 14;
const LABEL_PIXELS = 12;
const LEADING = 1.3;
/** More thumbnails make a notebook heavy; the others are points. */
const MOST_PICTURES = 150;
const MOST_POINTS = 20_000;
const TEXT_LIMIT = 160;

/** A map of images that is displayed when it is the last value of a cell. */
export class ImageMap {
  /** How many images are thumbnails, and how many points because thumbnails lie there. */
  readonly counts: { readonly pictures: number; readonly points: number };
  readonly #bundle: MimeBundle;

  /** Use `imageMap`. */
  constructor(counts: ImageMap["counts"], bundle: MimeBundle) {
    this.counts = counts;
    this.#bundle = bundle;
  }

  [jupyterDisplay](): MimeBundle {
    return this.#bundle;
  }
}

/**
 * A map of photographs. A thumbnail is drawn where it covers no earlier one; the others are points, so that what comes
 * first is seen. An image that cannot be decoded is a point too.
 * @param images with finite x and y; at most 20,000
 * @returns a map that displays itself; its text form lists the credits of every thumbnail
 * @throws {TypeError} where an item has no bytes or no place; {RangeError} for options out of range, or too many images
 * @example await imageMap(records.map((record, i) => ({ ...record, x: xs[i], y: ys[i] })), { title, xTitle, yTitle })
 */
export async function imageMap(images: Iterable<MapImage>, options: ImageMapOptions): Promise<ImageMap> {
  const all = [...images];
  const width = bounded("widthPixels", options.widthPixels ?? DEFAULTS.widthPixels, 200, 2000);
  const side = bounded("thumbnailPixels", options.thumbnailPixels ?? DEFAULTS.thumbnailPixels, 16, 200);
  if (all.length > MOST_POINTS)
    throw new RangeError(`Cannot draw a map: at most ${MOST_POINTS} images are needed, got ${all.length}`);
  for (const [at, { x, y }] of all.entries())
    if (!Number.isFinite(x) || !Number.isFinite(y))
      throw new TypeError(
        `Cannot draw a map: finite x and y are needed, got ${x} and ${y} at position ${at}`,
      );
  const lines = [options.title].flat().map((line) => displayText(line, TEXT_LIMIT));
  const top = Math.ceil(lines.length * TITLE_PIXELS * LEADING) + 10;
  const { places, height } = layOut(all, { width, side, top });
  const tiles: string[] = [];
  const points: string[] = [];
  const credits: string[] = [];
  const taken: Box[] = [];
  for (const [at, place] of places.entries()) {
    const item = gridItem(all[at]!, at);
    const isFree =
      taken.length < MOST_PICTURES && !taken.some((box) => covers(box, boxAt(place, side, side)));
    const picture = isFree ? await makePicture(item, side) : undefined;
    if (picture === undefined || "fault" in picture) {
      points.push(`<circle cx="${place.x}" cy="${place.y}" r="2.5"/>`);
      continue;
    }
    const { widthPixels, heightPixels, jpeg } = picture;
    const box = boxAt(place, widthPixels, heightPixels);
    taken.push(box);
    const credit = [item.title, item.caption, item.author, item.licence]
      .flatMap((text) => (text === undefined ? [] : [displayText(text, TEXT_LIMIT)]))
      .join(" | ");
    credits.push(credit || "image");
    const data = Buffer.from(jpeg).toString("base64");
    tiles.push(
      `<image x="${box.left}" y="${box.top}" width="${widthPixels}" height="${heightPixels}" href="data:image/jpeg;base64,${data}"><title>${escapeHtml(credit)}</title></image>`,
    );
  }
  const counts = { pictures: tiles.length, points: points.length };
  const frame = drawFrame(lines, { ...options, width, height, top });
  const dots = `<g opacity="0.55">${points.join("")}</g>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" fill="${COLOURS.text}">\n${frame}\n${dots}\n${tiles.join("\n")}\n</svg>`;
  const head = `Map: ${lines.join(" ")}\nx ${displayText(options.xTitle)}, y ${displayText(options.yTitle)}; ${counted(counts.pictures, "thumbnail")}, ${counted(counts.points, "point")}`;
  const listed = credits.map((credit, i) => `${i + 1}. ${credit}`);
  return new ImageMap(counts, { "image/svg+xml": svg, "text/plain": [head, ...listed].join("\n") });
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
}

function drawFrame(
  lines: readonly string[],
  {
    width,
    height,
    top,
    xTitle,
    yTitle,
  }: ImageMapOptions & { readonly width: number; readonly height: number; readonly top: number },
): string {
  const bottom = height - MARGIN.bottom;
  const middle = (top + bottom) / 2;
  const label = (text: string, room: number) =>
    escapeHtml(wrapText(displayText(text, TEXT_LIMIT), room, LABEL_PIXELS, 1).join(""));
  const centre = MARGIN.left + (width - MARGIN.left - MARGIN.right) / 2;
  return [
    ...lines.map(
      (line, i) =>
        `<text y="${tenth(TITLE_PIXELS + i * TITLE_PIXELS * LEADING)}" font-size="${TITLE_PIXELS}" font-weight="bold">${escapeHtml(line)}</text>`,
    ),
    `<path d="M${MARGIN.left - 4} ${top}V${bottom}H${width - MARGIN.right}" fill="none" stroke="#888888"/>`,
    `<text x="${tenth(centre)}" y="${height - 10}" font-size="${LABEL_PIXELS}" text-anchor="middle">${label(xTitle, width - MARGIN.left)}</text>`,
    `<text transform="translate(16 ${tenth(middle)}) rotate(-90)" font-size="${LABEL_PIXELS}" text-anchor="middle">${label(yTitle, bottom - top)}</text>`,
  ].join("\n");
}

function bounded(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`Cannot draw a map: ${name} from ${least} to ${most} is needed, got ${value}`);
  return value;
}
