const HALF = 36 ** 5;
const FIRST_CAPACITY = 1024;
/** Codes of the 36 digits. */
const DIGITS = Uint8Array.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (digit) => digit.charCodeAt(0));

const digit = (code: number): number => (code < 58 ? code - 48 : code - 55);

const half = (asin: string, from: number): number => {
  let value = 0;
  for (let i = from; i < from + 5; i++) value = value * 36 + digit(asin.charCodeAt(i));
  return value;
};

/** Writes five digits, the last one at `end`. */
const writeHalf = (value: number, bytes: Uint8Array, end: number): void => {
  let rest = value;
  for (let at = end; at > end - 5; at--) {
    const quotient = Math.floor(rest / 36);
    bytes[at] = DIGITS[rest - quotient * 36] ?? 0;
    rest = quotient;
  }
};

/** Writes the ASIN that a key of `sortedKeys` stands for, 10 bytes of ASCII from `start`. */
export const writeAsin = (key: number, bytes: Uint8Array, start: number): void => {
  const high = Math.floor(key / HALF);
  writeHalf(high, bytes, start + 4);
  writeHalf(key - high * HALF, bytes, start + 9);
};

const slotOf = (high: number, low: number, mask: number): number => {
  let hash = Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
  hash ^= hash >>> 15;
  return hash & mask;
};

/**
 * A set of ASINs for catalogs of a million rows. Ten characters in base 36 fit a double exactly (36^10 < 2^53), so the
 * set is one open-addressing table of numbers: exact, and 16 bytes an ASIN where a `Set` of strings takes about 100.
 */
export class AsinSet {
  #slots = new Float64Array(FIRST_CAPACITY);
  #size = 0;

  /** Number of distinct ASINs added. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds an ASIN (upper case, 10 letters and digits).
   * @returns false when it was there already
   */
  add(asin: string): boolean {
    const high = half(asin, 0);
    const low = half(asin, 5);
    // Zero marks a free slot, so that every value is stored plus one.
    const key = high * HALF + low + 1;
    const mask = this.#slots.length - 1;
    let slot = slotOf(high, low, mask);
    for (let found = this.#slots[slot]; found !== 0; found = this.#slots[slot]) {
      if (found === key) return false;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = key;
    this.#size++;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  /** All ASINs in ascending order, as numbers for `writeAsin`. */
  sortedKeys(): Float64Array {
    // By index: `filter` and an iterator would box every number on the heap first.
    const slots = this.#slots;
    const keys = new Float64Array(this.#size);
    let count = 0;
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] ?? 0;
      if (slot !== 0) keys[count++] = slot - 1;
    }
    return keys.sort();
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    const mask = this.#slots.length - 1;
    for (let at = 0; at < old.length; at++) {
      const key = old[at] ?? 0;
      if (key === 0) continue;
      let slot = slotOf(Math.floor((key - 1) / HALF), (key - 1) % HALF, mask);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = key;
    }
  }
}
