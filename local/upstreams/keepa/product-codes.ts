import type { Json } from "../shared/json.ts";
import { seededRandom } from "../shared/seeded-random.ts";

const LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXY";
/** Most products that are made up for one code: several sellers list the same thing under ASINs of their own. */
const MAX_PRODUCTS = 3;

/** The ISBN-10 of an ISBN-13 that starts with 978: books are sold under it; undefined for any other code. */
const isbn10Of = (code: string): string | undefined => {
  const nine = /^978(\d{9})\d$/.exec(code)?.[1];
  if (nine === undefined) return undefined;
  const sum = [...nine].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0);
  const check = (11 - (sum % 11)) % 11;
  return nine + (check === 10 ? "X" : String(check));
};

const madeUpAsins = (code: string): string[] => {
  const random = seededRandom("product-code", code);
  return Array.from({ length: random.between(1, MAX_PRODUCTS) }, () => {
    const letters = Array.from({ length: 8 }, () => LETTERS[random.between(0, LETTERS.length - 1)]);
    return `B0${letters.join("")}`;
  });
};

const listed = (body: Json, key: string): string[] => {
  const list = body[key];
  return Array.isArray(list) ? list.filter((entry): entry is string => typeof entry === "string") : [];
};

/**
 * Which products carry a UPC, EAN or ISBN-13. What was shown with a code before is found by it again; other codes stand
 * for made-up products, always the same ones, and an ISBN-13 for the book of that number.
 */
export class ProductCodes {
  readonly #shown = new Map<string, string>();

  /** Remembers the codes that a product was shown with. */
  show(body: Json): void {
    if (typeof body.asin !== "string") return;
    for (const key of ["eanList", "upcList"]) for (const code of listed(body, key)) this.#shown.set(code, body.asin);
  }

  /** ASINs of a code, at least one. */
  asinsOf(code: string): readonly string[] {
    const known = this.#shown.get(code) ?? isbn10Of(code);
    return known === undefined ? madeUpAsins(code) : [known];
  }

  /** The product with the code by which it was found among its own: 12 digits are a UPC, 13 an EAN. */
  static under(code: string, body: Json): Json {
    const key = code.length === 12 ? "upcList" : "eanList";
    const codes = listed(body, key);
    return codes.includes(code) ? body : { ...body, [key]: [code, ...codes] };
  }
}
