import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/**
 * The AWS clients of one function instance, built once per cold start. Region, credentials and, on stage local,
 * the endpoint come from the environment that Lambda sets, so the same code runs everywhere.
 */
export const createDocumentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 5 }), {
    marshallOptions: { removeUndefinedValues: true },
  });

/** For the calls about tables themselves, which the document client does not have. */
export const createDynamoClient = (): DynamoDBClient => new DynamoDBClient({ maxAttempts: 5 });

export const createSqsClient = (): SQSClient => new SQSClient({ maxAttempts: 5 });

/** Path-style addresses, because an emulator's bucket host name does not resolve. */
export const createS3Client = (): S3Client => new S3Client({ maxAttempts: 5, forcePathStyle: true });

export const createSecretsClient = (): SecretsManagerClient => new SecretsManagerClient({ maxAttempts: 3 });
