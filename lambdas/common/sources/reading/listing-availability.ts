import type { Availability } from "../../core/products/product.ts";

/**
 * Amazon's availability types of an offer, in both generations, and what they mean here. LEADTIME is documented as
 * "only after some lead time": nothing is in stock, orders are accepted for later dispatch, which is a backorder.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/api-reference/resources/offersV2
 * @see https://webservices.amazon.com/paapi5/documentation/use-cases/using-offer-information/determining-availability.html
 */
const TYPES: Readonly<Record<string, Availability>> = {
  // OffersV2, of PA-API and the Creators API.
  IN_STOCK: "in_stock",
  IN_STOCK_SCARCE: "low_stock",
  PREORDER: "preorder",
  LEADTIME: "backorder",
  AVAILABLE_DATE: "backorder",
  OUT_OF_STOCK: "out_of_stock",
  UNAVAILABLE: "unavailable",
  // OffersV1, of PA-API alone.
  Now: "in_stock",
  Backorderable: "backorder",
  Preorderable: "preorder",
};

/** What one of Amazon's availability types means; undefined for `UNKNOWN` and for a type that is newer than this list. */
export const availabilityFromType = (type: string): Availability | undefined =>
  Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
