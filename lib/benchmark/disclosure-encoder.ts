/** Whether features are the benchmark's: preparation of the images, network with its weights, precision. */
import { modelEntry } from "../models/index.js";
import { type DisclosurePoint, pointOf } from "./disclosure-types.js";
import { BENCHMARK_RULES } from "./rules.js";
import type { ScoreSides } from "./score-checks.js";
import type { ScoreSide } from "./score-side.js";

/** Features of one image by the benchmark's encoder. */
const ENCODER_WIDTH = 1024;

/** Checks how the samples were prepared. */
export function protocolPoint({ provenance }: ScoreSide): DisclosurePoint {
  const { protocol } = BENCHMARK_RULES;
  const point = pointOf(
    "protocol",
    `images prepared as the benchmark does it (${protocol}: Pillow bicubic to 224 x 224)`,
  );
  if (provenance === undefined)
    return point("not known", "nothing beside the generated features says how their images were prepared.");
  return provenance.protocol === protocol
    ? point("met", `${protocol}.`)
    : point("not met", `${provenance.protocol}.`);
}

/** Checks the network and its weights. */
export function encoderPoint({ real, generated }: ScoreSides): DisclosurePoint {
  const { encoder: wanted } = BENCHMARK_RULES;
  const point = pointOf("encoder", "DINOv2 ViT-L/14 without registers, the publisher's weights");
  const { provenance, prefix, width } = generated;
  if (prefix !== undefined && prefix !== "dino")
    return point("not met", `${provenance?.encoder.id ?? prefix}.`);
  if (width !== ENCODER_WIDTH)
    return point("not met", `features of ${width} numbers, where it has ${ENCODER_WIDTH}.`);
  if (provenance === undefined)
    return point("not known", `${width} numbers an image, but nothing says which network they are of.`);
  const { id, weightsSha256 } = provenance.encoder;
  if (id !== wanted) return point("not met", `${id}.`);
  const { weights } = modelEntry(wanted);
  const published = weights.kind === "file" ? weights.sha256 : null;
  if (published === null)
    return point(
      "not known",
      `${id}, weights ${weightsSha256}; the publisher states no hash to hold them against.`,
    );
  if (published !== weightsSha256)
    return point("not met", `${id} with weights ${weightsSha256}, where the publisher's are ${published}.`);
  const reference =
    real.provenance === undefined ? "; the reference does not say its own" : ", as the reference's";
  return point("met", `${id}, weights ${weightsSha256}${reference}.`);
}

/** Checks in what precision features were computed. */
export function precisionPoint({ real, generated }: ScoreSides): DisclosurePoint {
  const point = pointOf("precision", "float32 throughout");
  const halves = [real, generated].find(({ notes }) => notes.some((note) => note.includes("float16")));
  if (halves !== undefined)
    return point("not met", `the rows of the ${halves === real ? "real" : "generated"} side are float16.`);
  const { provenance } = generated;
  if (provenance === undefined)
    return point("not known", "nothing says in what precision the generated features were computed.");
  if (provenance.encoder.id.endsWith("-int8"))
    return point("not met", `${provenance.encoder.id} has int8 weights.`);
  const devices = [...new Set(provenance.makers.map(({ device }) => device))].join(", ");
  return point("met", `float32 on ${devices || "a device that is not named"}, TF32 never on.`);
}
