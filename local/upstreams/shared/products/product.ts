import type { Marketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";

/** The Creators API's words for availability, used by all simulators as the common tongue. */
export type SimAvailabilityType =
  | "IN_STOCK"
  | "IN_STOCK_SCARCE"
  | "PREORDER"
  | "LEADTIME"
  | "AVAILABLE_DATE"
  | "OUT_OF_STOCK"
  | "UNAVAILABLE"
  | "UNKNOWN";

export interface SimAvailability {
  readonly type: SimAvailabilityType;
  /** What the shop's page says, in the shop's language. */
  readonly message: string;
  readonly minOrderQuantity: number;
  readonly maxOrderQuantity: number;
}

/** One picture: an address per size, edge length of the square in pixels. */
export interface SimImage {
  readonly small: { readonly url: string; readonly edge: 75 };
  readonly medium: { readonly url: string; readonly edge: 160 };
  readonly large: { readonly url: string; readonly edge: 500 };
  readonly hiRes: { readonly url: string; readonly edge: 1500 };
}

export interface SimCategory {
  readonly id: string;
  readonly name: string;
}

/** A live deal. */
export interface SimDeal {
  readonly badge: string;
  readonly accessType: "ALL" | "PRIME_EARLY_ACCESS" | "PRIME_EXCLUSIVE";
  readonly percentClaimed: number;
  readonly lightning: boolean;
}

/**
 * What one shop knows of one product. Null means that the shop does not have it. Prices are whole minor units
 * of `marketplace.currency` (cents; for JPY yen).
 */
export interface SimProduct {
  readonly asin: string;
  readonly marketplace: Marketplace;
  readonly kind: "goods" | "book" | "variation-parent";
  readonly parentAsin: string | null;
  readonly title: string | null;
  readonly brand: string | null;
  readonly manufacturer: string | null;
  readonly model: string;
  readonly color: string | null;
  readonly size: string | null;
  readonly description: string;
  readonly features: readonly string[] | null;
  /** Root first; null when unknown. */
  readonly categories: readonly SimCategory[] | null;
  readonly images: readonly SimImage[];
  readonly priceMinor: number | null;
  /** Always above `priceMinor`; null when nothing is saved. */
  readonly listPriceMinor: number | null;
  readonly savingBasis: "LIST_PRICE" | "WAS_PRICE" | "LOWEST_PRICE";
  readonly availability: SimAvailability | null;
  readonly rating: number | null;
  readonly reviewCount: number | null;
  readonly salesRank: number;
  /** Pieces in the box; above one the offer also gives a price per piece. */
  readonly unitCount: number;
  readonly ean: string;
  readonly upc: string;
  readonly merchant: { readonly id: string; readonly name: string };
  readonly deal: SimDeal | null;
  /** Japan only. */
  readonly loyaltyPoints: number | null;
  readonly weightGrams: number;
  readonly dimensionsMm: { readonly height: number; readonly length: number; readonly width: number };
  /** Date of release, `YYYY-MM-DD`. */
  readonly releaseDate: string;
}
