import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";

/**
 * The public product page, off unless a stage switches it on and says so knowingly: Amazon's Conditions of Use do not
 * allow robots. One request at a time, 20 s apart, at most 1,000 a day.
 */
export const facts: SourceFacts<null> = {
  id: "product-page",
  operations: [{ name: "page", ids_per_call: 1, limit_key: null, cost: () => 1 }],
  marketplaces: MARKETPLACES.map((place) => place.code),
  secret_schema: null,
  default_limits: { calls_per_second: 0.05, calls_per_day: 1000 },
  one_at_a_time: true,
  account: () => "public",
};
