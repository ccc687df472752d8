import { MARKETPLACES } from "../../core/products/marketplaces.ts";
import { type CreatorsApiSecret, CreatorsApiSecretSchema } from "../../core/sources/known/creators-api/secret.ts";
import type { SourceFacts } from "../../core/sources/source-descriptor.ts";

/**
 * Amazon's Creators API: the first source. Ten ids a call, one allowance an account for all shops and operations;
 * a new account starts at 1 call/s and 8,640 calls a day.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/concepts/api-rates
 */
export const facts: SourceFacts<CreatorsApiSecret> = {
  id: "creators-api",
  operations: [
    { name: "get-items", idsPerCall: 10, limitKey: null, cost: () => 1 },
    { name: "search-items", idsPerCall: 1, limitKey: null, cost: () => 1 },
    { name: "get-variations", idsPerCall: 1, limitKey: null, cost: () => 1 },
  ],
  marketplaces: MARKETPLACES.map(({ code }) => code),
  secretSchema: CreatorsApiSecretSchema,
  defaultLimits: { callsPerSecond: 1, callsPerDay: 8640 },
  account: ({ account }) => account,
};
