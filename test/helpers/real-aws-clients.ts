import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { instanceUsage } from "../../lambdas/common/adapters/aws/instance-usage.ts";

/*
 * Runs before each file of the unit tests: they share one module graph, and a file that ran before may have replaced what
 * the AWS clients send with.
 */
mockClient(DynamoDBClient).restore();
mockClient(DynamoDBDocumentClient).restore();
mockClient(S3Client).restore();
mockClient(SecretsManagerClient).restore();
mockClient(SQSClient).restore();
// Nor is anything left of what the clients of that file used.
instanceUsage.take();
