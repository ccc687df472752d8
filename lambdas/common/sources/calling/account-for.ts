import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";

/**
 * Assigns an upstream's answer to the requested ids: every requested id is in `products` or in `failures` exactly once,
 * in the order requested. Other products are dropped. Of two products with one id the first counts. A product comes
 * before an error about the same id. A failure with an empty `asin` (the answer did not name it) goes to all ids
 * without an answer: something went wrong, so they must not count as products that do not exist.
 * @param missing failure of an id about which the answer says nothing
 */
export const accountFor = (
  asked: readonly string[],
  answered: { readonly products: readonly SourceProduct[]; readonly failures: readonly SourceItemFailure[] },
  missing: (asin: string) => SourceItemFailure,
): { readonly products: SourceProduct[]; readonly failures: SourceItemFailure[] } => {
  const products: SourceProduct[] = [];
  const failures: SourceItemFailure[] = [];
  const failureOf = (asin: string): SourceItemFailure | undefined =>
    answered.failures.find((failure) => failure.asin === asin);
  const unnamed = failureOf("");
  for (const asin of new Set(asked)) {
    const product = answered.products.find((candidate) => candidate.asin === asin);
    if (product) products.push(product);
    else failures.push(failureOf(asin) ?? (unnamed ? { ...unnamed, asin } : missing(asin)));
  }
  return { products, failures };
};
