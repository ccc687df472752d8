import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";

/** Invented products for trying things out, off unless a stage switches it on: 100 a call, without a daily limit. */
export const facts: SourceFacts<null> = {
  id: "sample-data",
  operations: [{ name: "sample", idsPerCall: 100, limitKey: null, cost: () => 1 }],
  marketplaces: MARKETPLACES.map((place) => place.code),
  secretSchema: null,
  defaultLimits: { callsPerSecond: 100, callsPerDay: null },
  account: () => "local",
};
