/**
 * Whether the samples are images of the published captions: one for each key of the reference, no other.
 *
 * Samples are named {caption type}_{key}. A folder is read in the order of its names, as gpic-eval reads it, so that the
 * order of the reference's keys cannot be kept there; a Frechet distance does not see the order.
 */
import { countText, type DisclosurePoint, pointOf } from "./disclosure-types.js";
import type { ScoreSides } from "./score-checks.js";
import { sampleName } from "./score-sample-name.js";

/** Checks the names of the samples against the keys of the reference. */
export function captionPoint({ real, generated }: ScoreSides): DisclosurePoint {
  const point = pointOf(
    "captions",
    "one image for each published caption of the test set, named {caption type}_{key}",
  );
  const { keys } = generated;
  if (keys === undefined) return point("not known", "the samples have no names.");
  const names = keys.map(sampleName);
  const unnamed = names.filter((name) => name === undefined).length;
  if (unnamed === names.length)
    return point(
      "not known",
      "no sample is named {caption type}_{key}, so nothing says which caption it is of.",
    );
  if (unnamed > 0)
    return point(
      "not met",
      `${countText(unnamed)} of ${countText(names.length)} samples are not named {caption type}_{key}.`,
    );
  if (real.keys === undefined)
    return point(
      "not known",
      "the samples are named by their captions, but the reference does not list its keys.",
    );
  const wanted = new Set(real.keys);
  const found = names.map((name) => name!.key);
  const distinct = new Set(found);
  const foreign = [...distinct].filter((key) => !wanted.has(key)).length;
  const absent = [...wanted].filter((key) => !distinct.has(key)).length;
  const doubled = found.length - distinct.size;
  if (foreign + absent + doubled > 0)
    return point(
      "not met",
      `of the reference's ${countText(wanted.size)} keys ${countText(absent)} have no sample; ${countText(foreign)} samples are of other keys, ${countText(doubled)} of a key that another has.`,
    );
  const isInOrder = found.every((key, row) => key === real.keys![row]);
  return point(
    "met",
    `one sample for each of the ${countText(wanted.size)} keys, ${isInOrder ? "in the reference's order" : "in the order of their names, which no value but the drawn rows sees"}.`,
  );
}
