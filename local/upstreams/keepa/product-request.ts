import { MARKETPLACES, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";

/** A query that Keepa would not run: 400, or 405 for a number out of its range. */
export class BadQuery extends Error {
  readonly status: 400 | 405;

  constructor(status: 400 | 405, message: string) {
    super(message);
    this.name = "BadQuery";
    this.status = status;
  }
}

/** What `/product` was asked. */
export interface ProductRequest {
  readonly place: Marketplace;
  /** ASINs asked; empty when codes were. */
  readonly asins: readonly string[];
  /** UPCs, EANs and ISBN-13s asked; empty when ASINs were. */
  readonly codes: readonly string[];
  /** Most products of one code. */
  readonly codeLimit: number;
  /** Days of the statistics' interval; null: no statistics. */
  readonly statsDays: number | null;
  readonly history: boolean;
  /** Days of history; null: all. */
  readonly days: number | null;
  readonly buybox: boolean;
  readonly rating: boolean;
  /** Offers asked, 20 to 100; null: none. */
  readonly offers: number | null;
  readonly update: number;
  /** Tokens a product. */
  readonly costEach: number;
}

const whole = (params: URLSearchParams, name: string, low: number, high: number): number | null => {
  const text = params.get(name);
  if (text === null || text === "") return null;
  if (!/^-?\d+$/.test(text)) throw new BadQuery(400, `${name} must be a whole number`);
  const value = Number(text);
  if (value < low || value > high) throw new BadQuery(405, `${name} must be from ${low} to ${high}`);
  return value;
};

const flag = (params: URLSearchParams, name: string, otherwise: boolean): boolean => {
  const value = whole(params, name, 0, 1);
  return value === null ? otherwise : value === 1;
};

const listOf = (params: URLSearchParams, name: string): string[] => (params.get(name) ?? "").split(",").filter(Boolean);

/** The shop of a Keepa domain number; a name, 7 or any other number is refused. */
export const placeOf = (params: URLSearchParams): Marketplace => {
  const domain = whole(params, "domain", 1, 12);
  const place = domain === null ? undefined : MARKETPLACES.find((one) => one.keepaDomain === domain);
  if (!place) throw new BadQuery(400, "domain must be one of Keepa's numbers");
  return place;
};

const DAY_MS = 86_400_000;

const statsDaysOf = (text: string | null): number | null => {
  if (text === null || text === "") return null;
  if (/^\d+$/.test(text)) return Math.max(1, Number(text));
  const [from, to, ...more] = text.split(",").map((part) => (/^\d{11,}$/.test(part) ? Number(part) : Date.parse(part)));
  if (more.length > 0 || from === undefined || to === undefined || !(from < to)) {
    throw new BadQuery(400, "stats must be a number of days or from,to");
  }
  return Math.max(1, Math.round((to - from) / DAY_MS));
};

/** Reads and prices a product query. Throws BadQuery. @see https://keepa.com/api-docs/product.html */
export const parseProductRequest = (params: URLSearchParams): ProductRequest => {
  const place = placeOf(params);
  const asins = listOf(params, "asin");
  const codes = listOf(params, "code");
  if (asins.length > 0 && codes.length > 0) throw new BadQuery(400, "asin and code exclude each other");
  if (asins.length === 0 && codes.length === 0) throw new BadQuery(400, "asin or code is missing");
  if (asins.length > 100 || codes.length > 100) throw new BadQuery(405, "at most 100 asins or codes");
  if (!codes.every((code) => /^\d{12,13}$/.test(code))) throw new BadQuery(400, "code must be a UPC, EAN or ISBN-13");
  const offers = whole(params, "offers", 20, 100);
  const buybox = flag(params, "buybox", false);
  const rating = flag(params, "rating", false);
  const update = whole(params, "update", -1, 1_000_000) ?? 1;
  // Offers cost by found pages of ten and replace the basic token; two pages are found for everything here.
  const basic = offers === null ? 1 + (buybox ? 2 : 0) : 12 + (flag(params, "stock", false) ? 2 : 0);
  const extra = (rating ? 1 : 0) + (update === 0 && offers === null ? 1 : 0);
  return {
    place,
    asins,
    codes,
    codeLimit: whole(params, "code-limit", 1, 100_000) ?? Number.POSITIVE_INFINITY,
    statsDays: statsDaysOf(params.get("stats")),
    history: flag(params, "history", true),
    days: whole(params, "days", 1, 100_000),
    buybox: buybox || offers !== null,
    rating,
    offers,
    update,
    costEach: basic + extra + (flag(params, "historical-variations", false) ? 1 : 0),
  };
};
