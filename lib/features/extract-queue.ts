/** A queue between who reads ahead and who takes in order: what is in it and under way is bounded, in number and in bytes. */

/** What a queue holds at most. */
export interface QueueBounds<T> {
  /** Places that may be taken at a time, at least 1. */
  readonly places: number;
  /** Beyond these nothing more is begun; what is under way counts as the largest so far. */
  readonly bytes: number;
  bytesOf(value: T): number;
}

interface Slot<T> {
  readonly hasPlace: boolean;
  /** Absent while it is under way. */
  value?: T;
}

/** One filler, one taker. */
export class AheadQueue<T extends object> {
  readonly #bounds: QueueBounds<T>;
  readonly #slots: Slot<T>[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #places = 0;
  #bytes = 0;
  #largest = 0;
  #hasEnded = false;
  #stopped: { readonly reason: unknown } | undefined;
  #wakeTaker: (() => void) | undefined;
  #wakeFiller: (() => void) | undefined;

  constructor(bounds: QueueBounds<T>) {
    this.#bounds = bounds;
  }

  /**
   * Waits until there is a place and memory for one more, and fewer than `working` are still under way.
   * @throws what the queue was stopped with
   */
  async room(working: number): Promise<void> {
    while (this.#stopped === undefined && (this.#isFull || this.#underWay.size >= working))
      await new Promise<void>((resolve) => {
        this.#wakeFiller = resolve;
      });
    if (this.#stopped !== undefined) throw this.#stopped.reason;
  }

  /** Adds what is under way, and takes a place for it; where it fails, the queue is stopped with its error. */
  put(value: Promise<T>): void {
    const slot: Slot<T> = { hasPlace: true };
    this.#slots.push(slot);
    this.#places++;
    const settled: Promise<void> = value
      .then(
        (done) => {
          slot.value = done;
          const bytes = this.#bounds.bytesOf(done);
          this.#bytes += bytes;
          this.#largest = Math.max(this.#largest, bytes);
        },
        (error) => this.stop(error),
      )
      .finally(() => {
        this.#underWay.delete(settled);
        this.#wake();
      });
    this.#underWay.add(settled);
  }

  /** Adds what needs no place. */
  tell(value: T): void {
    this.#slots.push({ hasPlace: false, value });
    this.#wake();
  }

  /** Nothing comes after this. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  /** Ends both sides: whoever waits or comes gets the reason. */
  stop(reason: unknown): void {
    this.#stopped ??= { reason };
    this.#wake();
  }

  /**
   * The next in order; undefined where the end was told.
   * @throws what the queue was stopped with
   */
  async take(): Promise<T | undefined> {
    for (;;) {
      if (this.#stopped !== undefined) throw this.#stopped.reason;
      const first = this.#slots[0];
      if (first?.value !== undefined) {
        this.#slots.shift();
        if (first.hasPlace) {
          this.#places--;
          this.#bytes -= this.#bounds.bytesOf(first.value);
        }
        this.#wake();
        return first.value;
      }
      if (first === undefined && this.#hasEnded) return undefined;
      await new Promise<void>((resolve) => {
        this.#wakeTaker = resolve;
      });
    }
  }

  /** Waits for all that is still under way, taken or not. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  get #isFull(): boolean {
    const { places, bytes } = this.#bounds;
    return this.#places >= places || this.#bytes + this.#underWay.size * this.#largest >= bytes;
  }

  #wake(): void {
    this.#wakeTaker?.();
    this.#wakeFiller?.();
  }
}
