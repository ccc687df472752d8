import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";

/** Invented products for trying things out, off unless a stage switches it on: 100 a call, without a daily limit. */
export const facts: SourceFacts<null> = {
  id: "sample-data",
  operations: [{ name: "sample", ids_per_call: 100, limit_key: null, cost: () => 1 }],
  marketplaces: MARKETPLACES.map((place) => place.code),
  secret_schema: null,
  default_limits: { calls_per_second: 100, calls_per_day: null },
  account: () => "local",
};
