/**
 * The best encoder whose weights are on this machine: DINOv2 before SSCD before FID's Inception, and why.
 *
 * The benchmark of the paper's section 3 measures in DINOv2 ViT-L/14. Where its weights are not, a notebook goes on with
 * another encoder and says so; what it found is then that encoder's view.
 */
import { type EncoderId, modelEntry } from "./manifest.js";
import { findWeights } from "./weights-cache.js";

/** The encoder to take, or that there is none. */
export interface BestEncoder {
  /** Undefined where no encoder's weights are here. */
  readonly id: EncoderId | undefined;
  /** "DINOv2 ViT-L/14"; "no encoder" where there is none. */
  readonly title: string;
  /** One sentence or two: why this one, and what would bring a better one. */
  readonly why: string;
}

/** Of the published ones, the best first: the benchmark's own, then its family by size, registers last. */
const ORDER = [
  ...["dinov2-vitl14", "dinov2-vitg14", "dinov2-vitb14", "dinov2-vits14"],
  ...["dinov2-vitl14-reg", "dinov2-vitg14-reg", "dinov2-vitb14-reg", "dinov2-vits14-reg"],
  ...["sscd", "sscd-int8", "inception-fid"],
] as const satisfies readonly EncoderId[];
const [OWN] = ORDER;
/** The one that every machine can have: registries carry it. */
const EASIEST: EncoderId = "sscd-int8";

/**
 * Looks which encoders' weights are here and takes the best; reads no weights.
 * @param cache where weights are; the settings' own where it is left out
 * @throws Error with the system's reason where the cache cannot be read
 * @example (await bestEncoder()).why
 * // "SSCD (int8) is the best encoder here; the benchmark's own, DINOv2 ViT-L/14, comes with: npx gpic-lab models fetch dinov2-vitl14"
 */
export async function bestEncoder(cache?: string): Promise<BestEncoder> {
  const doubts: string[] = [];
  for (const id of ORDER) {
    const found = await findWeights(id, cache);
    if (found.state === "there")
      return { id, title: modelEntry(id).title, why: [why(id), ...doubts].join("; ") };
    if (found.state === "doubtful") doubts.push(`not used: ${found.why}`);
  }
  const fetching = `${fetch(EASIEST)}, the benchmark's own, ${modelEntry(OWN).title}, with: ${fetch(OWN)}`;
  const none = `no encoder's weights are on this machine; the smallest comes with: ${fetching}`;
  return { id: undefined, title: "no encoder", why: [none, ...doubts].join("; ") };
}

function why(id: EncoderId): string {
  const { title } = modelEntry(id);
  if (id === OWN) return `${title} is the benchmark's own encoder`;
  return `${title} is the best encoder here; the benchmark's own, ${modelEntry(OWN).title}, comes with: ${fetch(OWN)}`;
}

function fetch(id: EncoderId): string {
  return `npx gpic-lab models fetch ${id}`;
}
