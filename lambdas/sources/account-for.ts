import type { SourceItemFailure, SourceProduct } from "../core/sources/source-client.ts";

/**
 * Sorts what an upstream answered by what was asked: every asked id is in `products` or in `failures` exactly once,
 * in the order asked. Products that were not asked for are dropped; of two with one id the first counts; a product
 * beats an error about the same id. A failure whose `asin` is empty (the answer did not name it) is given to the ids
 * left over: something is known to have gone wrong, so nobody may take them for products that do not exist.
 * @param missing failure of an id about which the upstream said nothing
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
