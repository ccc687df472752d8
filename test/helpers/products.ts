import { type LicensedProduct, licensedProduct } from "../../lambdas/common/core/licences/licensed-product.ts";
import { isGiven } from "../../lambdas/common/core/products/critical-fields.ts";
import { PRODUCT_FIELDS, type Product } from "../../lambdas/common/core/products/product.ts";
import { LICENCES } from "./rights.ts";
import { NOON } from "./rows.ts";

const now = new Date(NOON).toISOString();

/** Every given field comes from the Creators API, at `last_refresh_at`. */
const provenanceOf = (product: Product): Product["provenance"] =>
  Object.fromEntries(
    PRODUCT_FIELDS.filter((field) => isGiven(product[field])).map((field) => [
      field,
      { source: "creators-api" as const, fetched_at: product.last_refresh_at },
    ]),
  );

/** A complete, fresh product; override what the test is about. */
export const aProduct = (overrides: Partial<Product> = {}): Product => {
  const product = aProductWithoutOrigins(overrides);
  return { ...product, provenance: overrides.provenance ?? provenanceOf(product) };
};

const aProductWithoutOrigins = (overrides: Partial<Product>): Product => ({
  product_id: "www.amazon.com#B000000001",
  asin: "B000000001",
  marketplace: "www.amazon.com",
  parent_asin: null,
  status: "active",
  title: "Desk lamp",
  description: null,
  brand: "Lumo",
  manufacturer: null,
  features: null,
  specifications: null,
  categories: null,
  image_url: "https://images.example/lamp.jpg",
  images: null,
  detail_page_url: "https://www.amazon.com/dp/B000000001?tag=x-20",
  current_price: "19.90",
  original_price: null,
  savings_amount: null,
  savings_percentage: null,
  currency: "USD",
  condition: "New",
  availability_type: "in_stock",
  availability_message: "In Stock",
  star_rating: 4.5,
  customer_review_count: 12,
  variants: null,
  missing: [],
  provenance: {},
  quality: { overall: 0.97, completeness: 1, accuracy: 0.95, freshness: 1, reasons: [] },
  stale: false,
  simulated: false,
  last_refresh_at: now,
  last_available_at: now,
  created_at: now,
  updated_at: now,
  expired_at: null,
  ...overrides,
});

/** The same as it is given out. */
export const aLicensedProduct = (overrides: Partial<Product> = {}): LicensedProduct =>
  licensedProduct(aProduct(overrides), LICENCES);
