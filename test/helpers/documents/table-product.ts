import fc from "fast-check";
import type { Letters } from "./table-title.ts";

const BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** An ASIN that is no ISBN. */
export const anAsin = fc
  .string({ unit: fc.constantFrom(...BASE36), minLength: 8, maxLength: 8 })
  .map((rest) => `B0${rest}`);
/** Of ten digits with a right check digit: of others only the column says that they are no telephone numbers. */
const isbn = fc.stringMatching(/^\d{9}$/).map((nine) => {
  const sum = [...nine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return `${nine}${check === 10 ? "X" : check}`;
});
const unseen = fc.constantFrom("", "", "", "\u200e", "\u200f", "\u200b", "\ufeff", "\u202a", "\u00a0", " ", "\u2066 ");

const ADDRESSES: readonly ((asin: string) => string)[] = [
  (one) => `https://www.amazon.com/dp/${one}`,
  (one) => `amazon.de/gp/product/${one}?psc=1`,
  (one) => `https://www.amazon.it/Tazza-blu/dp/product/${one}/ref=x`,
  (one) => `https://www.amazon.co.uk/d/Gel/Hair/${one}`,
  (one) => `http://www.amazon.com/exec/obidos/ASIN/${one}/ref=nosim/x-20`,
  (one) => `https://www.amazon.fr/sspa/click?url=%2Fx%2Fdp%2F${one}%2Fref%3Dy`,
  (one) => `https://amzn.com/${one}`,
];
/** What the query of an address carries. */
export const CARRIED = "B0QUERY001";
/** What people and spreadsheets put around an ASIN. */
const GUARDS: readonly ((asin: string) => string)[] = [
  (one) => `'${one}`,
  (one) => `[${one}]`,
  (one) => `(${one})`,
  (one) => `\u201c${one}\u201d`,
];
/** How a product is written in its cell. */
const form = (letters: Letters) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...GUARDS.slice(0, letters === "any" ? 4 : 3)) },
    { weight: 4, arbitrary: fc.constant((one: string) => one) },
    { weight: 1, arbitrary: fc.constant((one: string) => one.toLowerCase()) },
    { weight: 2, arbitrary: fc.constantFrom(...ADDRESSES) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        (one: string) => `https://www.amazon.de/dp/${one}?ref=amazon.de/dp/${CARRIED}`,
        (one: string) => `https://www.amazon.de/dp/${one}#www.amazon.com/gp/product/${CARRIED}`,
      ),
    },
  );

/** A product as its cell says it. */
export interface Product {
  readonly asin: string;
  readonly text: string;
  readonly isGood: boolean;
}

/** One whose whole ASIN is there, bare or as people and programs write it. */
export const goodProduct = (letters: Letters, withUnseen = letters === "any"): fc.Arbitrary<Product> =>
  fc
    .record({
      one: fc.oneof({ weight: 4, arbitrary: anAsin }, { weight: 1, arbitrary: isbn }),
      write: form(letters),
      before: unseen,
      after: unseen,
    })
    .map(({ one, write, before, after }) => ({
      asin: one,
      text: withUnseen ? before + write(one) + after : write(one),
      isGood: true,
    }));
/** One letter was lost. */
export const badProduct: fc.Arbitrary<Product> = anAsin.map((one) => ({
  asin: one.slice(0, 9),
  text: one.slice(0, 9),
  isGood: false,
}));
