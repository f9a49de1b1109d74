/**
 * How the vocabulary grows with the text: Heaps' law, V = K n^beta.
 *
 * Captions are drawn, and the distinct words counted at points that are even in log n, as the mean over eight random
 * orders (in the order of a corpus one topic would follow another). The line is least squares through the logarithms. Points
 * of one curve depend on each other, so the interval of beta does not come from their scatter: it is a jackknife over
 * twenty groups of captions. Residuals with a shape (a bow) mean that the law does not hold, whatever R squared says.
 */
import { Random } from "../core/index.js";
import { words } from "../text/index.js";
import type { Captions } from "./caption.js";
import { type DrawOptions, sampleCaptions } from "./sample.js";

/** One point of the curve. */
export interface GrowthPoint {
  /** Words read. */
  readonly words: number;
  /** Distinct words among them, mean over the orders. */
  readonly distinct: number;
  /** Distinct words by the fitted law. */
  readonly fitted: number;
  /** ln distinct - ln fitted. */
  readonly residual: number;
}

/** The curve, and the law fitted to it. */
export interface VocabularyGrowth {
  readonly captions: number;
  readonly words: number;
  readonly distinct: number;
  readonly beta: number;
  /** 95 % interval of beta: jackknife over groups of captions, normal. */
  readonly betaInterval: readonly [number, number];
  readonly k: number;
  /** Of the logarithms. */
  readonly rSquared: number;
  /** Largest absolute residual: 0.1 means that the law misses the curve by 10 %. */
  readonly largestResidual: number;
  readonly points: readonly GrowthPoint[];
}

const GROUPS = 20;
const ORDERS = 8;
const POINTS = 30;
/** Below it the curve is a straight line: almost every word is new. */
const FIRST_POINT = 50;
/** The 0.975 quantile of Student's t with 19 degrees of freedom. */
const T = 2.093;

/**
 * The growth of the vocabulary over a draw of captions.
 * @throws RangeError where the captions have fewer than 500 words or are fewer than 20
 */
export async function vocabularyGrowth(
  captions: Captions,
  options: DrawOptions = {},
): Promise<VocabularyGrowth> {
  const { seed = 0 } = options;
  const random = new Random(`${seed} order`);
  const drawn = random.shuffle(await sampleCaptions(captions, options));
  const ids = new Map<string, number>();
  const texts = drawn.map(({ caption }) =>
    Uint32Array.from(words(caption), (word) => {
      const id = ids.get(word) ?? ids.size;
      ids.set(word, id);
      return id;
    }),
  );
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  if (total < 10 * FIRST_POINT || texts.length < GROUPS)
    throw new RangeError(
      `Cannot fit the growth of a vocabulary: ${GROUPS} captions with ${10 * FIRST_POINT} words are needed, got ${texts.length} with ${total}`,
    );
  const orders = Array.from({ length: ORDERS }, () => random.shuffle(Array.from(texts.keys())));
  const curve = meanCurve(texts, orders, ids.size);
  const { beta, k, rSquared } = fitLaw(curve);
  const without = Array.from({ length: GROUPS }, (_, group) => {
    const rest = orders.map((order) => order.filter((i) => i % GROUPS !== group));
    return fitLaw(meanCurve(texts, rest, ids.size)).beta;
  });
  const mean = without.reduce((sum, value) => sum + value, 0) / GROUPS;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = T * Math.sqrt(((GROUPS - 1) / GROUPS) * squares);
  const points = curve.map((point) => {
    const fitted = k * point.words ** beta;
    return { ...point, fitted, residual: Math.log(point.distinct / fitted) };
  });
  return {
    captions: texts.length,
    words: total,
    distinct: ids.size,
    ...{ beta, betaInterval: [beta - half, beta + half], k, rSquared },
    largestResidual: Math.max(...points.map(({ residual }) => Math.abs(residual))),
    points,
  };
}

interface CurvePoint {
  readonly words: number;
  readonly distinct: number;
}

/** The mean over several orders: early points of a single one are a matter of luck. */
function meanCurve(
  texts: readonly Uint32Array[],
  orders: readonly (readonly number[])[],
  vocabulary: number,
): CurvePoint[] {
  const curves = orders.map((order) =>
    growthCurve(
      order.map((i) => texts[i]!),
      vocabulary,
    ),
  );
  return curves[0]!.map((point, i) => ({
    words: point.words,
    distinct: curves.reduce((sum, curve) => sum + curve[i]!.distinct, 0) / curves.length,
  }));
}

function growthCurve(texts: readonly Uint32Array[], vocabulary: number): CurvePoint[] {
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  const ratio = (total / FIRST_POINT) ** (1 / (POINTS - 1));
  const seen = new Uint8Array(vocabulary);
  const curve: CurvePoint[] = [];
  let read = 0;
  let distinct = 0;
  let due = FIRST_POINT;
  for (const text of texts)
    for (const id of text) {
      distinct += 1 - seen[id]!;
      seen[id] = 1;
      read++;
      if (read < due && read < total) continue;
      curve.push({ words: read, distinct });
      due = Math.round(FIRST_POINT * ratio ** curve.length);
    }
  return curve;
}

function fitLaw(curve: readonly CurvePoint[]): { beta: number; k: number; rSquared: number } {
  const x = curve.map((point) => Math.log(point.words));
  const y = curve.map((point) => Math.log(point.distinct));
  const meanX = x.reduce((a, b) => a + b, 0) / x.length;
  const meanY = y.reduce((a, b) => a + b, 0) / y.length;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
    yy += (y[i]! - meanY) ** 2;
  }
  const beta = xy / xx;
  return { beta, k: Math.exp(meanY - beta * meanX), rSquared: xy ** 2 / (xx * yy) };
}
