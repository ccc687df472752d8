import type { LicensedProduct } from "../../common/core/licences/licensed-product.ts";
import type { ProductField, ProductStatus } from "../../common/core/products/product.ts";
import type { SourceId } from "../../common/core/source-ids.ts";

/** What a list of products is narrowed by; absent parts narrow nothing. */
export interface ProductFilter {
  readonly status?: ProductStatus | undefined;
  readonly missing?: ProductField | undefined;
  readonly min_quality?: number | undefined;
  readonly q?: string | undefined;
  readonly source?: SourceId | undefined;
}

/** Letters as people compare them: without case, accents and differences of writing. */
const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Whether every word of `query` is in the title, brand, manufacturer or ASIN. */
const isAbout = (product: LicensedProduct, query: string): boolean => {
  const text = folded([product.title, product.brand, product.manufacturer, product.asin].join(" "));
  return folded(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
};

/** Whether nothing is given in a field. */
const lacks = (product: LicensedProduct, field: ProductField): boolean =>
  product[field] === null || product.missing.some((one) => one.field === field);

/** Whether a product, as it is given out, is one of those asked for. */
export const passesFilter = (product: LicensedProduct, filter: ProductFilter): boolean => {
  const { status, missing, min_quality, q, source } = filter;
  return (
    (status === undefined || product.status === status) &&
    (missing === undefined || lacks(product, missing)) &&
    (min_quality === undefined || product.quality.overall >= min_quality) &&
    (source === undefined || Object.values(product.provenance).some((origin) => origin?.source === source)) &&
    (q === undefined || isAbout(product, q))
  );
};
