import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";

/** Has the AWS clients send again: files share one module graph, and one that ran before may have replaced their `send`. */
export const useRealAwsClients = (): void => {
  mockClient(DynamoDBClient).restore();
  mockClient(DynamoDBDocumentClient).restore();
  mockClient(S3Client).restore();
  mockClient(SecretsManagerClient).restore();
  mockClient(SQSClient).restore();
};
