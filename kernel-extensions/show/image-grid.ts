/** Photographs in a grid, each with its caption, author and licence under it. */
import { signal } from "./display.js";
import { displayText } from "./display-text.js";
import { jupyterDisplay } from "./displayable.js";
import { type GridImage, type GridItem, gridItem } from "./grid-items.js";
import { drawGrid, type GridTile } from "./grid-picture.js";
import type { MimeBundle } from "./host.js";
import { formatCount } from "./numbers.js";

/** How images are laid out. */
export interface ImageGridOptions {
  /** Tiles in a row, default 4. */
  readonly columns?: number;
  /** The width of a tile and the longest side of a thumbnail, default 170. */
  readonly thumbnailPixels?: number;
  /** The most images shown, default 12; the rest is counted. */
  readonly maximum?: number;
}

const DEFAULTS = { columns: 4, thumbnailPixels: 170, maximum: 12 };
/** A grid of more is not looked at, and heavy. */
const MOST_IMAGES = 200;
/** Thumbnails have this many pixels for each one of the page, for screens with small ones. */
const DENSITY = 1.5;
/** About 8 kB for a photograph of the default size. */
const JPEG_QUALITY = 65;
/** A hostile header must not make the decoder fill the memory. */
const MOST_INPUT_PIXELS = 200_000_000;
const AT_ONCE = 4;
const TEXT_LIMIT = 400;

/** An image grid that is displayed when it is the last value of a cell. */
export class ImageGrid {
  /** How many images are shown, left out, and could not be decoded. */
  readonly counts: { readonly shown: number; readonly left: number; readonly damaged: number };
  readonly #bundle: MimeBundle;

  /** Use `imageGrid`. */
  constructor(counts: ImageGrid["counts"], bundle: MimeBundle) {
    this.counts = counts;
    this.#bundle = bundle;
  }

  [jupyterDisplay](): MimeBundle {
    return this.#bundle;
  }
}

/**
 * A grid of thumbnails with caption, author and licence under each, as one small picture. An image that cannot be
 * decoded is a tile that says so.
 * @param images encoded bytes, pictures with credits, or records of a corpus (their pixels are read here)
 * @returns a grid that displays itself; its text form lists every image's credits
 * @throws {TypeError} where an item has no bytes; {RangeError} for options out of range; an AbortError on interrupt
 * @example await imageGrid(records, { maximum: 12 }) // twelve photographs in three rows
 */
export async function imageGrid(
  images: Iterable<Uint8Array | GridImage>,
  options: ImageGridOptions = {},
): Promise<ImageGrid> {
  if (typeof (images as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== "function")
    throw new TypeError(
      `Cannot show images: an array of images is needed, got ${images === null ? "null" : typeof images}`,
    );
  const columns = bounded("columns", options.columns ?? DEFAULTS.columns, 1, 20);
  const tilePixels = bounded("thumbnailPixels", options.thumbnailPixels ?? DEFAULTS.thumbnailPixels, 48, 640);
  const maximum = bounded("maximum", options.maximum ?? DEFAULTS.maximum, 1, MOST_IMAGES);
  const all = images instanceof Uint8Array ? [images] : [...images];
  const items = all.slice(0, maximum).map(gridItem);
  const stop = signal();
  const tiles: GridTile[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    stop.throwIfAborted();
    tiles.push(
      ...(await Promise.all(items.slice(first, first + AT_ONCE).map((item) => makeTile(item, tilePixels)))),
    );
  }
  const left = all.length - items.length;
  const footer = left > 0 ? `… and ${formatCount(left)} more ${left === 1 ? "image" : "images"}` : "";
  const damaged = tiles.filter((tile) => "fault" in tile.picture).length;
  return new ImageGrid(
    { shown: items.length, left, damaged },
    {
      "image/svg+xml": drawGrid(tiles, columns, tilePixels, tiles.length === 0 ? "no images" : footer),
      "text/plain": listing(tiles, footer),
    },
  );
}

function bounded(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`Cannot show images: ${name} from ${least} to ${most} is needed, got ${value}`);
  return value;
}

async function makeTile(item: GridItem, tilePixels: number): Promise<GridTile> {
  const text = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : displayText(value, TEXT_LIMIT);
  return {
    title: text(item.title),
    caption: text(item.caption),
    author: text(item.author),
    licence: text(item.licence),
    picture: await makePicture(item, tilePixels),
  };
}

/** One thumbnail, or why there is none. */
export async function makePicture(item: GridItem, tilePixels: number): Promise<GridTile["picture"]> {
  try {
    const { default: sharp } = await import("sharp");
    const side = Math.round(tilePixels * DENSITY);
    const { data, info } = await sharp(await item.read(), {
      limitInputPixels: MOST_INPUT_PIXELS,
      failOn: "error",
    })
      .rotate()
      .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .jpeg({ quality: JPEG_QUALITY, mozjpeg: true })
      .toBuffer({ resolveWithObject: true });
    const scale = Math.min(1, tilePixels / Math.max(info.width, info.height));
    return {
      jpeg: data,
      widthPixels: Math.max(1, Math.round(info.width * scale)),
      heightPixels: Math.max(1, Math.round(info.height * scale)),
    };
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const name = item.key === undefined ? "" : ` ${displayText(item.key, 80)}`;
    return { fault: displayText(`This image${name} cannot be decoded: ${reason}`, TEXT_LIMIT) };
  }
}

function listing(tiles: readonly GridTile[], footer: string): string {
  const lines = tiles.map((tile, index) => {
    const fault = "fault" in tile.picture ? tile.picture.fault : undefined;
    const parts = [fault, tile.title, tile.caption, tile.author, tile.licence].filter(
      (part) => part !== undefined,
    );
    return `${index + 1}. ${parts.join(" | ") || "image"}`;
  });
  const head = `${formatCount(tiles.length)} ${tiles.length === 1 ? "image" : "images"}`;
  return [head, ...lines, ...(footer === "" ? [] : [footer])].join("\n");
}
