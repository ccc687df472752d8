import type { Marketplace } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { type SeededRandom, seededRandom } from "../seeded-random.ts";
import type { SimAvailability, SimAvailabilityType, SimImage, SimProduct } from "./product.ts";
import {
  ADJECTIVES,
  AUTHORS,
  BOOK_SUBJECTS,
  BRANDS,
  COLORS,
  DEPARTMENTS,
  FEATURE_PARTS,
  MATERIALS,
} from "./product-words.ts";
import { availabilityPhrase } from "./shop-language.ts";
import { type Family, familyOf } from "./variation-family.ts";

/** Units of a currency for one US dollar, roughly: enough for prices that look right. */
const PER_DOLLAR: Readonly<Record<string, number>> = {
  USD: 1,
  CAD: 1.4,
  MXN: 18,
  BRL: 5.5,
  GBP: 0.8,
  EUR: 0.95,
  PLN: 4,
  SEK: 10.5,
  TRY: 40,
  AED: 3.67,
  SAR: 3.75,
  EGP: 49,
  INR: 84,
  JPY: 150,
  AUD: 1.5,
  SGD: 1.35,
};

const ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Address forms of one picture from its base name, as the shop's image host has them. */
export const imageFromId = (id: string): SimImage => {
  const at = (tag: string): string => `https://m.media-amazon.com/images/I/${id}${tag}.jpg`;
  return {
    small: { url: at("._SL75_"), edge: 75 },
    medium: { url: at("._SL160_"), edge: 160 },
    large: { url: at("._SL500_"), edge: 500 },
    hiRes: { url: at("._SL1500_"), edge: 1500 },
  };
};

const imageId = (random: SeededRandom): string => {
  let id = String(random.between(31, 91));
  while (id.length < 11) id += ID_LETTERS[random.between(0, ID_LETTERS.length - 1)];
  return id;
};

/** An availability with its message and order quantities. */
export const availabilityOf = (type: SimAvailabilityType, place: Marketplace, message?: string): SimAvailability => ({
  type,
  message: message ?? availabilityPhrase(type, place),
  minOrderQuantity: 1,
  maxOrderQuantity: type === "IN_STOCK_SCARCE" ? 3 : 30,
});

const drawAvailability = (random: SeededRandom): SimAvailabilityType => {
  const draw = random.next();
  if (draw < 0.92) return "IN_STOCK";
  if (draw < 0.96) return "IN_STOCK_SCARCE";
  if (draw < 0.97) return "PREORDER";
  if (draw < 0.98) return "LEADTIME";
  if (draw < 0.985) return "AVAILABLE_DATE";
  if (draw < 0.995) return "OUT_OF_STOCK";
  return "UNAVAILABLE";
};

const withCheckDigit = (digits: string): string => {
  const sum = [...digits].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};

const digitsOf = (random: SeededRandom, length: number): string =>
  Array.from({ length }, () => random.between(0, 9)).join("");

const localPrice = (usdMinor: number, place: Marketplace): number => {
  const minor = usdMinor * (PER_DOLLAR[place.currency] ?? 1);
  return place.currencyDigits === 0 ? Math.round(minor / 100) : Math.round(minor);
};

interface Basics {
  readonly title: string;
  readonly brand: string;
  readonly manufacturer: string;
  readonly path: readonly string[];
  readonly usdMinor: number;
  readonly features: readonly string[];
}

const bookBasics = (random: SeededRandom): Basics => {
  const author = random.pick(AUTHORS);
  const subject = random.pick(BOOK_SUBJECTS);
  return {
    title: `${random.pick(["A Field Guide to", "Letters on", "The Quiet History of", "Notes from"])} ${subject}`,
    brand: author,
    manufacturer: `${random.pick(BRANDS)} Press`,
    path: ["Books", "Subjects", subject],
    usdMinor: random.between(6, 45) * 100 + 99,
    features: [`Written by ${author}`, `${random.between(120, 640)} pages with drawings`],
  };
};

const goodsBasics = (random: SeededRandom, suffix: string): Basics => {
  const department = random.pick(DEPARTMENTS);
  const brand = random.pick(BRANDS);
  const noun = random.pick(department.nouns);
  const material = random.pick(MATERIALS);
  const [low, high] = department.priceMinor;
  return {
    title: `${brand} ${random.pick(ADJECTIVES)} ${noun}, ${material}${suffix}`,
    brand,
    manufacturer: brand,
    path: department.path,
    usdMinor: Math.floor(random.between(low, high) / 100) * 100 + 99,
    features: random
      .shuffle(FEATURE_PARTS)
      .slice(0, 4)
      .map((part) => `${material} ${noun.toLowerCase()}: ${part}`),
  };
};

/** Id of a category, the same wherever its path is the same. */
const categoryId = (path: readonly string[]): string =>
  String(seededRandom("category", ...path).between(100_000, 19_999_999));

/** Categories with ids from names, root first. */
export const categoriesFrom = (names: readonly string[]): SimProduct["categories"] =>
  names.map((name, at) => ({ id: categoryId(names.slice(0, at + 1)), name }));

const colourOf = (family: Family | null, asin: string, random: SeededRandom): string => {
  const place = family ? family.children.indexOf(asin) : -1;
  return place >= 0 ? (COLORS[place % COLORS.length] ?? "Black") : random.pick(COLORS);
};

/**
 * Makes up what a shop knows of an ASIN, always the same for the same ASIN, shop and seed. Members of a variation
 * family share brand and base title and differ in colour; a parent has no offer of its own.
 */
export const madeUpProduct = (asin: string, place: Marketplace, seed: string): SimProduct => {
  const isBook = /^\d{9}[\dX]$/.test(asin);
  const family = familyOf(asin, seed);
  const isParent = family?.parent === asin;
  const random = seededRandom(seed, "product", asin);
  const color = isBook || isParent ? null : colourOf(family, asin, random);
  const shared = seededRandom(seed, "basics", family?.parent ?? asin);
  const basics = isBook ? bookBasics(shared) : goodsBasics(shared, color ? `, ${color}` : "");
  const local = seededRandom(seed, "offer", asin, place.code);
  const priceMinor = localPrice(Math.max(99, basics.usdMinor + local.between(-3, 3) * 100), place);
  const type = drawAvailability(local);
  const saves = local.chance(0.35);
  const ean = withCheckDigit(`40${digitsOf(random, 10)}`);
  const deal = local.chance(0.06);
  const sold = type !== "OUT_OF_STOCK" && type !== "UNAVAILABLE" && !isParent;
  const listPriceMinor = Math.round(priceMinor * (1 + local.between(8, 40) / 100));
  return {
    asin,
    marketplace: place,
    kind: isBook ? "book" : isParent ? "variation-parent" : "goods",
    parentAsin: family && !isParent ? family.parent : null,
    title: basics.title,
    brand: basics.brand,
    manufacturer: basics.manufacturer,
    model: `${basics.brand.slice(0, 2).toUpperCase()}-${random.between(100, 9999)}`,
    color,
    size: isBook || isParent ? null : "One Size",
    description: `${basics.title}. ${basics.features.join(". ")}.`,
    features: basics.features,
    categories: categoriesFrom(basics.path),
    images: Array.from({ length: random.between(2, 5) }, () => imageFromId(imageId(random))),
    priceMinor: sold ? priceMinor : null,
    listPriceMinor: sold && saves && listPriceMinor > priceMinor ? listPriceMinor : null,
    savingBasis: local.pick(["LIST_PRICE", "LIST_PRICE", "WAS_PRICE", "LOWEST_PRICE"]),
    availability: isParent ? null : availabilityOf(type, place),
    rating: Math.round(random.between(28, 50)) / 10,
    reviewCount: Math.floor(10 ** (random.next() * 4.5)),
    salesRank: random.between(1, 900_000),
    unitCount: local.chance(0.1) ? local.between(2, 12) : 1,
    ean,
    upc: withCheckDigit(digitsOf(random, 11)),
    merchant: { id: place.spApiId, name: place.code.replace("www.amazon", "Amazon") },
    deal:
      deal && sold
        ? {
            badge: "Limited time deal",
            accessType: local.pick(["ALL", "ALL", "PRIME_EXCLUSIVE", "PRIME_EARLY_ACCESS"]),
            percentClaimed: local.between(1, 95),
            lightning: local.chance(0.4),
          }
        : null,
    loyaltyPoints: place.currency === "JPY" ? Math.max(1, Math.round(priceMinor / 100)) : null,
    weightGrams: random.between(40, 9000),
    dimensionsMm: { height: random.between(10, 400), length: random.between(60, 700), width: random.between(30, 500) },
    releaseDate: `20${random.between(14, 25)}-${String(random.between(1, 12)).padStart(2, "0")}-${String(random.between(1, 28)).padStart(2, "0")}`,
  };
};
