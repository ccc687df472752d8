import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import { type KeepaSecret, KeepaSecretSchema } from "../../core/sources/known/keepa/secret.ts";
import { SERIES_OPERATION } from "../../core/sources/operation-names.ts";
import type { SourceFacts, SourceOperation } from "../../core/sources/source-descriptor.ts";
import type { SourceExtras } from "../../core/sources/source-settings.ts";
import { accountId } from "../calling/account-id.ts";

/**
 * Keepa's calls with their tokens. A product costs one, at most one more with its rating (none when Keepa's figure is
 * older than 14 days) and two more with its buy box; a page of a search costs ten whatever it carries. The history of
 * a product costs what the product does without extras.
 */
const operationsWith = ({ rating, buybox }: SourceExtras): readonly SourceOperation[] => {
  const each = 1 + (rating ? 1 : 0) + (buybox ? 2 : 0);
  return [
    { name: "product", idsPerCall: 100, limitKey: null, cost: (ids) => ids * each },
    { name: "search", idsPerCall: 1, limitKey: null, cost: () => 10 },
    { name: SERIES_OPERATION, idsPerCall: 1, limitKey: null, cost: () => 1 },
  ];
};

/**
 * Keepa: 100 ASINs a call for a token each, more with extras; a search page for ten. Its bucket refills every minute,
 * and every answer gives its balance, so no daily limit is assumed.
 * @see https://keepa.com/api-docs/product.html
 */
export const facts: SourceFacts<KeepaSecret> = {
  id: "keepa",
  operations: operationsWith({}),
  configure: (extras) => ({ operations: operationsWith(extras) }),
  marketplaces: MARKETPLACES.filter((place) => place.keepaDomain !== null).map((place) => place.code),
  secretSchema: KeepaSecretSchema,
  defaultLimits: { callsPerSecond: 1, callsPerDay: null },
  account: (secret) => accountId(secret.key),
};
