import type { Marketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { seededRandom } from "../seeded-random.ts";
import { availabilityOf, categoriesFrom, imageFromId, madeUpProduct } from "./made-up-product.ts";
import type { SimAvailabilityType, SimImage, SimProduct } from "./product.ts";
import type { ProductRow, ProductRows } from "./product-file.ts";
import { type Family, familyOf } from "./variation-family.ts";

/** Where simulators get their products from. */
export interface ProductSource {
  /** What the shop knows of a well-formed ASIN. */
  get(asin: string, place: Marketplace): SimProduct;
  /** ASINs that match the words, best first: those of the file, else made-up ones. */
  search(words: string, place: Marketplace): string[];
  familyOf(asin: string): Family | null;
}

const IMAGE_ID = /\/images\/I\/([A-Za-z0-9+%-]+)\./;

/** A picture whose big sizes are the file's own address, to the letter, so that a caller can compare. */
const imageFromUrl = (url: string): SimImage => {
  const id = IMAGE_ID.exec(url)?.[1];
  const sizes = id === undefined ? undefined : imageFromId(id);
  return {
    small: { url: sizes?.small.url ?? url, edge: 75 },
    medium: { url: sizes?.medium.url ?? url, edge: 160 },
    large: { url, edge: 500 },
    hiRes: { url, edge: 1500 },
  };
};

const typeOfText = (text: string): SimAvailabilityType => {
  if (/unavailable|nicht verfügbar|indisponible|non disponibile|no disponible/i.test(text)) return "UNAVAILABLE";
  if (/out of stock|nicht auf lager|rupture/i.test(text)) return "OUT_OF_STOCK";
  if (/only \d+ left|nur noch \d+|plus que \d+/i.test(text)) return "IN_STOCK_SCARCE";
  if (/in stock|auf lager|en stock/i.test(text)) return "IN_STOCK";
  if (/ship|versandfertig/i.test(text)) return "LEADTIME";
  return "UNKNOWN";
};

const UNSOLD: readonly SimAvailabilityType[] = ["OUT_OF_STOCK", "UNAVAILABLE"];

/** Lays a file's row over the made-up product. What the row lacks stays made up, or null with `keepNulls`. */
const fromRow = (row: ProductRow, made: SimProduct, keepNulls: boolean): SimProduct => {
  const place = made.marketplace;
  const filled = <Value>(value: Value | null | undefined, otherwise: Value | null): Value | null =>
    value ?? (keepNulls ? null : otherwise);
  const priceIsLocal = row.price != null && (row.currency == null || row.currency === place.currency);
  const filePrice = priceIsLocal ? Math.round((row.price ?? 0) * 10 ** place.currencyDigits) : null;
  const availability = filled(
    row.availability ? availabilityOf(typeOfText(row.availability), place, row.availability) : null,
    // A price in the file means that the thing was on sale.
    filePrice !== null && made.priceMinor === null ? availabilityOf("IN_STOCK", place) : made.availability,
  );
  const unsold = availability !== null && UNSOLD.includes(availability.type);
  const priceMinor = unsold && filePrice === null ? null : filled(filePrice, made.priceMinor ?? 1999);
  const madeSaving = made.listPriceMinor !== null && made.priceMinor ? made.listPriceMinor / made.priceMinor : null;
  const image = row.image_url ? imageFromUrl(row.image_url) : null;
  const others = keepNulls ? [] : made.images.slice(1);
  return {
    ...made,
    kind: made.kind === "book" ? "book" : "goods",
    title: filled(row.title, made.title),
    brand: filled(row.brand, made.brand),
    manufacturer: filled(row.brand, made.manufacturer),
    priceMinor,
    listPriceMinor:
      keepNulls || priceMinor === null || madeSaving === null ? null : Math.round(priceMinor * madeSaving),
    availability,
    deal: keepNulls || priceMinor === null ? null : made.deal,
    images: image ? [image, ...others] : keepNulls ? [] : made.images,
    categories: filled(row.categories ? categoriesFrom(row.categories) : null, made.categories),
    rating: filled(row.rating, made.rating),
    reviewCount: filled(row.review_count, made.reviewCount),
    features: filled(row.features, made.features),
  };
};

/** How many made-up products are searched for one whose title has the words. */
const CANDIDATES = 200;

const madeUpAsin = (seed: string, words: string, at: number): string => {
  const random = seededRandom(seed, "search", words, at);
  const letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXY";
  return `B0${Array.from({ length: 8 }, () => letters[random.between(0, letters.length - 1)]).join("")}`;
};

/** Options of `createProductSource`. */
export interface ProductSourceOptions {
  /** Rows to serve; none: everything is made up. */
  readonly rows?: ProductRows;
  /** Leave what a row lacks empty. @default false */
  readonly keepNulls?: boolean;
  /** @default "enrichline" */
  readonly seed?: string;
}

/** Makes a source of products, the same for the same rows and seed. An ASIN outside the rows is made up. */
export const createProductSource = (options: ProductSourceOptions = {}): ProductSource => {
  const { rows = new Map<string, ReadonlyMap<string, ProductRow>>(), keepNulls = false, seed = "enrichline" } = options;
  /** Made-up hits by words: looking them up takes long enough to blur the arrival times of other calls. */
  const searched = new Map<string, readonly string[]>();
  const rowFor = (asin: string, place: Marketplace): ProductRow | undefined => {
    const byShop = rows.get(asin);
    return byShop?.get(place.code) ?? byShop?.get("") ?? byShop?.values().next().value;
  };
  return {
    get: (asin, place) => {
      const row = rowFor(asin, place);
      const made = madeUpProduct(asin, place, seed);
      return row ? fromRow(row, made, keepNulls) : made;
    },
    search: (words, place) => {
      const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
      const found: string[] = [];
      for (const asin of rows.keys()) {
        const title = rowFor(asin, place)?.title?.toLowerCase() ?? "";
        if (wanted.length > 0 && wanted.every((word) => title.includes(word))) found.push(asin);
        if (found.length === 100) return found;
      }
      if (found.length > 0) return found;
      const known = searched.get(words);
      if (known) return [...known];
      const candidates = Array.from({ length: CANDIDATES }, (_, at) => madeUpAsin(seed, words, at));
      const hits = (asin: string): number => {
        const title = madeUpProduct(asin, place, seed).title?.toLowerCase() ?? "";
        return wanted.filter((word) => title.includes(word)).length;
      };
      const count = seededRandom(seed, "search-count", words).between(12, 60);
      const ranked = candidates
        .map((asin) => ({ asin, hits: hits(asin) }))
        .toSorted((left, right) => right.hits - left.hits);
      const best = ranked.slice(0, count).map(({ asin }) => asin);
      searched.set(words, best);
      return [...best];
    },
    familyOf: (asin) => familyOf(asin, seed),
  };
};
