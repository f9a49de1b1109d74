/** An image that no pixels can be had from: which one, and in what way. */

/**
 * The ways in which a file fails:
 * - `empty`: it has no bytes
 * - `not an image`: its bytes begin as no picture does
 * - `unsupported`: a picture, but of a format or a kind that is refused by name
 * - `truncated`: it ends before its picture does
 * - `too large`: more pixels than `MAX_IMAGE_PIXELS`, or a side beyond `MAX_IMAGE_SIDE`
 * - `damaged`: its bytes contradict themselves
 */
export type ImageErrorKind = "empty" | "not an image" | "unsupported" | "truncated" | "too large" | "damaged";

/** Thrown for one image; a batch counts it and goes on. The message names the image, whose name may be hostile text. */
export class ImageError extends Error {
  override readonly name = "ImageError";
  readonly kind: ImageErrorKind;
  /**
   * @param image the name of the image: a path, a key
   * @param reason "<what is needed>, got <value>"
   */
  constructor(kind: ImageErrorKind, image: string, reason: string, options?: ErrorOptions) {
    super(`Cannot decode ${image}: ${reason}`, options);
    this.kind = kind;
  }
}
