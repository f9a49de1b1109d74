/**
 * The nine ways of preparing an image that results are reported under.
 *
 * They differ in what no report states: crop or not, whose bicubic, antialias or not, 8 bits or floats. Appendix B.1
 * of the paper fixes `gpic` for features and `gpic-256` for the images of a generator.
 */
import { centreCrop } from "./crop.js";
import { MAX_IMAGE_PIXELS } from "./decode.js";
import { interpolate } from "./interpolate.js";
import type { InterpolationMethod } from "./interpolate-taps.js";
import type { Pixels } from "./pixels.js";
import type { Normalisation, Protocol, ProtocolId } from "./protocol.js";
import { resize } from "./resize.js";
import type { ImageSize } from "./resize-checks.js";
import { type FloatPixels, resizeFloat } from "./resize-float.js";

const IMAGENET: Normalisation = {
  mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
  std: [0.229 * 255, 0.224 * 255, 0.225 * 255],
};
/** (x - 128) / 128, in the graph of TensorFlow's Inception. */
const TENSORFLOW: Normalisation = { mean: [128, 128, 128], std: [128, 128, 128] };
/** 2 x - 1 of x in 0..1. */
const ONE_TO_ONE: Normalisation = { mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] };

/** Every way of preparing an image that is known by name. */
export const protocols: readonly Protocol[] = Object.freeze([
  {
    id: "gpic",
    description: "Pillow bicubic straight to 224x224, ratio not kept, 8 bits",
    source: "gpic-eval and dgm-eval: PIL.Image.resize((224, 224), BICUBIC)",
    pixelType: "uint8",
    size: square(224),
    normalisation: IMAGENET,
    prepare: (pixels: Pixels) => resize(pixels, square(224), "bicubic"),
  },
  {
    id: "gpic-256",
    description: "centre crop along the longer edge, Pillow bicubic to 256x256, 8 bits",
    source: "GPIC, Appendix B.1: PIL.Image.crop, then PIL.Image.resize((256, 256), BICUBIC)",
    pixelType: "uint8",
    size: square(256),
    prepare: (pixels: Pixels) => resize(centreCrop(pixels), square(256), "bicubic"),
  },
  {
    id: "pytorch-fid",
    description: "torch bilinear without antialias to 299x299, floats",
    source: "pytorch-fid: F.interpolate(x, (299, 299), mode='bilinear', align_corners=False)",
    pixelType: "float32",
    size: square(299),
    normalisation: ONE_TO_ONE,
    prepare: interpolation(299, "torch-bilinear"),
  },
  {
    id: "tf-fid",
    description: "TensorFlow 1 bilinear, without half-pixel centres and antialias, to 299x299, floats",
    source: "TTUR's FID and torch-fidelity: interpolate_bilinear_2d_like_tensorflow1x(x, (299, 299))",
    pixelType: "float32",
    size: square(299),
    normalisation: TENSORFLOW,
    prepare: interpolation(299, "tensorflow1-bilinear"),
  },
  {
    id: "clean-fid",
    description: "Pillow bicubic of each channel as floats to 299x299, clipped to 0..255, not rounded",
    source: "clean-fid: make_resizer('PIL', False, 'bicubic', (299, 299))",
    pixelType: "float32",
    size: square(299),
    normalisation: TENSORFLOW,
    prepare: (pixels: Pixels) => clip(resizeFloat(pixels, square(299), "bicubic")),
  },
  {
    id: "torchmetrics",
    description: "torch bilinear with antialias to 299x299, floats",
    source:
      "torchmetrics: F.interpolate(x, (299, 299), mode='bilinear', align_corners=False, antialias=True)",
    pixelType: "float32",
    size: square(299),
    normalisation: TENSORFLOW,
    prepare: interpolation(299, "torch-bilinear-antialias"),
  },
  {
    id: "edm2",
    description: "torch bicubic with antialias to 224x224, floats, not clipped",
    source: "EDM2, DINOv2Detector: F.interpolate(x, (224, 224), mode='bicubic', antialias=True)",
    pixelType: "float32",
    size: square(224),
    normalisation: IMAGENET,
    prepare: interpolation(224, "torch-bicubic-antialias"),
  },
  {
    id: "sscd-320",
    description: "Pillow bilinear straight to 320x320, ratio not kept, 8 bits",
    source: "SSCD: torchvision Resize([320, 320]) of a PIL image",
    pixelType: "uint8",
    size: square(320),
    normalisation: IMAGENET,
    prepare: (pixels: Pixels) => resize(pixels, square(320), "bilinear"),
  },
  {
    id: "sscd-288",
    description: "Pillow bilinear, shorter edge to 288, ratio kept, 8 bits",
    source: "SSCD: torchvision Resize(288) of a PIL image",
    pixelType: "uint8",
    normalisation: IMAGENET,
    prepare: (pixels: Pixels) => resize(pixels, shorterEdge(pixels, 288), "bilinear"),
  },
] satisfies Protocol[]);

/**
 * The protocol of a name.
 * @throws RangeError naming those that exist
 * @example protocolById("gpic").prepare(pixels) // 224 x 224 x 3, uint8
 */
export function protocolById(id: string): Protocol {
  const found = protocols.find((protocol) => protocol.id === id);
  if (found !== undefined) return found;
  const known: ProtocolId[] = protocols.map((protocol) => protocol.id);
  throw new RangeError(
    `Cannot prepare images: a protocol out of ${known.join(", ")} is needed, got ${JSON.stringify(id)}`,
  );
}

function square(side: number): ImageSize {
  return { width: side, height: side };
}

function interpolation(side: number, method: InterpolationMethod): (pixels: Pixels) => FloatPixels {
  return (pixels) => interpolate(pixels, square(side), method);
}

/**
 * torchvision rounds the longer edge down.
 * @throws RangeError where the picture would be a strip of more pixels than one is decoded to
 */
function shorterEdge({ width, height }: ImageSize, edge: number): ImageSize {
  const longer = Math.trunc((edge * Math.max(width, height)) / Math.min(width, height));
  if (longer * edge > MAX_IMAGE_PIXELS)
    throw new RangeError(
      `Cannot prepare an image of ${width} x ${height}: ${edge} x ${longer} pixels would be more than ${MAX_IMAGE_PIXELS}`,
    );
  return width <= height ? { width: edge, height: longer } : { width: longer, height: edge };
}

function clip({ width, height, data }: FloatPixels): FloatPixels {
  return { width, height, data: data.map((value) => Math.min(255, Math.max(0, value))) };
}
