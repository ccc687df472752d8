import { DAY_MS } from "../durations.ts";

/**
 * First-tier list prices, the only place that has any. Free tiers, discounts, taxes and traffic out of AWS are not in them.
 * The day is when they were compared with the pages below, as stored copies of these pages and of articles about them give
 * them. Who shows a cost names the day, and warns once the prices are stale.
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/lambda/pricing/ (arm64)
 * @see https://aws.amazon.com/sqs/pricing/ (standard queue; fair queues add 0.10 dollars a million requests)
 * @see https://aws.amazon.com/s3/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 * @see https://aws.amazon.com/eventbridge/pricing/
 * @see https://aws.amazon.com/api-gateway/pricing/
 * @see https://aws.amazon.com/secrets-manager/pricing/
 * @see https://aws.amazon.com/kms/pricing/
 * @see https://aws.amazon.com/route53/pricing/
 * @see https://aws.amazon.com/vpc/pricing/ and https://aws.amazon.com/privatelink/pricing/
 */
export const PRICES_OF = { region: "us-east-1", read_on: "2026-11-30" } as const;

/** Days for which the prices count as known. */
const STALE_AFTER_DAYS = 180;

/** Whether the prices should be compared with AWS's pages again. @param nowMs epoch milliseconds */
export const arePricesStale = (nowMs: number): boolean =>
  nowMs > Date.parse(PRICES_OF.read_on) + STALE_AFTER_DAYS * DAY_MS;

/** What one of each costs in us-east-1, in billionths of a dollar. */
export const USE_PRICES = {
  /** DynamoDB on demand: a write of up to 1 KB; twice as much in a transaction. */
  writeUnit: 625,
  /** DynamoDB on demand: a consistent read of up to 4 KB; half of it for others. */
  readUnit: 125,
  /** Lambda on arm64. */
  gigabyteSecond: 13_333.4,
  invocation: 200,
  /** Up to 64 KB, with the surcharge of fair queues. */
  queueRequest: 500,
  /** PUT, COPY, POST and LIST of S3. */
  objectWrite: 5_000,
  /** GET and HEAD of S3. */
  objectRead: 400,
  /** A custom event of EventBridge, up to 64 KB. */
  event: 1_000,
  /** A request to an HTTP API, or a message of a WebSocket. */
  apiRequest: 1_000,
  secretRead: 5_000,
  /** CloudWatch logs taken in, a megabyte (10^6 bytes). */
  logMegabyte: 500_000,
  canaryRun: 1_200_000,
} as const;

/** What one of each costs a month of 730 hours in us-east-1 whether it is used or not, in millionths of a dollar. */
export const MONTHLY_PRICES = {
  /** A secret of Secrets Manager. */
  secret: 400_000,
  /** A standard-resolution alarm on one metric. */
  alarm: 100_000,
  /** An alarm on an anomaly band watches three metrics. */
  anomalyAlarm: 300_000,
  dashboard: 3_000_000,
  /** A combination of name and dimensions in a month in which it is emitted. */
  customMetric: 300_000,
  /** A key of one's own in KMS. */
  customerKey: 1_000_000,
  /** A health check of Route 53 on something in AWS, 0.50 dollars, by HTTPS, 1 dollar more. */
  healthCheck: 1_500_000,
  /** In each availability zone. */
  interfaceEndpoint: 7_300_000,
  natGateway: 32_850_000,
  /** Storage, a gigabyte. */
  tableGigabyte: 250_000,
  pointInTimeRecoveryGigabyte: 200_000,
  objectGigabyte: 23_000,
  logGigabyte: 30_000,
} as const;

/** What an amount of something costs a month in us-east-1, in dollars. */
export const monthlyDollars = (price: keyof typeof MONTHLY_PRICES, amount = 1): number =>
  (amount * MONTHLY_PRICES[price]) / 1_000_000;

/**
 * By how much the whole is dearer than in us-east-1: DynamoDB's write units there against those of us-east-1, since they
 * are most of what a product costs. A region that is not listed counts as us-east-1. Known, but not on a stored copy of the
 * day above.
 */
const REGION_FACTORS: Readonly<Record<string, number>> = {
  "ca-central-1": 1.1,
  "eu-central-1": 1.22,
  "eu-west-1": 1.13,
  "eu-west-2": 1.19,
  "eu-west-3": 1.19,
  "ap-northeast-1": 1.14,
  "ap-southeast-1": 1.14,
  "ap-southeast-2": 1.14,
};

/** By what the prices above are multiplied in a region, 1 for one that is not known. */
export const regionFactor = (region: string): number => REGION_FACTORS[region] ?? 1;
