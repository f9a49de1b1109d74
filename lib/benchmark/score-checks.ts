/**
 * What must hold of two sides before a number is made of them; each refusal names what it found.
 *
 * Refused is what gives a number without meaning: other widths, encoders or protocols, one image, equal features, sides
 * that are swapped. What a file does not say is not refused: the disclosure beside the number says it.
 */
import type { Provenance } from "../features/index.js";
import { shownName } from "../io/index.js";
import { sampleName } from "./score-sample-name.js";
import type { ScoreSide } from "./score-side.js";

/** The sides of a score, by name, so that they cannot be swapped. */
export interface ScoreSides {
  readonly real: ScoreSide;
  readonly generated: ScoreSide;
}

/** Which side, in messages. */
type SideName = keyof ScoreSides;

/**
 * Holds two sides against each other.
 * @throws RangeError with what is needed and what was found
 */
export function checkSides({ real, generated }: ScoreSides): void {
  for (const [which, side] of [["real", real] as const, ["generated", generated] as const])
    checkSide(which, side);
  if (real.sha256 !== undefined && real.sha256 === generated.sha256)
    throw wrong("features of generated images are", `the reference itself (${shownName(generated.name)})`);
  checkSameMaker({ real, generated });
  if (isReference(generated) && isSamples(real))
    throw wrong(
      "real features as the reference and generated ones as the samples are",
      `samples of a model as the real side (${shownName(real.name)}, whose images are named caption type_key) and a ` +
        `reference as the generated one (${shownName(generated.name)}, which says the shard of each image): swap them`,
    );
}

/** Whether a set's images are named as a model's samples are: {caption type}_{key}. */
export function isSamples({ keys }: Pick<ScoreSide, "keys">): boolean {
  return keys !== undefined && keys.length > 0 && keys.every((key) => sampleName(key) !== undefined);
}

/** Whether a set says which shard each image lies in, as reference files alone do. */
function isReference({ shards }: ScoreSide): boolean {
  return shards !== undefined && shards.length > 0;
}

function checkSide(which: SideName, { name, rows, moments, width }: ScoreSide): void {
  const shown = shownName(name);
  if (moments === undefined && rows?.count === 1)
    throw wrong(
      `at least 2 images on each side are (${width} features of one have no covariance)`,
      `1 ${which} image in ${shown}`,
    );
  const spread = moments === undefined ? undefined : trace(moments.covariance, width);
  const isConstant = spread === undefined ? areEqual(rows!.data, width) : spread === 0;
  if (isConstant)
    throw wrong(
      "features that differ from image to image are",
      `${rows === undefined ? "" : `${rows.count} times `}the same ${width} numbers for every ${which} image of ${shown}`,
    );
}

/** What tells of one side how its features were made. */
export type SideMaker = Pick<ScoreSide, "name" | "width" | "prefix" | "rows"> & {
  readonly provenance?: Pick<Provenance, "encoder" | "protocol"> | undefined;
};

/** What the two sides are called in refusals. */
export interface SideNames {
  readonly real: string;
  readonly generated: string;
}

/**
 * Holds against each other how the features of two sides are made, as far as both say it.
 * @throws RangeError where width, encoder, layer or protocol differ
 */
export function checkSameMaker(
  { real, generated }: { readonly real: SideMaker; readonly generated: SideMaker },
  names: SideNames = { real: "real", generated: "generated" },
): void {
  const both = (a: string, b: string) => `${a} (${names.real}) and ${b} (${names.generated})`;
  if (real.prefix !== undefined && generated.prefix !== undefined && real.prefix !== generated.prefix)
    throw wrong("features of one encoder are", both(real.prefix, generated.prefix));
  checkWidths({ real, generated }, names);
  const [a, b] = [real.provenance, generated.provenance];
  if (a === undefined || b === undefined) return;
  if (a.encoder.id !== b.encoder.id || a.encoder.weightsSha256 !== b.encoder.weightsSha256)
    throw wrong("features of one encoder are", both(encoderText(a), encoderText(b)));
  if (a.encoder.layer !== b.encoder.layer)
    throw wrong("features of one layer are", both(shownName(a.encoder.layer), shownName(b.encoder.layer)));
  if (a.protocol !== b.protocol)
    throw wrong("images prepared by one protocol are", both(shownName(a.protocol), shownName(b.protocol)));
}

function checkWidths(
  { real, generated }: { readonly real: SideMaker; readonly generated: SideMaker },
  names: SideNames,
): void {
  if (real.width === generated.width) return;
  const sides = [
    [names.real, real, generated],
    [names.generated, generated, real],
  ] as const;
  const onItsSide = sides.find(([, { rows }, other]) => rows?.count === other.width);
  const hint =
    onItsSide === undefined
      ? ""
      : `; the ${onItsSide[0]} rows lie on their side (${onItsSide[1].rows!.count} x ${onItsSide[1].width}): transpose them`;
  throw wrong(
    "features of one width are",
    `${real.width} for each ${names.real} image (${shownName(real.name)}) and ${generated.width} for each ${names.generated} one ` +
      `(${shownName(generated.name)})${hint}`,
  );
}

function encoderText({ encoder }: Pick<Provenance, "encoder">): string {
  return `${shownName(encoder.id)} with weights ${encoder.weightsSha256.slice(0, 16)}`;
}

function areEqual(data: Float32Array | Float64Array, width: number): boolean {
  for (let i = width; i < data.length; i++) if (data[i] !== data[i - width]) return false;
  return true;
}

function trace(covariance: Float64Array, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += covariance[i * width + i]!;
  return sum;
}

function wrong(needed: string, got: string): RangeError {
  return new RangeError(`Cannot score: ${needed} needed, got ${got}`);
}
