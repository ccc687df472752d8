import { createHash } from "node:crypto";

/** Numbers that depend on nothing but the words they were made from, so that every start gives the same ones. */
export interface SeededRandom {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number;
  /** One of a list that is not empty. */
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
  /** True in `share` of all cases, 0 to 1. */
  chance(share: number): boolean;
  /** The same values in another order. */
  shuffle<Value>(values: readonly Value[]): Value[];
}

/** Makes the numbers that belong to `words`: a hash to start from, then mulberry32, which is small and even enough. */
export const seededRandom = (...words: readonly (string | number)[]): SeededRandom => {
  let state = createHash("sha256").update(words.join("\u0000")).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: (values) => values[between(0, values.length - 1)] ?? values[0],
    chance: (share) => next() < share,
    shuffle: (values) => {
      const left = [...values];
      const mixed: typeof left = [];
      while (left.length > 0) mixed.push(...left.splice(between(0, left.length - 1), 1));
      return mixed;
    },
  };
};
