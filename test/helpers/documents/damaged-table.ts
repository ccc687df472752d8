import fc from "fast-check";
import type { WrittenTable } from "./write-table.ts";
import { writtenTable } from "./written-table.ts";

/** A table that was written well, and then a person, a program or a broken connection went over it. */
export interface DamagedTable {
  readonly text: string;
  readonly chunk: number;
  /** Products of which the whole ASIN is still in the text. */
  readonly whole: readonly { readonly asin: string }[];
  /** Lines at which an ASIN was torn apart, first and last, from 1. */
  readonly torn: readonly (readonly [first: number, last: number])[];
}

type Kind = "quote" | "edge-quote" | "line-break" | "torn-product" | "dropped" | "added" | "cut" | "line";

/** One thing that happened to the text; where, as a share of it. */
interface Damage {
  readonly kind: Kind;
  readonly where: number;
  readonly line: string;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom<Kind>("quote", "edge-quote", "line-break", "torn-product", "dropped", "added", "cut", "line"),
  // Without a bias: half of all damages would be at the very start.
  where: fc.noBias(fc.nat(999_999)).map((part) => part / 1_000_000),
  line: fc.constantFrom("", "  ", '"', "total: 5", ",,,", "\t", '"";', "see below"),
});

const put = (text: string, at: number, piece: string): string => text.slice(0, at) + piece + text.slice(at);

/** One of the places that a pattern finds; without any, one anywhere. */
const placeOf = (text: string, pattern: RegExp, where: number): number => {
  const places = [...text.matchAll(pattern)];
  const found = places[Math.floor(where * places.length)];
  return found?.index ?? Math.floor(where * text.length);
};

const DELIMITERS = /[,;\t|]/g;

const damaged = (text: string, { kind, where, line }: Damage, end: string): string => {
  const anywhere = Math.floor(where * text.length);
  switch (kind) {
    case "quote":
      return put(text, anywhere, '"');
    case "edge-quote":
      return put(text, placeOf(text, /(?<=[,;\t|\n\r])|(?=[,;\t|\n\r])/g, where), '"');
    case "line-break":
      return put(text, anywhere, end);
    case "torn-product": {
      const [piece = ""] = text.slice(placeOf(text, /[^\s,;|"]{10,}/g, where)).split(/[\s,;|"]/, 1);
      const start = text.indexOf(piece, placeOf(text, /[^\s,;|"]{10,}/g, where));
      return put(text, start + Math.floor(((where * 7919) % 1) * piece.length), end);
    }
    case "dropped": {
      const at = placeOf(text, DELIMITERS, where);
      return text.slice(0, at) + text.slice(at + 1);
    }
    case "added": {
      const [delimiter = ","] = text.slice(placeOf(text, DELIMITERS, where)).match(DELIMITERS) ?? [];
      return put(text, anywhere, delimiter);
    }
    case "cut":
      return text.slice(0, anywhere);
    case "line":
      return put(text, placeOf(text, /(?<=[\r\n])/g, where), line + end);
  }
};

const endOf = (text: string): string => /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";

const lineOf = (text: string, at: number): number => text.slice(0, at).split(/\r\n|\r|\n/).length;

/** Where each half of an ASIN is that a line break tore apart; cut by anything else, nobody knows that it was one. */
const tornLines = (text: string, asin: string): (readonly [number, number])[] => {
  for (let cut = 1; cut < asin.length; cut++) {
    const pattern = new RegExp(`${asin.slice(0, cut)}(?:\r\n|\r|\n)${asin.slice(cut)}`, "i");
    const at = text.search(pattern);
    if (at >= 0) return [[lineOf(text, at), lineOf(text, at) + 1]];
  }
  return [];
};

/** What carries a product in the query of an address; damaged it is any other text of a query. */
const CARRIERS = ["?REF=AMAZON.DE/DP/B0QUERY001", "#WWW.AMAZON.COM/GP/PRODUCT/B0QUERY001"];

/** Whether a text still has the ASIN as one: of digits only where no other stand beside them. */
const isWhole = (upper: string, asin: string): boolean =>
  asin === "B0QUERY001"
    ? CARRIERS.some((carrier) => upper.includes(carrier))
    : asin.startsWith("B0")
      ? upper.includes(asin)
      : new RegExp(`(?<![A-Z0-9]|%2)${asin}(?![A-Z0-9])|%2F${asin}(?![A-Z0-9])`).test(upper);

const damageAll = (table: WrittenTable, damages: readonly Damage[]): DamagedTable => {
  const end = endOf(table.text);
  const text = damages.reduce((before, one) => damaged(before, one, end), table.text);
  const upper = text.toUpperCase();
  const good = table.products.filter(({ asin }) => asin.length === 10);
  return {
    text,
    chunk: table.chunk,
    whole: good.filter(({ asin }) => isWhole(upper, asin)).map(({ asin }) => ({ asin })),
    torn: good.filter(({ asin }) => !upper.includes(asin)).flatMap(({ asin }) => tornLines(text, asin)),
  };
};

/** Tables of all kinds with up to so many damages. */
export const damagedTable = (most: number): fc.Arbitrary<DamagedTable> =>
  fc
    .tuple(writtenTable, fc.array(damage, { minLength: 1, maxLength: most }))
    .map(([table, damages]) => damageAll(table, damages));
