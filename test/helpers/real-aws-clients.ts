import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { instanceUsage } from "../../lambdas/common/adapters/aws/instance-usage.ts";

/*
 * Runs before each file of the unit tests: they share one module graph, and a file that ran before may have replaced what
 * the AWS clients send with.
 */
mockClient(ApiGatewayManagementApiClient).restore();
mockClient(CloudFormationClient).restore();
mockClient(CloudWatchLogsClient).restore();
mockClient(CognitoIdentityProviderClient).restore();
mockClient(DynamoDBClient).restore();
mockClient(DynamoDBDocumentClient).restore();
mockClient(EventBridgeClient).restore();
mockClient(ResourceGroupsTaggingAPIClient).restore();
mockClient(S3Client).restore();
mockClient(SecretsManagerClient).restore();
mockClient(SNSClient).restore();
mockClient(SQSClient).restore();
mockClient(STSClient).restore();
// Nor is anything left of what the clients of that file used.
instanceUsage.take();
