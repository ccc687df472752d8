/**
 * First-tier list prices of us-east-1 in dollars; free tiers, fixed monthly costs and traffic apart.
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/lambda/pricing/ (arm64)
 * @see https://aws.amazon.com/sqs/pricing/ (standard queue, with the surcharge of fair queues)
 * @see https://aws.amazon.com/s3/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/ (logs taken in)
 * @see https://aws.amazon.com/secrets-manager/pricing/
 */
export const LIST_PRICES = {
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  queueRequest: 0.5 / 1e6,
  objectPut: 5 / 1e6,
  objectGet: 0.4 / 1e6,
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.000_013_333_4,
  logByte: 0.5 / 1e9,
  secretRead: 5 / 1e6,
} as const;
