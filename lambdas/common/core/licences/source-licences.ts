import type { SourceId } from "../source-ids.ts";
import type { Licence } from "./licence.ts";

/** Day on which all of these texts were read last; a test fails 120 days later. */
const READ_ON = "2026-11-29";
const DAY_SECONDS = 24 * 3_600;

/** Content of Amazon's APIs for affiliates: a cache of a day, no tracking, and the only prices for a public site. */
const AMAZON_CONTENT: Licence = {
  store_seconds: DAY_SECONDS,
  history: false,
  prices_public: true,
  ratings_public: true,
  stamp: true,
  notices: ["prices", "content", "associate"],
  text_url: "https://affiliate-program.amazon.com/help/operating/policies",
  read_on: READ_ON,
};

/** Data for the owner's own use: kept and compared, but its prices and ratings stay inside. */
const INTERNAL: Omit<Licence, "text_url"> = {
  store_seconds: null,
  history: true,
  prices_public: false,
  ratings_public: false,
  stamp: true,
  notices: [],
  read_on: READ_ON,
};

/**
 * What each source allows, before the acknowledgements of a stage. The reasons and what they rest on are in
 * `docs/licences.md`.
 */
export const SOURCE_LICENCES: Readonly<Record<SourceId, Licence>> = {
  "creators-api": AMAZON_CONTENT,
  paapi: AMAZON_CONTENT,
  "sp-api": { ...INTERNAL, text_url: "https://developer-docs.amazon.com/sp-api/docs/policies-and-agreements" },
  keepa: { ...INTERNAL, text_url: "https://keepa.com/#!termsandconditions" },
  "product-page": {
    ...INTERNAL,
    store_seconds: DAY_SECONDS,
    history: false,
    text_url: "https://www.amazon.com/gp/help/customer/display.html?nodeId=508088",
  },
  "sample-data": {
    ...INTERNAL,
    prices_public: true,
    ratings_public: true,
    stamp: false,
    text_url: null,
  },
};
