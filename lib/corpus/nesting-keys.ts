/**
 * A set of keys that remembers where each was first seen: 20 bytes a key in typed arrays, for a hundred million keys.
 *
 * Method: open addressing with linear probing, in 256 tables, so that growing one
 * copies a 256th of the whole. A key's 256 bits are folded to 128, one half on the other. That two different SHA-256 of
 * 101.2 million are folded to the same has a probability of 1.5e-23; keys made up for it would be taken for one.
 */

/** Words of a slot: four of the key, and the place plus one, so that 0 is an empty slot. */
const WORDS = 5;
/** Tables grow by this factor when they are fuller than the share. */
const GROWTH = 1.5;
const FULLEST = 0.8;
const FIRST_SLOTS = 64;

/** Whether a text is a key: 64 hexadecimal digits of either case. */
export function isKey(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}

/** Keys and the places where they were first seen. */
export class KeyPlaces {
  readonly #tables = Array.from({ length: 256 }, () => ({ slots: new Uint32Array(0), used: 0 }));
  #size = 0;

  /** How many different keys there are. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the typed arrays. */
  get bytes(): number {
    return this.#tables.reduce((sum, { slots }) => sum + slots.byteLength, 0);
  }

  /**
   * Adds a key.
   * @param key 64 hexadecimal digits
   * @param place a whole number from 0 to 2^32 - 2
   * @returns the place where it was first seen; -1 where it is new
   */
  add(key: string, place: number): number {
    const word = (at: number): number => Number.parseInt(key.slice(at, at + 8), 16);
    const a = (word(0) ^ word(32)) >>> 0;
    const b = (word(8) ^ word(40)) >>> 0;
    const c = (word(16) ^ word(48)) >>> 0;
    const d = (word(24) ^ word(56)) >>> 0;
    const table = this.#tables[mixed(a, b, c, d) & 0xff] as { slots: Uint32Array; used: number };
    if ((table.used + 1) * WORDS > table.slots.length * FULLEST) grow(table);
    const at = find(table.slots, a, b, c, d);
    const found = table.slots[at + 4] ?? 0;
    if (found > 0) return found - 1;
    table.slots.set([a, b, c, d, place + 1], at);
    table.used++;
    this.#size++;
    return -1;
  }
}

/** Where the slot of a key begins, or the empty one where it belongs. */
function find(slots: Uint32Array, a: number, b: number, c: number, d: number): number {
  const count = slots.length / WORDS;
  for (let slot = (mixed(a, b, c, d) >>> 8) % count; ; slot = slot + 1 === count ? 0 : slot + 1) {
    const at = slot * WORDS;
    if (slots[at + 4] === 0) return at;
    if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return at;
  }
}

function grow(table: { slots: Uint32Array; used: number }): void {
  const old = table.slots;
  table.slots = new Uint32Array(WORDS * Math.max(FIRST_SLOTS, Math.ceil((old.length / WORDS) * GROWTH)));
  for (let at = 0; at < old.length; at += WORDS) {
    if (old[at + 4] === 0) continue;
    const [a = 0, b = 0, c = 0, d = 0] = old.subarray(at, at + 4);
    table.slots.set(old.subarray(at, at + WORDS), find(table.slots, a, b, c, d));
  }
}

/** Keys are meant to be random, but may be made up: neighbours among them must not be neighbours here. */
function mixed(a: number, b: number, c: number, d: number): number {
  let z =
    Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(c ^ Math.imul(d, 0xc2b2ae35), 0x27d4eb2f);
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
