/** The stages of deduplication, each on the images that those before it left: who goes, and because of whom. */
import { Components } from "./components.js";
import type { SimilarPairs } from "./pairs.js";
import { countsAt, type RuleOptions } from "./rule-options.js";
import type { ImageOrder } from "./rule-order.js";

/** What removed an image. */
export type RemovalRule = "same-bytes" | "same-pixels" | "pair" | "component";

/** Images as the stages go: which are there, and why the others are not. */
export interface Stages {
  readonly order: ImageOrder;
  readonly isKept: Uint8Array;
  /** Of a removed image, the better one that it was removed because of, which may be removed itself. */
  readonly causes: Map<number, { readonly because: number; readonly rule: RemovalRule }>;
}

/** All images there. */
export function noStages(order: ImageOrder): Stages {
  return { order, isKept: new Uint8Array(order.rank.length).fill(1), causes: new Map() };
}

/** Takes away images; what is removed once keeps its first cause. */
function remove(
  { isKept, causes }: Stages,
  removals: Iterable<readonly [number, number]>,
  rule: RemovalRule,
): void {
  // all decided before any goes: at once
  for (const [image, because] of [...removals]) {
    if (isKept[image] === 0) continue;
    isKept[image] = 0;
    causes.set(image, { because, rule });
  }
}

/** Of images with one hash keeps the best. */
export function removeSame(
  stages: Stages,
  hashes: readonly (string | undefined)[],
  rule: "same-bytes" | "same-pixels",
): void {
  const seen = new Map<string, number>();
  const removals: [number, number][] = [];
  for (const image of stages.order.best) {
    const hash = hashes[image];
    if (hash === undefined || stages.isKept[image] === 0) continue;
    const first = seen.get(hash);
    if (first === undefined) seen.set(hash, image);
    else removals.push([image, first]);
  }
  remove(stages, removals, rule);
}

/** Rule (a): of a pair above the pairs' threshold the lower image goes. */
export function removeOfPairs(stages: Stages, pairs: SimilarPairs, options: RuleOptions): void {
  const isStrong = countsAt(options.pairThreshold, options);
  const strong = neighboursOf(stages, pairs, isStrong);
  if (options.chains === "cluster") {
    const clusters = new Components(stages.isKept.length);
    for (const [image, others] of strong) for (const { other } of others) clusters.join(image, other);
    remove(stages, lowerOfComponents(stages, clusters, 2, options), "pair");
    return;
  }
  const { order } = stages;
  const inTurn = options.chains === "in-turn";
  const removals = new Map<number, number>();
  for (const image of order.best) {
    const better = (strong.get(image) ?? []).filter(
      ({ other }) => order.isLower(image, other) && !(inTurn && removals.has(other)),
    );
    // a witness that stays before one that goes; then the most alike; then the best
    better.sort(
      (a, b) =>
        Number(removals.has(a.other)) - Number(removals.has(b.other)) ||
        b.similarity - a.similarity ||
        order.rank[a.other]! - order.rank[b.other]!,
    );
    if (better[0] !== undefined) removals.set(image, better[0].other);
  }
  remove(stages, removals, "pair");
}

/** Rule (b): a component of at least so many images keeps the best of those that are there. */
export function removeOfComponents(stages: Stages, pairs: SimilarPairs, options: RuleOptions): void {
  const { isKept } = stages;
  const components = componentsForRule(isKept, pairs, options);
  remove(stages, lowerOfComponents(stages, components, options.minComponent, options), "component");
}

function componentsForRule(isKept: Uint8Array, pairs: SimilarPairs, options: RuleOptions): Components {
  const isEdge = countsAt(options.graphThreshold, options);
  const isStrong = countsAt(options.pairThreshold, options);
  const components = new Components(isKept.length);
  for (let i = 0; i < pairs.count; i++) {
    const similarity = pairs.similarity[i]!;
    const [a, b] = [pairs.first[i]!, pairs.second[i]!];
    if (!isEdge(similarity)) continue;
    if (options.componentPairs === "below-pair-threshold" && isStrong(similarity)) continue;
    if (options.componentSize === "after" && (isKept[a] === 0 || isKept[b] === 0)) continue;
    components.join(a, b);
  }
  return components;
}

/** In each component of a size, all but the best that is there; where ties keep both, all but those that tie with it. */
function* lowerOfComponents(
  { order, isKept }: Stages,
  components: Components,
  least: number,
  { ties }: RuleOptions,
): Generator<readonly [number, number]> {
  const best = new Map<number, number>();
  for (const image of order.best) {
    if (isKept[image] === 0 || components.size(image) < least) continue;
    const root = components.find(image);
    const first = best.get(root);
    if (first === undefined) best.set(root, image);
    else if (ties !== "both" || order.isLower(image, first)) yield [image, first];
  }
}

interface Similar {
  readonly other: number;
  readonly similarity: number;
}

/** The strong pairs of images that are there, from both sides. */
function neighboursOf(
  { isKept }: Stages,
  { count, first, second, similarity }: SimilarPairs,
  isStrong: (similarity: number) => boolean,
): Map<number, Similar[]> {
  const neighbours = new Map<number, Similar[]>();
  const add = (image: number, similar: Similar) => {
    const list = neighbours.get(image);
    if (list === undefined) neighbours.set(image, [similar]);
    else list.push(similar);
  };
  for (let i = 0; i < count; i++) {
    const [a, b] = [first[i]!, second[i]!];
    if (!isStrong(similarity[i]!) || isKept[a] === 0 || isKept[b] === 0) continue;
    add(a, { other: b, similarity: similarity[i]! });
    add(b, { other: a, similarity: similarity[i]! });
  }
  return neighbours;
}
