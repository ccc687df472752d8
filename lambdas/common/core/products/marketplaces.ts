import * as z from "zod";
import { currencyDigits } from "../money/currency-digits.ts";
import { quoted } from "../text/quoted.ts";

/** The three regional groups in which Amazon issues API credentials. */
export type RegionGroup = "NA" | "EU" | "FE";

/** One Amazon shop and the facts every upstream needs about it. */
export interface Marketplace {
  /** Host name of the shop, which is also its id everywhere in Enrichline, such as `www.amazon.de`. */
  readonly code: string;
  /** Two-letter country, `US`, `UK`, `DE`, …: the short form users may type. */
  readonly country: string;
  /** The name a person would use. */
  readonly regionName: string;
  /** ISO 4217 code of the shop's own currency. */
  readonly currency: string;
  /** Digits after the decimal point in that currency: 0 for JPY, else 2. */
  readonly currencyDigits: number;
  readonly group: RegionGroup;
  /** Host of the PA-API endpoint. */
  readonly paapiHost: string;
  /** SigV4 region of the PA-API endpoint. */
  readonly paapiRegion: string;
  /** SP-API marketplace id. */
  readonly spApiId: string;
  /** Keepa domain number, or null where Keepa does not serve the shop. */
  readonly keepaDomain: number | null;
}

/** Shop of rows that name none, when the upload names none either. */
export const DEFAULT_MARKETPLACE = "www.amazon.com";

const shop = (
  domain: string,
  country: string,
  regionName: string,
  currency: string,
  group: RegionGroup,
  spApiId: string,
  keepaDomain: number | null = null,
): Marketplace => ({
  code: `www.amazon.${domain}`,
  country,
  regionName,
  currency,
  currencyDigits: currencyDigits(currency),
  group,
  paapiHost: `webservices.amazon.${domain}`,
  paapiRegion: { NA: "us-east-1", EU: "eu-west-1", FE: "us-west-2" }[group],
  spApiId,
  keepaDomain,
});

/**
 * The 22 shops that the Creators API serves.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/concepts/common-request-headers-and-parameters
 */
export const MARKETPLACES: readonly Marketplace[] = [
  shop("com", "US", "United States", "USD", "NA", "ATVPDKIKX0DER", 1),
  shop("ca", "CA", "Canada", "CAD", "NA", "A2EUQ1WTGCTBG2", 6),
  shop("com.mx", "MX", "Mexico", "MXN", "NA", "A1AM78C64UM0Y8", 11),
  shop("com.br", "BR", "Brazil", "BRL", "NA", "A2Q3Y263D00KWC", 12),
  shop("co.uk", "UK", "United Kingdom", "GBP", "EU", "A1F83G8C2ARO7P", 2),
  shop("de", "DE", "Germany", "EUR", "EU", "A1PA6795UKMFR9", 3),
  shop("fr", "FR", "France", "EUR", "EU", "A13V1IB3VIYZZH", 4),
  shop("it", "IT", "Italy", "EUR", "EU", "APJ6JRA9NG5V4", 8),
  shop("es", "ES", "Spain", "EUR", "EU", "A1RKKUPIHCS9HS", 9),
  shop("nl", "NL", "Netherlands", "EUR", "EU", "A1805IZSGTT6HS"),
  shop("com.be", "BE", "Belgium", "EUR", "EU", "AMEN7PMS3EDWL"),
  shop("ie", "IE", "Ireland", "EUR", "EU", "A28R8C7NBKEWEA"),
  shop("pl", "PL", "Poland", "PLN", "EU", "A1C3SOZRARQ6R3"),
  shop("se", "SE", "Sweden", "SEK", "EU", "A2NODRKZP88ZB9"),
  shop("com.tr", "TR", "Turkey", "TRY", "EU", "A33AVAJ2PDY3EV"),
  shop("ae", "AE", "United Arab Emirates", "AED", "EU", "A2VIGQ35RCS4UG"),
  shop("sa", "SA", "Saudi Arabia", "SAR", "EU", "A17E79C6D8DWNP"),
  shop("eg", "EG", "Egypt", "EGP", "EU", "ARBP9OOSHTCHU"),
  shop("in", "IN", "India", "INR", "EU", "A21TJRUUN4KGV", 10),
  shop("co.jp", "JP", "Japan", "JPY", "FE", "A1VC38T7YXB528", 5),
  shop("com.au", "AU", "Australia", "AUD", "FE", "A39IBJ37TRP1C6"),
  shop("sg", "SG", "Singapore", "SGD", "FE", "A19VAU5U5O7RUS"),
];

const byName = new Map<string, Marketplace>();
for (const place of MARKETPLACES) {
  const domain = place.code.slice("www.".length);
  for (const name of [place.code, domain, domain.slice("amazon.".length), place.country]) {
    byName.set(name.toLowerCase(), place);
  }
}
byName.set("gb", byName.get("uk") as Marketplace);

/**
 * Finds a shop by its host name (with or without `www.`), its domain ending (`co.uk`) or its country code,
 * in any letter case. Undefined for anything else. `com` is the US shop; a bare `de` is Germany.
 */
export const findMarketplace = (name: string): Marketplace | undefined => byName.get(name.trim().toLowerCase());

/** A shop named in any of the forms of `findMarketplace`; parses to its code, such as `www.amazon.co.uk`. */
export const MarketplaceSchema = z.string().transform((value, context) => {
  const place = findMarketplace(value);
  if (!place) {
    context.addIssue({
      code: "custom",
      message: `unknown marketplace ${quoted(value)}: use one such as www.amazon.com, amazon.de or UK`,
    });
    return z.NEVER;
  }
  return place.code;
});
