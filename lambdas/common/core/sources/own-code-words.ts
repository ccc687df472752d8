import { OWN_CODES } from "./failure-codes.ts";

const WORDS: Readonly<Record<string, string>> = {
  [OWN_CODES.NOT_FOUND]: "no source has this product",
  [OWN_CODES.RETRIES_EXHAUSTED]: "it failed after three retries",
  [OWN_CODES.DEAD_LETTERED]: "its batch made no progress after five resends",
  [OWN_CODES.UNSTORABLE]: "the product was found, but the table does not take it",
  [OWN_CODES.INTERNAL]: "it met a fault that nobody expected",
  [OWN_CODES.NO_SOURCE_FOR_SHOP]: "no source of this stage serves the product's shop",
};

/** What a code of our own means, in words; undefined for those of a source. */
export const ownCodeWords = (code: string): string | undefined =>
  Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
