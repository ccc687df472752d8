import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import {
  AdminAddUserToGroupCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, GetItemCommand, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientConfig, LOCAL_ACCOUNT, LOCAL_REGION } from "../../../../local/aws-environment.ts";
import type { Outputs } from "../../../../local/outputs.ts";
import type { RoleCredentials } from "./emulator-iam.ts";

/** A call that a role may or may not make. */
export interface Attempt {
  /** What is reached, such as `table products`. */
  readonly what: string;
  readonly action: string;
  readonly arn: string;
  /** Makes the call. It asks for what is not there or is not valid, so that it changes nothing even where it is let through. */
  readonly call: (clients: RoleClients) => Promise<unknown>;
}

/** Clients that sign as a role. */
export type RoleClients = ReturnType<typeof openClients>;

export const openClients = (outputs: Outputs, credentials: RoleCredentials, connectionsUrl: string) => {
  const config = { ...clientConfig(outputs.emulatorUrl), credentials, maxAttempts: 1 };
  return {
    cognito: new CognitoIdentityProviderClient(config),
    connections: new ApiGatewayManagementApiClient({ ...config, endpoint: connectionsUrl }),
    dynamo: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
};

const arn = (service: string, rest: string): string => `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${rest}`;

/** No table has such a key, so a call that is let through is refused for it. */
const NO_KEY = { no_such_key: { S: "nobody" } };

const ofTable = ([name, TableName]: [string, string]): Attempt[] => {
  const of = { what: `table ${name}`, arn: arn("dynamodb", `table/${TableName}`) };
  return [
    {
      ...of,
      action: "dynamodb:GetItem",
      call: ({ dynamo }) => dynamo.send(new GetItemCommand({ TableName, Key: NO_KEY })),
    },
    {
      ...of,
      action: "dynamodb:UpdateItem",
      call: ({ dynamo }) => dynamo.send(new UpdateItemCommand({ TableName, Key: NO_KEY })),
    },
    { ...of, action: "dynamodb:Scan", call: ({ dynamo }) => dynamo.send(new ScanCommand({ TableName, Limit: 1 })) },
  ];
};

const ofQueue = (name: string, QueueUrl: string): Attempt[] => {
  const of = { what: `queue ${name}`, arn: arn("sqs", QueueUrl.split("/").at(-1) ?? "") };
  return [
    {
      ...of,
      action: "sqs:SendMessage",
      // SQS delays by 900 s at most.
      call: ({ sqs }) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "nothing", DelaySeconds: 901 })),
    },
    {
      ...of,
      action: "sqs:ReceiveMessage",
      // At least one message can be asked for.
      call: ({ sqs }) => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 0 })),
    },
  ];
};

const ofPrefix = (Bucket: string, prefix: string): Attempt[] => {
  const Key = `${prefix}no-such-object`;
  const of = { what: prefix === "" ? "objects elsewhere" : `objects ${prefix}`, arn: `arn:aws:s3:::${Bucket}/${Key}` };
  return [
    { ...of, action: "s3:GetObject", call: ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key })) },
    { ...of, action: "s3:DeleteObject", call: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key })) },
    {
      ...of,
      action: "s3:PutObject",
      // Begins an object in parts, which nobody completes: there will be none.
      call: ({ s3 }) => s3.send(new CreateMultipartUploadCommand({ Bucket, Key })),
    },
  ];
};

const ofSecret = (secretArn: string, name: string): Attempt[] => {
  const of = { what: `secret ${name}`, arn: secretArn };
  return [
    {
      ...of,
      action: "secretsmanager:GetSecretValue",
      call: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: secretArn })),
    },
    {
      ...of,
      action: "secretsmanager:PutSecretValue",
      // Neither text nor bytes: not valid.
      call: ({ secrets }) => secrets.send(new PutSecretValueCommand({ SecretId: secretArn })),
    },
  ];
};

const ofPool = (UserPoolId: string): Attempt[] => {
  const of = { what: "users", arn: arn("cognito-idp", `userpool/${UserPoolId}`) };
  const Username = "no-such-user";
  return [
    {
      ...of,
      action: "cognito-idp:AdminGetUser",
      call: ({ cognito }) => cognito.send(new AdminGetUserCommand({ UserPoolId, Username })),
    },
    {
      ...of,
      action: "cognito-idp:AdminAddUserToGroup",
      call: ({ cognito }) =>
        cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: "operators" })),
    },
  ];
};

/** What is deployed, as far as attempts are made at it. */
export interface Reachable {
  readonly outputs: Outputs;
  readonly functionNames: readonly string[];
  /** ARNs of secrets by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly webSocketApiId: string;
}

/** A sample of everything that could be done to everything that is deployed. */
export const attemptsAt = ({ outputs, functionNames, secrets, webSocketApiId }: Reachable): Attempt[] => [
  ...Object.entries(outputs.tables).flatMap(ofTable),
  ...Object.entries(outputs.queues).flatMap(([name, { url, dlqUrl }]) => [
    ...ofQueue(name, url),
    ...ofQueue(`${name}, dead letters`, dlqUrl),
  ]),
  ...["uploads/", "catalogs/", "exports/", "raw/", ""].flatMap((prefix) => ofPrefix(outputs.bucket, prefix)),
  ...Object.entries(secrets).flatMap(([name, secretArn]) => ofSecret(secretArn, name)),
  ...ofPool(outputs.auth.userPoolId),
  ...functionNames.map((name) => ({
    ...{ what: `function ${name}`, action: "lambda:InvokeFunction", arn: arn("lambda", `function:${name}`) },
    call: ({ lambda }: RoleClients) => lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: "DryRun" })),
  })),
  ...Object.entries(outputs.topics).map(([name, TopicArn]) => ({
    ...{ what: `topic ${name}`, action: "sns:Publish", arn: TopicArn },
    // An empty message is not valid.
    call: ({ sns }: RoleClients) => sns.send(new PublishCommand({ TopicArn, Message: "" })),
  })),
  {
    ...{ what: "event bus", action: "events:PutEvents", arn: arn("events", `event-bus/${outputs.eventBus}`) },
    // Sources of AWS itself are refused, entry by entry.
    call: ({ events }) =>
      events.send(
        new PutEventsCommand({
          Entries: [{ EventBusName: outputs.eventBus, Source: "aws.rights", DetailType: "None", Detail: "{}" }],
        }),
      ),
  },
  {
    ...{ what: "connections", action: "execute-api:ManageConnections" },
    arn: arn("execute-api", `${webSocketApiId}/live/POST/@connections/no-such-connection`),
    call: ({ connections }) =>
      connections.send(new PostToConnectionCommand({ ConnectionId: "no-such-connection", Data: "nothing" })),
  },
];

/** Whether the account's rights refused a call; undefined when it got past them, whatever came of it. */
export const refusalOf = async (attempt: Attempt, clients: RoleClients): Promise<string | undefined> => {
  try {
    await attempt.call(clients);
    return undefined;
  } catch (error) {
    const name = error instanceof Error ? error.name : String(error);
    return /AccessDenied|AuthorizationError|NotAuthorized|^Forbidden/.test(name) ? name : undefined;
  }
};
