import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import { type SpApiSecret, SpApiSecretSchema } from "../../core/sources/known/sp-api/secret.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";
import { accountId } from "../calling/account-id.ts";

/**
 * SP-API: catalog data 20 ids a call at 2 calls/s, prices 20 ids a call at 0.1 calls/s, each under its own limit.
 * @see https://developer-docs.amazon.com/sp-api/docs/catalog-items-api-rate-limits
 */
export const facts: SourceFacts<SpApiSecret> = {
  id: "sp-api",
  operations: [
    { name: "catalog-items", idsPerCall: 20, limitKey: null, cost: () => 1 },
    { name: "item-offers", idsPerCall: 20, limitKey: "item-offers", callsPerSecond: 0.1, cost: () => 1 },
    { name: "search", idsPerCall: 1, limitKey: null, cost: () => 1 },
  ],
  marketplaces: MARKETPLACES.map((place) => place.code),
  shops: ({ region }) =>
    MARKETPLACES.filter((place) => place.group.toLowerCase() === region).map((place) => place.code),
  secretSchema: SpApiSecretSchema,
  defaultLimits: { callsPerSecond: 2, callsPerDay: null },
  account: (secret) => accountId(secret.client_id, secret.refresh_token),
};
