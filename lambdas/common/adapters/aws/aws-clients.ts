import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { OBJECT_LIMITS, QUICK_LIMITS, SECRET_LIMITS, within } from "./client-limits.ts";
import { type RetryTools, withConflictRetry } from "./conflict-retry.ts";
import { countRequests } from "./count-requests.ts";
import { withUnsignedPayload } from "./unsigned-payload.ts";

/**
 * The AWS clients of one function instance, built once per cold start. Region, credentials and, on stage local,
 * the endpoint come from the environment that Lambda sets, so the same code runs everywhere. None waits for ever: what
 * hangs fails with a `TimeoutError`, which adapters translate to a `TransientError`. Writes that meet a transaction are
 * made again after a moment. What their requests cost is counted for the runs that they are made for.
 */
export const createDocumentClient = (limits = QUICK_LIMITS, tools?: RetryTools): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(createDynamoClient(limits, tools), { marshallOptions: { removeUndefinedValues: true } });

/** For the calls about tables themselves, which the document client does not have, and for Powertools. */
export const createDynamoClient = (limits = QUICK_LIMITS, tools?: RetryTools): DynamoDBClient =>
  countRequests(withConflictRetry(new DynamoDBClient(within(limits)), tools), "dynamodb");

/** For the one function that another one may call. */
export const createLambdaClient = (limits = QUICK_LIMITS): LambdaClient => new LambdaClient(within(limits));

export const createSqsClient = (limits = QUICK_LIMITS): SQSClient =>
  countRequests(new SQSClient(within(limits)), "sqs");

/** Path-style addresses, because an emulator's bucket host name does not resolve. */
export const createS3Client = (limits = OBJECT_LIMITS): S3Client =>
  countRequests(withUnsignedPayload(new S3Client({ ...within(limits), forcePathStyle: true })), "s3");

export const createSecretsClient = (limits = SECRET_LIMITS): SecretsManagerClient =>
  countRequests(new SecretsManagerClient(within(limits)), "secrets");
