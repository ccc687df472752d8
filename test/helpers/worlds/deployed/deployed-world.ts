import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { vi } from "vitest";
import { MemoryDynamo } from "../../memory/memory-dynamo.ts";
import { MemoryObjects } from "./memory-objects.ts";
import { FUNCTIONS, TABLES } from "./stage.ts";

type Input = Readonly<Record<string, unknown>>;
interface Command {
  readonly input: Input;
}

const nameOf = (command: Command): string => command.constructor.name;
const PLAIN = {
  PutItemCommand: PutCommand,
  GetItemCommand: GetCommand,
  UpdateItemCommand: UpdateCommand,
  DeleteItemCommand: DeleteCommand,
};
const MARSHALLED = ["Item", "Key", "ExpressionAttributeValues"];
const isPlain = (name: string): name is keyof typeof PLAIN => name in PLAIN;

/** What Lambda itself sets. */
const OF_LAMBDA = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  LOG_LEVEL: "ERROR",
};
/** Tables of which nobody sees more than how often something was asked. */
const COUNTS = /^(?:UpstreamLimits|RefreshDemand)Table/;

/**
 * The functions of stage local as they are deployed, with their own wiring and environment, over AWS in memory: the seam is `send` of
 * the SDK's clients. Sources have no credentials, so no upstream is called.
 */
export class DeployedWorld {
  #tables = new MemoryDynamo(TABLES);
  #objects = new MemoryObjects();
  /** What left the functions: messages, events, notices, calls. */
  readonly sent: { readonly service: string; readonly name: string; readonly input: Input }[] = [];
  readonly #loaded = new Set<string>();
  /** Secrets of sources that are there. */
  readonly secrets = new Map<string, string>();

  constructor() {
    const documents = (command: unknown) => this.#tables.client().send(command as never);
    vi.spyOn(DynamoDBDocumentClient.prototype, "send").mockImplementation(documents as never);
    vi.spyOn(DynamoDBClient.prototype, "send").mockImplementation(((command: Command) => this.#low(command)) as never);
    vi.spyOn(S3Client.prototype, "send").mockImplementation(((command: Command) =>
      this.#objects.step(nameOf(command), command.input)) as never);
    vi.spyOn(SecretsManagerClient.prototype, "send").mockImplementation((async ({ input }: Command) => {
      const id = String(input.SecretId);
      // The key of cursors has a value from the first deploy on; sources have what the test stored.
      const value = id.startsWith("arn:") ? "0123456789abcdef0123456789abcdef" : this.secrets.get(id);
      if (value === undefined) throw new ResourceNotFoundException({ message: "no such secret", $metadata: {} });
      return { SecretString: value, VersionId: "v1" };
    }) as never);
    this.#record(SQSClient, "sqs", (name, input) => {
      if (name === "ReceiveMessageCommand") return { Messages: [] };
      if (name === "GetQueueAttributesCommand") return { Attributes: { ApproximateNumberOfMessages: "0" } };
      const entries = (input.Entries ?? []) as { Id: string }[];
      return { MessageId: "m", Successful: entries.map(({ Id }) => ({ Id, MessageId: Id })), Failed: [] };
    });
    this.#record(EventBridgeClient, "events", (_, input) => ({
      FailedEntryCount: 0,
      Entries: ((input.Entries ?? []) as unknown[]).map((_entry, index) => ({ EventId: String(index) })),
    }));
    this.#record(SNSClient, "sns", () => ({ MessageId: "n" }));
    this.#record(LambdaClient, "lambda", () => ({ StatusCode: 202 }));
    this.#record(ApiGatewayManagementApiClient, "sockets", () => ({}));
    this.#record(CognitoIdentityProviderClient, "cognito", (name) =>
      name === "AdminGetUserCommand" ? { Enabled: true, Username: "u" } : { Groups: [], Users: [{ Enabled: true }] },
    );
  }

  /** Empties all stores; the functions stay as they are. */
  clear(): void {
    this.#tables = new MemoryDynamo(TABLES);
    this.#objects = new MemoryObjects();
    this.sent.length = 0;
  }

  /** The deployed handler of a function, by its logical id. @param env instead of what the stage says */
  async handler(
    functionId: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<(event: unknown, context?: unknown) => Promise<unknown>> {
    const deployed = FUNCTIONS.get(functionId);
    if (!deployed) throw new Error(`there is no function ${functionId}`);
    // Two functions may share a room, and differ by their environment, which is read once.
    if (this.#loaded.has(deployed.room)) vi.resetModules();
    this.#loaded.add(deployed.room);
    for (const [name, value] of Object.entries({
      ...deployed.env,
      ...OF_LAMBDA,
      ...env,
    }))
      vi.stubEnv(name, value);
    const { handler } = await import(`../../../../lambdas/${deployed.room}/index.ts`);
    const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: "r", functionName: deployed.room };
    return async (event, own) => handler(structuredClone(event), { ...context, ...(own ?? {}) });
  }

  /**
   * All that is stored and was sent, as text; two that are the same text are the same world. Left out is what counts that somebody
   * asked, whatever became of it: calls of a key, views, look-ups and slots of sources.
   */
  dump(): string {
    const named = Object.entries(TABLES).filter(([name]) => !COUNTS.test(name));
    const tables = named.map(([name, { keys }]) => [
      name,
      this.#tables.items(name).filter((item) => !String(item[keys[0]]).startsWith("calls#")),
    ]);
    return JSON.stringify([tables, this.#objects.dump(), this.sent], (_, value) =>
      value instanceof Set ? [...value].sort() : value,
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: clients have nothing in common but `send`
  #record(client: any, service: string, answer: (name: string, input: Input) => unknown): void {
    vi.spyOn(client.prototype, "send").mockImplementation((async (command: Command) => {
      const name = nameOf(command);
      // What only looks leaves nothing behind.
      if (!/^(?:Get|Receive|AdminGet|AdminList)/.test(name))
        this.sent.push({ service, name, input: structuredClone(command.input) });
      return answer(name, command.input);
    }) as never);
  }

  /** What Powertools asks for in the form of the wire. */
  async #low(command: Command): Promise<unknown> {
    const name = nameOf(command);
    if (name === "DescribeTableCommand") return { Table: { TableStatus: "ACTIVE", ItemCount: 0, TableSizeBytes: 0 } };
    if (!isPlain(name)) throw new Error(`tables in memory do not know ${name}`);
    const input = Object.fromEntries(
      Object.entries(command.input).map(([key, value]) => [
        key,
        MARSHALLED.includes(key) && value !== undefined ? unmarshall(value as never) : value,
      ]),
    );
    const answer = (await this.#tables.client().send(new PLAIN[name](input as never) as never)) as unknown as Input;
    return Object.fromEntries(
      Object.entries(answer).map(([key, value]) => [
        key,
        value === undefined ? value : marshall(value, { removeUndefinedValues: true }),
      ]),
    );
  }
}
