import { isOnSale } from "../products/assembly/product-assembly.ts";
import { openNeeds } from "../products/critical-fields.ts";
import { PRODUCT_FIELDS, type Product, type ProductField, type ProductStatus } from "../products/product.ts";
import { isPublic } from "./field-rights.ts";
import { leaveOut } from "./leave-out.ts";
import type { LicenceBook } from "./licence-book.ts";
import { statusOfRest } from "./revocations/without-revoked.ts";
import { EXPIRED } from "./without-ended.ts";

/** Reason of a field in `missing` that is left out because it may not stand on a public site. */
export const INTERNAL = "internal";

/** The state as what may be shown gives it, for a state says of a product whether it is sold. */
const publicStatus = (before: Product, shown: Product, internal: readonly ProductField[]): ProductStatus => {
  const status = statusOfRest(before, shown, internal);
  const hasEnded = before.missing.some(({ field, reason }) => field === "availability_type" && reason === EXPIRED);
  // Nobody knows any more whose word it was that ended.
  if (status !== "unavailable" || !hasEnded) return status;
  return openNeeds(shown).length === 0 ? "active" : "draft";
};

/**
 * The product without the fields that may not stand on a public site, and without what they say through others: the state is
 * that of the rest. `last_available_at` stays only where what is shown says that the product is on sale, because nobody
 * knows who had said it before.
 */
export const publicOnly = (product: Product, licences: LicenceBook): Product => {
  const internal = PRODUCT_FIELDS.filter((field) => {
    const origin = product.provenance[field];
    return origin !== undefined && !isPublic(field, origin, licences);
  });
  const shown = leaveOut(product, internal, INTERNAL);
  return {
    ...shown,
    status: publicStatus(product, shown, internal),
    last_available_at: isOnSale(shown) ? product.last_available_at : null,
  };
};
