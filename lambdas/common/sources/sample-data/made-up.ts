import { createHash } from "node:crypto";
import { amountFromMinor } from "../../core/money/money.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import { finishFields } from "../reading/finish-fields.ts";

const CATEGORIES = ["Books", "Electronics", "Home & Kitchen", "Toys & Games", "Sports & Outdoors"] as const;

/** Uniform integer from 0 to `below` - 1 for one aspect of one product; the same every time. */
const pick = (key: string, aspect: string, below: number): number =>
  createHash("sha256").update(`${key}#${aspect}`).digest().readUInt32BE(0) % below;

/**
 * Invents a product from its ASIN and shop: always the same fields, marked as invented wherever a person reads them.
 */
export const madeUpFields = (asin: string, place: Marketplace): Partial<ProductFields> => {
  const key = `${place.code}#${asin}`;
  const digits = place.currencyDigits;
  const minor = (digits === 0 ? 500 : 499) + pick(key, "price", digits === 0 ? 20_000 : 19_500);
  const current = amountFromMinor(minor, digits) ?? null;
  const original = amountFromMinor(minor + Math.floor((minor * pick(key, "saving", 40)) / 100), digits) ?? null;
  const category = CATEGORIES[pick(key, "category", CATEGORIES.length)] ?? CATEGORIES[0];
  const imageUrl = `https://images.example.com/sample/${asin}.png`;
  return finishFields({
    title: `Sample product ${asin} (simulated)`,
    description: "Simulated data for trying things out; not a real product.",
    brand: "Sample Brand (simulated)",
    features: ["Simulated feature"],
    categories: [category],
    image_url: imageUrl,
    images: [{ url: imageUrl, width: 500, height: 500 }],
    detail_page_url: `https://${place.code}/dp/${asin}`,
    current_price: current,
    original_price: original,
    savings_amount: null,
    savings_percentage: null,
    currency: place.currency,
    condition: "New",
    availability_type: "in_stock",
    availability_message: "Simulated",
    star_rating: (10 + pick(key, "stars", 41)) / 10,
    customer_review_count: pick(key, "reviews", 5000),
  });
};
