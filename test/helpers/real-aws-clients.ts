import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";

/*
 * Runs before each file of the unit tests: they share one module graph, and a file that ran before may have replaced what
 * the AWS clients send with.
 */
mockClient(DynamoDBClient).restore();
mockClient(DynamoDBDocumentClient).restore();
mockClient(S3Client).restore();
mockClient(SecretsManagerClient).restore();
mockClient(SQSClient).restore();
