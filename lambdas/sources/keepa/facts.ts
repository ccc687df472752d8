import { MARKETPLACES } from "../../core/marketplaces.ts";
import type { SourceFacts } from "../../core/source.ts";
import { type KeepaSecret, KeepaSecretSchema } from "../../core/source-secrets/keepa.ts";
import { accountId } from "../account-id.ts";

/**
 * Keepa: 100 ASINs a call for a token each, a search page for ten. Its bucket is counted in tokens and refills by the
 * minute; what is left comes with every answer, so there is no daily limit to assume.
 * @see https://keepa.com/api-docs/product.html
 */
export const facts: SourceFacts<KeepaSecret> = {
  id: "keepa",
  operations: [
    { name: "product", ids_per_call: 100, limit_key: null, cost: (ids) => ids },
    { name: "search", ids_per_call: 1, limit_key: null, cost: () => 10 },
  ],
  marketplaces: MARKETPLACES.filter((place) => place.keepa_domain !== null).map((place) => place.code),
  secret_schema: KeepaSecretSchema,
  default_limits: { calls_per_second: 1, calls_per_day: null },
  account: (secret) => accountId(secret.key),
};
