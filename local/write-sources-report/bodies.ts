import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findMarketplace } from "../../lambdas/common/core/products/marketplaces.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { SourceClient } from "../../lambdas/common/core/sources/source-client.ts";

/** Folder of the recorded upstream bodies, beside the repository. */
export const FIXTURES = join(import.meta.dirname, "../../../shared/fixtures");

/** One recorded body and how its source is made to read it. */
export interface Body {
  readonly source: SourceId;
  readonly file: string;
  readonly marketplace: string;
  readonly operation: Extract<keyof SourceClient, "fetchProducts" | "fetchOffers" | "fetchVariations" | "search">;
  readonly text: string;
}

/** The shop that a body's file name names; the US shop when it names none. */
export const shopOf = (file: string): string => {
  const country = /(?:^|-)(us|uk|de|es|fr|ca|au|jp|it|in|br|nl)(?=[-.])/.exec(file)?.[1] ?? "us";
  // A body from an Australian client that holds an answer of the US shop.
  const place = findMarketplace(file.includes("no-contributor") ? "us" : country);
  return place?.code ?? "www.amazon.com";
};

/** Text of one body; `.gz` files are unpacked. */
export const readFixture = (folder: string, file: string): string => {
  const bytes = readFileSync(join(FIXTURES, folder, file));
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
};

/** Names of a folder's files that fit, sorted. */
export const filesOf = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(FIXTURES, folder))
    .filter((file) => pattern.test(file))
    .sort();

/** The examples of SP-API's models wrap their bodies; this takes them out. */
const unwrap = (text: string): string => {
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null) return text;
  if ("application/json" in json) return JSON.stringify(json["application/json"]);
  const [first]: unknown[] = "static" in json && Array.isArray(json.static) ? json.static : [];
  return typeof first === "object" && first !== null && "response" in first ? JSON.stringify(first.response) : text;
};

const PARTNER_OPERATIONS = {
  getitems: "fetchProducts",
  searchitems: "search",
  getvariations: "fetchVariations",
} as const satisfies Record<string, Body["operation"]>;

const partnerBodies = (source: "creators-api" | "paapi"): Body[] =>
  Object.entries(PARTNER_OPERATIONS).flatMap(([call, operation]) =>
    filesOf(source, new RegExp(`^${call}-.*\\.json$`)).map((file) => ({
      source,
      file,
      marketplace: shopOf(file),
      operation,
      text: readFixture(source, file),
    })),
  );

/** Enrichline asks SP-API for items by search only: the same item is there in a list. */
const asSearch = (item: string): string => `{"numberOfResults":1,"items":[${item}]}`;

const spApiBodies = (): Body[] =>
  filesOf("sp-api", /^(getCatalogItem|searchCatalogItems|getItemOffersBatch)-200/).map((file) => {
    const text = unwrap(readFixture("sp-api", file));
    return {
      source: "sp-api",
      file,
      marketplace: "www.amazon.com",
      operation: file.startsWith("getItemOffersBatch") ? "fetchOffers" : "fetchProducts",
      text: file.startsWith("getCatalogItem") ? asSearch(text) : text,
    };
  });

/** All recorded good answers of the sources that are called by an API. */
export const recordedBodies = (): Body[] => [
  ...partnerBodies("creators-api"),
  ...partnerBodies("paapi"),
  ...spApiBodies(),
  ...filesOf("keepa", /^product-/).map((file) => ({
    source: "keepa" as const,
    file,
    marketplace: shopOf(file),
    operation: "fetchProducts" as const,
    text: readFixture("keepa", file),
  })),
];
