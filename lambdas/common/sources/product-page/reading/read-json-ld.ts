import type { CheerioAPI } from "cheerio/slim";
import * as z from "zod";
import { priceOf } from "../../../core/money/price.ts";
import { parseJson } from "../../../core/parse-json.ts";
import type { Marketplace } from "../../../core/products/marketplaces.ts";
import type { Availability, ProductFields } from "../../../core/products/product.ts";
import { finishFields } from "../../reading/finish-fields.ts";
import { amount, number, part, text } from "../../reading/lenient-leaves.ts";

const OfferSchema = z.looseObject({ price: amount, priceCurrency: text, availability: text });
const NamedSchema = z.looseObject({ name: text });
const TypedSchema = z.looseObject({ "@type": z.unknown().optional() });
const ProductSchema = z.looseObject({
  name: text,
  description: text,
  image: z.unknown().optional(),
  brand: z.unknown().optional(),
  offers: z.unknown().optional(),
  aggregateRating: part({ ratingValue: number, reviewCount: number, ratingCount: number }),
});

const AVAILABILITY: Readonly<Record<string, Availability>> = {
  InStock: "in_stock",
  OnlineOnly: "in_stock",
  LimitedAvailability: "low_stock",
  PreOrder: "preorder",
  PreSale: "preorder",
  BackOrder: "backorder",
  OutOfStock: "out_of_stock",
  SoldOut: "out_of_stock",
  Discontinued: "unavailable",
};

/** Most entries of a page's structured data that are looked at, and how deep lists and graphs of them may nest. */
const MAX_NODES = 200;
const MAX_DEPTH = 4;

const nodes = (value: unknown, depth = 0): unknown[] => {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return value.slice(0, MAX_NODES).flatMap((entry) => nodes(entry, depth + 1));
  if (typeof value !== "object" || value === null) return [];
  return "@graph" in value ? [value, ...nodes(value["@graph"], depth + 1)] : [value];
};

/** The first of one value or several. */
const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

/**
 * Reads the schema.org product of a page, where it has one. None of the known pages has one, so it only fills fields
 * that the page itself lacks.
 */
export const readJsonLd = ($: CheerioAPI, place: Marketplace): Partial<ProductFields> => {
  const product = ProductSchema.safeParse(
    [...$('script[type="application/ld+json"]')]
      .flatMap((node) => nodes(parseJson($(node).text())))
      .find((node) => [TypedSchema.safeParse(node).data?.["@type"]].flat().includes("Product")),
  ).data;
  if (!product) return {};
  const offer = OfferSchema.safeParse(firstOf(product.offers)).data;
  const own = offer?.priceCurrency === place.currency;
  const image = firstOf(product.image);
  const brand = firstOf(product.brand);
  return finishFields({
    title: product.name ?? null,
    description: product.description ?? null,
    brand: (typeof brand === "string" ? brand : NamedSchema.safeParse(brand).data?.name) ?? null,
    image_url: typeof image === "string" ? image : null,
    current_price: own ? priceOf(offer.price, place.currency) : null,
    currency: own ? place.currency : null,
    availability_type: AVAILABILITY[offer?.availability?.split("/").at(-1) ?? ""] ?? null,
    star_rating: product.aggregateRating?.ratingValue ?? null,
    customer_review_count: product.aggregateRating?.reviewCount ?? product.aggregateRating?.ratingCount ?? null,
  });
};
