/** Pillow's resize by its definition: one output value after the other, nothing kept, nothing shared with the library. */
import type { ImageSize, Pixels, ResizeFilter } from "gpic-lab/images";

const SUPPORT = { box: 0.5, bilinear: 1, bicubic: 2, lanczos: 3 };

function weight(filter: ResizeFilter, x: number): number {
  const distance = Math.abs(x);
  const sinc = (t: number) => (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t));
  switch (filter) {
    case "box":
      return x > -0.5 && x <= 0.5 ? 1 : 0;
    case "bilinear":
      return distance < 1 ? 1 - distance : 0;
    case "bicubic":
      if (distance < 1) return 1.5 * distance ** 3 - 2.5 * distance ** 2 + 1;
      return distance < 2 ? -0.5 * distance ** 3 + 2.5 * distance ** 2 - 4 * distance + 2 : 0;
    case "lanczos":
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
  }
}

type Along = (values: readonly number[]) => number[];

function along(from: number, to: number, filter: ResizeFilter): Along {
  if (from === to) return (values) => [...values];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const windows = Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const begin = Math.max(0, Math.trunc(centre - SUPPORT[filter] * stretch + 0.5));
    const end = Math.min(from, Math.trunc(centre + SUPPORT[filter] * stretch + 0.5));
    const weights = Array.from({ length: end - begin }, (_, j) =>
      weight(filter, (begin + j + 0.5 - centre) / stretch),
    );
    const total = weights.reduce((sum, w) => sum + w, 0);
    const fixed = weights.map((w) => Math.sign(w) * Math.round(Math.abs((w / total) * 2 ** 22)));
    return { begin, fixed };
  });
  return (values) =>
    windows.map(({ begin, fixed }) => {
      const sum = fixed.reduce((all, w, j) => all + w * values[begin + j]!, 2 ** 21);
      return Math.min(255, Math.max(0, Math.floor(sum / 2 ** 22)));
    });
}

/** Rows first, each pass rounded to 8 bits. */
export function resizeByDefinition(pixels: Pixels, size: ImageSize, filter: ResizeFilter): Pixels {
  const alongRow = along(pixels.width, size.width, filter);
  const alongColumn = along(pixels.height, size.height, filter);
  const data = new Uint8Array(size.height * size.width * 3);
  for (let channel = 0; channel < 3; channel++) {
    const plane = pixels.data.filter((_, at) => at % 3 === channel);
    const rows = Array.from({ length: pixels.height }, (_, y) =>
      alongRow([...plane.subarray(y * pixels.width, (y + 1) * pixels.width)]),
    );
    for (let x = 0; x < size.width; x++)
      for (const [y, value] of alongColumn(rows.map((row) => row[x]!)).entries())
        data[(y * size.width + x) * 3 + channel] = value;
  }
  return { ...size, data };
}
