import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CognitoIdentityProviderClient,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { DeleteTableCommand, DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DeleteSecretCommand, DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DeleteQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { runWith } from "../../harness/harness.ts";

const cloudFormation = mockClient(CloudFormationClient);
const tagging = mockClient(ResourceGroupsTaggingAPIClient);
const tables = mockClient(DynamoDBClient);
const buckets = mockClient(S3Client);
const pools = mockClient(CognitoIdentityProviderClient);
const secrets = mockClient(SecretsManagerClient);
const queues = mockClient(SQSClient);
const logs = mockClient(CloudWatchLogsClient);
const sts = mockClient(STSClient);
const ALL = [cloudFormation, tagging, tables, buckets, pools, secrets, queues, logs, sts];

// Files of a worker share their modules.
afterAll(() => {
  for (const mock of ALL) mock.restore();
});

const HERE = "eu-central-1:123456789012";
const ARNS = [
  `arn:aws:dynamodb:${HERE}:table/Enrichline-test-Data-Products`,
  "arn:aws:s3:::enrichline-test-data-bucket",
  `arn:aws:cognito-idp:${HERE}:userpool/eu-central-1_abc`,
  `arn:aws:secretsmanager:${HERE}:secret:enrichline/test/keepa-AbCdEf`,
  `arn:aws:sqs:${HERE}:Enrichline-test-Enrich`,
  `arn:aws:sqs:${HERE}:Enrichline-test-Old`,
  `arn:aws:logs:${HERE}:log-group:Enrichline-test-Logs:*`,
  `arn:aws:lambda:${HERE}:function:Enrichline-test-Fn`,
];

const named = (name: string): Error => Object.assign(new Error(name), { name });
/** Of a stage that has everything, its own network too. */
const PARTS = ["Monitoring", "Api", "Shop", "Pipeline", "Network", "Data"];

/** Stacks that are there, by name; a delete takes one away. */
let there: Set<string>;
/** Stacks whose delete fails. */
let stuck: Set<string>;

beforeEach(() => {
  for (const mock of ALL) mock.reset();
  there = new Set(PARTS.map((part) => `Enrichline-test-${part}`));
  stuck = new Set();
  sts.on(GetCallerIdentityCommand).resolves({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/ops" });
  const deleting = new Set<string>();
  cloudFormation.on(DescribeStacksCommand).callsFake(({ StackName }) => {
    const name = String(StackName).replace("id:", "");
    if (!there.has(name)) throw named(`Stack with id ${name} does not exist`);
    const StackStatus = deleting.has(name) && stuck.has(name) ? "DELETE_FAILED" : "CREATE_COMPLETE";
    return {
      Stacks: [
        { StackName: name, StackId: `id:${name}`, StackStatus, EnableTerminationProtection: name.endsWith("Data") },
      ],
    };
  });
  cloudFormation.on(DeleteStackCommand).callsFake(({ StackName }) => {
    deleting.add(StackName);
    if (!stuck.has(StackName)) there.delete(StackName);
    return {};
  });
  cloudFormation.on(DescribeStackEventsCommand).resolves({
    StackEvents: [
      {
        LogicalResourceId: "Bus",
        ResourceStatus: "DELETE_FAILED",
        ResourceStatusReason: "it is in use",
        StackId: "",
        EventId: "",
        StackName: "",
        Timestamp: new Date(0),
      },
    ],
  });
  cloudFormation.on(UpdateTerminationProtectionCommand).resolves({});
  cloudFormation.on(GetTemplateCommand).callsFake(({ StackName }) => ({
    TemplateBody: JSON.stringify({
      Resources: String(StackName).endsWith("Pipeline")
        ? {
            Old: { Type: "AWS::SQS::Queue" },
            Enrich: { Type: "AWS::SQS::Queue", DeletionPolicy: "RetainExceptOnCreate" },
          }
        : {},
    }),
  }));
  cloudFormation.on(ListStackResourcesCommand).callsFake(({ StackName }) => ({
    StackResourceSummaries: String(StackName).endsWith("Pipeline")
      ? ["Old", "Enrich"].map((id) => ({
          LogicalResourceId: id,
          PhysicalResourceId: `https://sqs/123456789012/Enrichline-test-${id}`,
        }))
      : [],
  }));
  tagging.on(GetResourcesCommand, { PaginationToken: undefined }).resolves({
    ResourceTagMappingList: ARNS.slice(0, 4).map((ResourceARN) => ({ ResourceARN })),
    PaginationToken: "more",
  });
  tagging.on(GetResourcesCommand, { PaginationToken: "more" }).resolves({
    ResourceTagMappingList: ARNS.slice(4).map((ResourceARN) => ({ ResourceARN })),
  });
  tables.on(DescribeTableCommand).resolves({ Table: { ItemCount: 1_234, TableSizeBytes: 2 * 1024 ** 3 } });
  buckets.on(ListObjectsV2Command).resolves({ Contents: [{ Size: 1024 ** 2 }, { Size: 0 }] });
  pools.on(DescribeUserPoolCommand).resolves({ UserPool: { EstimatedNumberOfUsers: 3 } });
  secrets.on(DescribeSecretCommand).resolves({});
  queues.on(GetQueueUrlCommand).callsFake(({ QueueName }) => ({ QueueUrl: `https://sqs/${QueueName}` }));
  queues.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: "4", ApproximateNumberOfMessagesDelayed: "1" },
  });
  logs
    .on(DescribeLogGroupsCommand)
    .resolves({ logGroups: [{ logGroupName: "Enrichline-test-Logs", storedBytes: 10 }] });
});

const destroy = (args: string, io: Parameters<typeof runWith>[1] = {}) =>
  runWith(["destroy", ...args.split(" ")], { env: { AWS_REGION: "eu-central-1" }, ...io });

const deletedStacks = () => cloudFormation.commandCalls(DeleteStackCommand).map(({ args }) => args[0].input.StackName);

describe("destroy", () => {
  it("says what goes, what stays with its size and cost, and changes nothing with --dry-run", async () => {
    const { code, err } = await destroy("test --dry-run");
    expect(code).toBe(0);
    expect(err).toContain("Stage test of account 123456789012 in eu-central-1");
    const [, lost = "", kept = ""] = /deleted for good:([\s\S]*)This stays in the account([\s\S]*)/.exec(err) ?? [];
    expect(lost).toMatch(/queue +5 messages +Enrichline-test-Old/);
    expect(kept).toContain("costs about $0.90 a month by list prices");
    expect(kept).toMatch(/table +about 1,234 items, 2\.0 GB +Enrichline-test-Data-Products/);
    expect(kept).toMatch(/bucket +2 objects, 1\.0 MB +enrichline-test-data-bucket/);
    expect(kept).toMatch(/user pool +about 3 users +eu-central-1_abc/);
    expect(kept).toMatch(/secret +credentials or a key +enrichline\/test\/keepa/);
    expect(kept).toMatch(/queue +5 messages +Enrichline-test-Enrich/);
    expect(kept).toMatch(/log group +logs +1 of them/);
    expect(kept).toContain("stage test cannot be deployed anew under its name");
    expect(err).toContain("Dry run: nothing was destroyed.");
    expect(deletedStacks()).toEqual([]);
  });

  it("deletes the stacks once the stage's name is typed, the one that keeps data last, and keeps the data", async () => {
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question.trim());
      return "test";
    };
    const { code, err } = await destroy("test", { canAsk: true, ask });
    expect(code).toBe(0);
    expect(asked).toEqual(["Type the name of the stage to destroy it:"]);
    expect(deletedStacks()).toEqual(PARTS.map((part) => `Enrichline-test-${part}`));
    expect(cloudFormation.commandCalls(UpdateTerminationProtectionCommand)).toHaveLength(1);
    expect(err).toContain("Stage test is destroyed; what is named above stays.");
    expect(tables.commandCalls(DeleteTableCommand)).toHaveLength(0);
  });

  it("takes the network along, after every function and also where its setting is off by now", async () => {
    for (const part of ["Shop", "Network"]) there.add(`Enrichline-test-${part}`);
    const { code, err } = await destroy("test --confirm test");
    expect(code).toBe(0);
    expect(err).toContain("  Enrichline-test-Network\n");
    const order = ["Monitoring", "Api", "Shop", "Pipeline", "Network", "Data"];
    expect(deletedStacks()).toEqual(order.map((part) => `Enrichline-test-${part}`));
    expect(there.size).toBe(0);
  });

  it.each([
    [{ canAsk: true, ask: async () => "prod" }, "test", 'That is not "test". Nothing was destroyed.'],
    [{}, "test --confirm tset", 'That is not "test"'],
    [{}, "test", "then add --confirm test"],
    [{}, "test --stage dev", "Two stages are named"],
    [{}, "local", "npm run local:stop"],
  ])("destroys nothing unless it is sure: %#", async (io, args, words) => {
    const { code, err } = await destroy(args, io);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(deletedStacks()).toEqual([]);
  });

  it("deletes data too with --delete-data: protections first, files page by page", async () => {
    let versions = 2_500;
    buckets.on(ListObjectVersionsCommand).callsFake(() => ({
      Versions: Array.from({ length: Math.min(1_000, versions) }, (_, index) => ({
        Key: `k${index}`,
        VersionId: "null",
      })),
    }));
    buckets.on(DeleteObjectsCommand).callsFake(({ Delete }) => {
      versions -= Delete.Objects.length;
      return {};
    });
    tables.on(DeleteTableCommand).rejectsOnce(named("ResourceInUseException")).resolves({});
    const { code, err, out } = await destroy("test --delete-data --confirm test --json");
    expect(code).toBe(0);
    expect(err).not.toContain("This stays in the account");
    expect(tables.commandCalls(UpdateTableCommand)[0]?.args[0].input).toMatchObject({
      DeletionProtectionEnabled: false,
    });
    expect(tables.commandCalls(DeleteTableCommand)).toHaveLength(2);
    expect(buckets.commandCalls(DeleteObjectsCommand)).toHaveLength(3);
    expect(buckets.commandCalls(DeleteBucketCommand)).toHaveLength(1);
    expect(pools.commandCalls(UpdateUserPoolCommand)[0]?.args[0].input).toMatchObject({
      DeletionProtection: "INACTIVE",
    });
    expect(pools.commandCalls(DeleteUserPoolCommand)).toHaveLength(1);
    expect(secrets.commandCalls(DeleteSecretCommand)[0]?.args[0].input).toEqual({
      SecretId: "enrichline/test/keepa",
      ForceDeleteWithoutRecovery: true,
    });
    expect(queues.commandCalls(DeleteQueueCommand)).toHaveLength(1);
    expect(logs.commandCalls(DeleteLogGroupCommand)).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ stage: "test", destroyed: true, kept: [], not_deleted: [] });
  });

  it("continues after one that stopped half-way: what is gone counts as deleted", async () => {
    stuck.add("Enrichline-test-Pipeline");
    const first = await destroy("test --delete-data --confirm test");
    expect(first.code).toBe(5);
    expect(first.err).toContain(
      "Stack Enrichline-test-Pipeline could not be deleted: Bus: it is in use. Correct that, then run",
    );
    expect(tables.commandCalls(DeleteTableCommand)).toHaveLength(0);
    stuck.clear();
    cloudFormation.resetHistory();
    buckets.on(ListObjectsV2Command).rejects(named("NoSuchBucket"));
    pools.on(DeleteUserPoolCommand).rejects(named("ResourceNotFoundException"));
    const second = await destroy("test --delete-data --confirm test");
    expect(second.code).toBe(0);
    expect(deletedStacks()).toEqual(["Pipeline", "Network", "Data"].map((part) => `Enrichline-test-${part}`));
    expect(buckets.commandCalls(DeleteBucketCommand)).toHaveLength(0);
  });

  it("names what could not be deleted, deletes the rest, and ends with 1", async () => {
    buckets.on(ListObjectVersionsCommand).resolves({ Versions: [{ Key: "k", VersionId: "null" }] });
    buckets.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: "k", Code: "AccessDenied" }] });
    const { code, err, out } = await destroy("test --delete-data --confirm test --json");
    expect(code).toBe(1);
    expect(err).toMatch(/not deleted: .*enrichline-test-data-bucket.*1 objects stay, such as k: AccessDenied/);
    expect(err).toContain("run the same command again; it continues");
    expect(pools.commandCalls(DeleteUserPoolCommand)).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ destroyed: false, not_deleted: [{ kind: "bucket" }] });
  });

  it("shows what stayed of a stage whose stacks are gone, and ends with 4 where nothing did", async () => {
    there.clear();
    const rest = await destroy("test --confirm test");
    expect(rest).toMatchObject({ code: 0, err: expect.stringContaining("The stacks are gone already") });
    expect(rest.err).toContain("enrichline destroy test --delete-data");
    tagging.on(GetResourcesCommand).resolves({ ResourceTagMappingList: [] });
    const none = await destroy("test --delete-data --confirm test");
    expect(none).toMatchObject({ code: 4, err: expect.stringContaining("There is nothing of stage test") });
  });

  it("ends with 130 on Ctrl-C and says how to continue", async () => {
    const interrupt = new AbortController();
    cloudFormation.on(DeleteStackCommand).callsFake(() => {
      interrupt.abort();
      return {};
    });
    const { code, err } = await destroy("test --confirm test", { interrupted: interrupt.signal });
    expect(code).toBe(130);
    expect(err).toContain("run the same command again to continue");
  });

  it("needs valid AWS credentials", async () => {
    sts.on(GetCallerIdentityCommand).rejects(named("ExpiredToken"));
    expect(await destroy("test --confirm test")).toMatchObject({ code: 3, err: expect.stringContaining("--profile") });
    expect(deletedStacks()).toEqual([]);
  });
});
