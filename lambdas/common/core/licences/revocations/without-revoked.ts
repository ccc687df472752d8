import { criticalFieldsIn, openNeeds } from "../../products/critical-fields.ts";
import { mergedFieldsOf } from "../../products/merge.ts";
import { PRODUCT_FIELDS, type Product, type ProductField, type ProductStatus } from "../../products/product.ts";
import { isRatingLeftOut, qualityOf, SOURCE_ACCURACY } from "../../products/quality/quality.ts";
import type { SourceId } from "../../source-ids.ts";
import { leaveOut } from "../leave-out.ts";

/** Reason of a field in `missing` whose source was revoked. */
export const REVOKED = "revoked";

/** Sources whose content may neither be kept nor given out, because somebody revoked them. */
export type RevokedSources = ReadonlySet<SourceId>;

/** Fields of a product that a revoked source gave; ASINs too, since all of the source goes. */
export const revokedFields = ({ provenance }: Pick<Product, "provenance">, revoked: RevokedSources): ProductField[] =>
  PRODUCT_FIELDS.filter((field) => {
    const origin = provenance[field];
    return origin !== undefined && revoked.has(origin.source);
  });

/** Fields that decided on the state of a product. */
const decisive = (product: Product): ProductField[] => [...criticalFieldsIn(product), "availability_type"];

/** The state that the rest of the product gives it, as if nobody had given the fields that are gone. */
const statusWithout = (before: Product, left: Product): ProductStatus => {
  // All sources said that it does not exist, which is no word of one of them.
  if (before.status === "unavailable" && before.availability_type !== "unavailable") return "unavailable";
  if (left.availability_type === "unavailable") return "unavailable";
  return openNeeds(left).length === 0 ? "active" : "draft";
};

/**
 * The state of a product that lost fields. It is another one only where these had a say in it: what else is missing may have
 * ended, which changes no state.
 */
export const statusOfRest = (before: Product, left: Product, gone: readonly ProductField[]): ProductStatus =>
  decisive(before).some((field) => gone.includes(field)) ? statusWithout(before, left) : before.status;

/**
 * A product as it may be kept and given out while these sources are revoked: what they gave is null, and `missing` says
 * `revoked`. State and score are those of what is left. What is ours stays: identity and times.
 */
export const withoutRevoked = (product: Product, revoked: RevokedSources, nowMs: number): Product => {
  const gone = revokedFields(product, revoked);
  if (gone.length === 0) return product;
  const kept = leaveOut(product, gone, REVOKED);
  const merged = mergedFieldsOf(kept);
  const origins = Object.values(merged.provenance);
  const [oldest = product.last_refresh_at] = origins.map(({ fetched_at }) => fetched_at).sort();
  return {
    ...kept,
    status: statusOfRest(product, kept, gone),
    quality: qualityOf(merged, { nowMs, ratingPossible: !isRatingLeftOut(product.quality) }),
    simulated: origins.some(({ source }) => SOURCE_ACCURACY[source] === 0),
    last_refresh_at: oldest,
  };
};
