/**
 * Connected components of a graph of similar images: which belong together, directly or through others.
 *
 * Method: union by size with path halving (Tarjan and van Leeuwen, 1984) on one array of 32-bit integers: a root holds
 * its component's size below zero, all others their parent. A hundred million images take 400 MB.
 */
import type { SimilarPairs } from "./pairs.js";

/** Components that become fewer as pairs join them. */
export class Components {
  readonly #parents: Int32Array;
  #count: number;

  /** @param images each a component of its own, up to 2^31 - 1 of them */
  constructor(images: number) {
    if (!(Number.isSafeInteger(images) && images >= 0 && images < 2 ** 31))
      throw new RangeError(`Cannot form components: 0 to ${2 ** 31 - 1} images are needed, got ${images}`);
    this.#parents = new Int32Array(images).fill(-1);
    this.#count = images;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /**
   * The image that stands for a component: which one depends on the order of joining, that it is one does not.
   * @throws RangeError where there is no such image
   */
  find(image: number): number {
    const parents = this.#parents;
    let at = image;
    for (;;) {
      const parent = parents[at];
      if (parent === undefined)
        throw new RangeError(
          `Cannot find a component: an image of ${parents.length} is needed, got ${image}`,
        );
      if (parent < 0) return at;
      const next = parents[parent]!;
      if (next < 0) return parent;
      parents[at] = next;
      at = next;
    }
  }

  /** Joins the components of two images; whether they were two. */
  join(a: number, b: number): boolean {
    let [large, small] = [this.find(a), this.find(b)];
    if (large === small) return false;
    const parents = this.#parents;
    if (parents[large]! > parents[small]!) [large, small] = [small, large];
    parents[large]! += parents[small]!;
    parents[small] = large;
    this.#count--;
    return true;
  }

  /** How many images the component of one has. */
  size(image: number): number {
    return -this.#parents[this.find(image)]!;
  }

  /** The images of each component of at least `least` images, in ascending order, by their first image. */
  members(least: number = 2): number[][] {
    const groups = new Map<number, number[]>();
    for (let image = 0; image < this.#parents.length; image++) {
      if (this.size(image) < least) continue;
      const root = this.find(image);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [image]);
      else group.push(image);
    }
    return [...groups.values()];
  }
}

/**
 * Components of the graph of some pairs.
 * @param images how many there are, paired or not
 * @example componentsOf(3, pairsOf([{ first: 0, second: 2, similarity: 0.97 }])).members() // [[0, 2]]
 */
export function componentsOf(images: number, { count, first, second }: SimilarPairs): Components {
  const components = new Components(images);
  for (let i = 0; i < count; i++) components.join(first[i]!, second[i]!);
  return components;
}
