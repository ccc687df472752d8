import { USE_PRICES as PRICE } from "../../lambdas/common/core/cost/list-prices.ts";
import type { Usage } from "./usage.ts";

export const MEMORY_GB = 0.5;

/** Requests whose names match. */
export const requestsOf = ({ requests }: Pick<Usage, "requests">, pattern: RegExp): number =>
  Object.entries(requests)
    .filter(([name]) => pattern.test(name))
    .reduce((sum, [, times]) => sum + times, 0);

/** By what AWS charges: writing requests of S3 cost more than reading ones, removals nothing. */
export const SERVICES = {
  dynamodb: /^dynamodb:/,
  sqs: /^sqs:/,
  s3Writes: /^s3:(PUT|POST|Put|Create|Upload|Complete|List)/,
  s3Reads: /^s3:(GET|HEAD|Get|Head)/,
  secrets: /^secretsmanager:/,
  events: /^events:entries$/,
} as const;

/** Dollars by list prices; DynamoDB's requests cost by their units. */
export const costOf = (usage: Usage): number => nanoDollarsOf(usage) / 1e9;

const nanoDollarsOf = (usage: Usage): number =>
  usage.writeUnits * PRICE.writeUnit +
  usage.readUnits * PRICE.readUnit +
  requestsOf(usage, SERVICES.sqs) * PRICE.queueRequest +
  requestsOf(usage, SERVICES.s3Writes) * PRICE.objectWrite +
  requestsOf(usage, SERVICES.s3Reads) * PRICE.objectRead +
  usage.invocations * PRICE.invocation +
  usage.functionSeconds * MEMORY_GB * PRICE.gigabyteSecond +
  (usage.logBytes / 1e6) * PRICE.logMegabyte +
  requestsOf(usage, SERVICES.secrets) * PRICE.secretRead;

/** Function time at 50 calls/s on an emulator says little of AWS, so growth is also printed without it. */
const withoutTime = (usage: Usage): number => costOf({ ...usage, functionSeconds: 0 });

const percent = (share: number): string => `${share < 0 ? "" : "+"}${(100 * share).toFixed(1)}`;

/** A row of the table: everything for each product, and the cost beside that of the smallest size of its kind. */
export const show = (usage: Usage, how: string, smallest: Usage) => {
  const per = (value: number): string => (value / usage.products).toFixed(3);
  const growth = (cost: (one: Usage) => number): string =>
    percent(cost(usage) / usage.products / (cost(smallest) / smallest.products) - 1);
  return {
    products: usage.products.toLocaleString("en-US"),
    how,
    "write units": per(usage.writeUnits),
    "read units": per(usage.readUnits),
    "DynamoDB requests": per(requestsOf(usage, SERVICES.dynamodb)),
    "SQS requests": per(requestsOf(usage, SERVICES.sqs)),
    "S3 writes": per(requestsOf(usage, SERVICES.s3Writes)),
    "S3 reads": per(requestsOf(usage, SERVICES.s3Reads)),
    "function s": per(usage.functionSeconds),
    "upstream calls": per(usage.calls),
    "$ per 1,000": ((costOf(usage) / usage.products) * 1_000).toFixed(5),
    "events besides": ((requestsOf(usage, SERVICES.events) * PRICE.event) / 1e6 / usage.products).toFixed(5),
    "% to smallest": growth(costOf),
    "% without time": growth(withoutTime),
    "run s": usage.seconds.toFixed(0),
  };
};

/** By how much the cost of a product differs over sizes, as a share of the least. */
export const spreadOf = (usages: readonly Usage[]): { readonly all: number; readonly withoutTime: number } => {
  const spread = (cost: (one: Usage) => number): number => {
    const each = usages.map((usage) => cost(usage) / usage.products);
    return Math.max(...each) / Math.min(...each) - 1;
  };
  return { all: spread(costOf), withoutTime: spread(withoutTime) };
};

/** A row for each kind of write: what of a product's write units it takes, the largest first. */
export const showWrites = (usage: Usage) =>
  Object.entries(usage.writes)
    .sort(([, a], [, b]) => b - a)
    .map(([what, units]) => ({
      what,
      "write units a product": (units / usage.products).toFixed(3),
    }));
