/** How the work itself goes: images so far, their rate now, the time left, the share of time spent waiting. */

/** What is reported while work goes on: totals since it began. */
export interface TelemetryUpdate {
  readonly images: number;
  /** Seconds in which inference waited for pictures to be decoded and prepared. */
  readonly waitingSeconds?: number;
  /** Seconds spent in inference. */
  readonly inferSeconds?: number;
}

/** A rate is taken over at least so long, and over two updates: a batch may take seconds. */
const RATE_MILLISECONDS = 5000;

interface Point {
  readonly atMilliseconds: number;
  readonly images: number;
  readonly waitingSeconds: number;
  readonly inferSeconds: number;
}

/** The totals over time. */
export class Work {
  readonly #start: Point;
  readonly #points: Point[];

  constructor(atMilliseconds: number) {
    this.#start = { atMilliseconds, images: 0, waitingSeconds: 0, inferSeconds: 0 };
    this.#points = [this.#start];
  }

  /**
   * Takes new totals.
   * @throws {RangeError} for one below 0
   */
  update(atMilliseconds: number, { images, waitingSeconds, inferSeconds }: TelemetryUpdate): void {
    const last = this.#last;
    const point: Point = {
      atMilliseconds,
      images: checked("images", images),
      waitingSeconds: checked("waitingSeconds", waitingSeconds ?? last.waitingSeconds),
      inferSeconds: checked("inferSeconds", inferSeconds ?? last.inferSeconds),
    };
    this.#points.push(point);
    while (
      this.#points.length > 3 &&
      (this.#points[1]?.atMilliseconds ?? 0) < atMilliseconds - RATE_MILLISECONDS
    )
      this.#points.shift();
  }

  /** Images so far. */
  get images(): number {
    return this.#last.images;
  }

  /** Images a second now; null before the first. */
  get imagesPerSecond(): number | null {
    const from = this.#points[0] ?? this.#start;
    return rate(from, this.#last);
  }

  /** Images a second from the beginning to the newest update; null before the first. */
  get meanImagesPerSecond(): number | null {
    return rate(this.#start, this.#last);
  }

  /** Share of the time now that inference waits, 0 to 1; null where nothing was reported. */
  get waitingShare(): number | null {
    return waiting(this.#points[0] ?? this.#start, this.#last);
  }

  /** The same from the beginning. */
  get meanWaitingShare(): number | null {
    return waiting(this.#start, this.#last);
  }

  /** Seconds from the beginning to the newest update. */
  get seconds(): number {
    return (this.#last.atMilliseconds - this.#start.atMilliseconds) / 1000;
  }

  get #last(): Point {
    return this.#points.at(-1) ?? this.#start;
  }
}

function rate(from: Point, to: Point): number | null {
  const images = to.images - from.images;
  const seconds = (to.atMilliseconds - from.atMilliseconds) / 1000;
  return seconds > 0 && images > 0 ? images / seconds : null;
}

function waiting(from: Point, to: Point): number | null {
  const waited = to.waitingSeconds - from.waitingSeconds;
  const all = waited + to.inferSeconds - from.inferSeconds;
  return all > 0 && waited >= 0 && waited <= all ? waited / all : null;
}

function checked(what: string, value: number): number {
  if (!(value >= 0 && Number.isFinite(value)))
    throw new RangeError(`Cannot update telemetry: ${what} of 0 or more are needed, got ${value}`);
  return value;
}
