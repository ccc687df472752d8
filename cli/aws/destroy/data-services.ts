import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsConfig } from "../aws-access.ts";

/** Clients of the services that hold a stage's data. */
export interface DataServices {
  readonly tables: DynamoDBClient;
  readonly buckets: S3Client;
  readonly pools: CognitoIdentityProviderClient;
  readonly secrets: SecretsManagerClient;
  readonly queues: SQSClient;
  readonly logs: CloudWatchLogsClient;
}

/** Makes the clients, and closes them when the work has ended. */
export const withDataServices = async <T>(
  config: AwsConfig,
  work: (services: DataServices) => Promise<T>,
): Promise<T> => {
  const services: DataServices = {
    tables: new DynamoDBClient(config),
    // An emulator has no address for each bucket.
    buckets: new S3Client({ ...config, forcePathStyle: config.endpoint !== undefined }),
    pools: new CognitoIdentityProviderClient(config),
    secrets: new SecretsManagerClient(config),
    queues: new SQSClient(config),
    logs: new CloudWatchLogsClient(config),
  };
  try {
    return await work(services);
  } finally {
    for (const client of Object.values(services)) client.destroy();
  }
};

/** Names by which services say that something is not there. */
const MISSING: ReadonlySet<string> = new Set([
  "ResourceNotFoundException",
  "NoSuchBucket",
  "NotFound",
  "QueueDoesNotExist",
  "AWS.SimpleQueueService.NonExistentQueue",
  "UserPoolNotFoundException",
]);

export const isGone = (error: unknown): boolean => error instanceof Error && MISSING.has(error.name);
