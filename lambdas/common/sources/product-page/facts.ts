import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";

/**
 * The public product page. It is off unless a stage acknowledges that Amazon's Conditions of Use do not allow robots.
 * One request at a time, 20 s apart, at most 1,000 a day.
 */
export const facts: SourceFacts<null> = {
  id: "product-page",
  operations: [{ name: "page", idsPerCall: 1, limitKey: null, cost: () => 1 }],
  marketplaces: MARKETPLACES.map((place) => place.code),
  secretSchema: null,
  defaultLimits: { callsPerSecond: 0.05, callsPerDay: 1000 },
  oneAtATime: true,
  account: () => "public",
};
