import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import { type PaapiSecret, PaapiSecretSchema } from "../../core/sources/known/paapi/secret.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";
import { accountId } from "../calling/account-id.ts";

/**
 * PA-API 5.0, retired by Amazon on 2026-05-15 and off unless a stage switches it on: 10 ids a call; a new account has
 * 1 call/s and 8,640 calls a day.
 * @see https://webservices.amazon.com/paapi5/documentation/troubleshooting/api-rates.html
 */
export const facts: SourceFacts<PaapiSecret> = {
  id: "paapi",
  operations: [
    { name: "get-items", idsPerCall: 10, limitKey: null, cost: () => 1 },
    { name: "search-items", idsPerCall: 1, limitKey: null, cost: () => 1 },
    { name: "get-variations", idsPerCall: 1, limitKey: null, cost: () => 1 },
  ],
  marketplaces: MARKETPLACES.map((place) => place.code),
  shops: ({ partner_tags }) => MARKETPLACES.map((place) => place.code).filter((code) => partner_tags[code]),
  secretSchema: PaapiSecretSchema,
  defaultLimits: { callsPerSecond: 1, callsPerDay: 8640 },
  account: (secret) => accountId(secret.access_key),
};
