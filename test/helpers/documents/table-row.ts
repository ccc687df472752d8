import fc from "fast-check";
import { anAsin, badProduct, goodProduct, type Product } from "./table-product.ts";
import { type Letters, tableTitle } from "./table-title.ts";

/** One row of a table, and what is wrong with it. */
export interface Row {
  readonly products: readonly Product[];
  readonly between: string;
  readonly title: string;
  readonly sku: string;
  /** Products of the columns `asin2` and `asin3`. */
  readonly further: readonly Product[];
  /** A product whose address is in the column of the title, where none is read. */
  readonly beside: Product | undefined;
  readonly fault: "none" | "short" | "cut" | "open" | "long" | "moved" | "blank-before" | "garbage-before";
}

/** Rows of a table in these letters. */
export const tableRow = (letters: Letters): fc.Arbitrary<Row> => {
  const product = fc.oneof({ weight: 6, arbitrary: goodProduct(letters) }, { weight: 1, arbitrary: badProduct });
  return fc.record({
    products: fc.oneof(
      { weight: 4, arbitrary: fc.array(product, { minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.array(product, { minLength: 2, maxLength: 5 }) },
    ),
    between: fc.constantFrom(",", ", ", ";", "; ", "\t", "|", " ", " | ", "\n", "<br>", "->", "\\n", ""),
    title: tableTitle(letters),
    sku: fc.constantFrom("", "S-1", "0012", '"S"', '"S-2', '12"', "S-2;", "a,b"),
    further: fc.array(goodProduct(letters, false), { maxLength: 2 }),
    beside: fc.option(
      anAsin.map((one) => ({ asin: one, text: `https://www.amazon.de/dp/${one}`, isGood: true })),
      { nil: undefined, freq: 8 },
    ),
    fault: fc.constantFrom<Row["fault"]>(
      "none",
      "none",
      "none",
      "short",
      "cut",
      "open",
      "long",
      "moved",
      "blank-before",
      "garbage-before",
    ),
  });
};
