import type { CheerioAPI } from "cheerio/slim";
import * as z from "zod";
import { amountFromMajor, roundDecimal } from "../../../core/money/money.ts";
import { parseJson } from "../../../core/parse-json.ts";
import type { Marketplace } from "../../../core/products/marketplaces.ts";
import type { Availability, ProductFields } from "../../../core/products/product.ts";

const text = z.string().nullish();
const numeric = z.union([z.number(), z.string()]).nullish();
const OfferSchema = z.looseObject({ price: numeric, priceCurrency: text, availability: text });
const ProductSchema = z.looseObject({
  "@type": z.union([z.string(), z.array(z.string())]),
  name: text,
  description: text,
  image: z.union([z.string(), z.array(z.string())]).nullish(),
  brand: z.union([z.string(), z.looseObject({ name: text })]).nullish(),
  offers: z.union([OfferSchema, z.array(OfferSchema)]).nullish(),
  aggregateRating: z.looseObject({ ratingValue: numeric, reviewCount: numeric, ratingCount: numeric }).nullish(),
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

const nodes = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value.flatMap(nodes);
  if (typeof value === "object" && value !== null && "@graph" in value) return [value, ...nodes(value["@graph"])];
  return [value];
};

/**
 * Reads the schema.org product of a page, where it has one. None of the known pages has one, so it only fills fields
 * that the page itself lacks.
 */
export const readJsonLd = ($: CheerioAPI, place: Marketplace): Partial<ProductFields> => {
  const product = [...$('script[type="application/ld+json"]')]
    .flatMap((node) => nodes(parseJson($(node).text())))
    .flatMap((node) => ProductSchema.safeParse(node).data ?? [])
    .find((node) => [node["@type"]].flat().includes("Product"));
  if (!product) return {};
  const offer = [product.offers ?? []].flat()[0];
  const own = offer?.priceCurrency === place.currency;
  const price =
    typeof offer?.price === "number"
      ? amountFromMajor(offer.price, place.currencyDigits)
      : roundDecimal(offer?.price ?? "", place.currencyDigits);
  const rating = Number(product.aggregateRating?.ratingValue ?? Number.NaN);
  const reviews = Number(product.aggregateRating?.reviewCount ?? product.aggregateRating?.ratingCount ?? Number.NaN);
  const image = [product.image ?? []].flat()[0];
  const brand = typeof product.brand === "string" ? product.brand : product.brand?.name;
  const priced = own && price !== undefined && !/^[0.]+$/.test(price);
  return {
    title: product.name || null,
    description: product.description || null,
    brand: brand || null,
    image_url: image && /^https?:\/\//.test(image) ? image : null,
    current_price: priced ? price : null,
    currency: priced ? place.currency : null,
    availability_type: AVAILABILITY[offer?.availability?.split("/").at(-1) ?? ""] ?? null,
    star_rating: rating >= 0 && rating <= 5 ? rating : null,
    customer_review_count: Number.isInteger(reviews) && reviews >= 0 ? reviews : null,
  };
};
