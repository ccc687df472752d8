/**
 * Well-formed ASINs that no other test uses: `B0` + the test's own four characters + a number from 1.
 * @param series four capital letters or digits
 */
export const asinSeries = (series: string, count: number): string[] => {
  if (!/^[A-Z0-9]{4}$/.test(series)) throw new Error(`"${series}" must be four capital letters or digits`);
  return Array.from({ length: count }, (_, index) => `B0${series}${String(index + 1).padStart(4, "0")}`);
};

/** A CSV catalog of ASINs with made-up SKUs. */
export const csvOf = (asins: readonly string[]): string =>
  ["asin,sku", ...asins.map((asin, index) => `${asin},SKU-${index + 1}`)].join("\n");
