import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { runWith } from "../harness/harness.ts";

const cloudFormation = mockClient(CloudFormationClient);
const tables = mockClient(DynamoDBClient);
// Files of a worker share their modules.
afterAll(() => {
  cloudFormation.restore();
  tables.restore();
});

const named = (name: string): Error => Object.assign(new Error(name), { name });
const row = (id: string, value: string, more: object = {}) => ({ code: { S: id }, value: { S: value }, ...more });
const key = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" as const });

const OUTPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Enrichline-test-Api": { ApiId: "abc", ApiUrl: "https://abc.execute-api.eu-central-1.amazonaws.com/api/v1" },
  "Enrichline-test-Data": {
    UserPoolId: "eu-central-1_pool",
    UserPoolClientId: "client",
    SecretPrefix: "enrichline/test",
    TableFailures: "own",
    TableOperations: "own",
  },
  "Enrichline-test-Pipeline": { ConcurrencyNeeded: "10" },
};

beforeEach(() => {
  cloudFormation.reset();
  tables.reset();
  cloudFormation.on(DescribeStacksCommand).callsFake(({ StackName }) => ({
    Stacks: [
      {
        StackName,
        StackStatus: "CREATE_COMPLETE",
        CreationTime: new Date(0),
        Outputs: Object.entries(OUTPUTS[String(StackName)] ?? {}).map(([OutputKey, OutputValue]) => ({
          ...{ OutputKey, OutputValue },
        })),
      },
    ],
  }));
  tables.on(DescribeTableCommand).resolves({ Table: { KeySchema: [key("code")] } });
  // Both come in two pages; attributes of a row come in any order.
  tables
    .on(ScanCommand, { TableName: "own" })
    .resolves({ Items: [row("same", "1")], LastEvaluatedKey: row("same", "") });
  tables
    .on(ScanCommand, { TableName: "own", ExclusiveStartKey: row("same", "") })
    .resolves({ Items: [row("changed", "new"), row("newer", "1")] });
  tables
    .on(ScanCommand, { TableName: "copy" })
    .resolves({ Items: [{ value: { S: "1" }, code: { S: "same" } }], LastEvaluatedKey: row("same", "") });
  tables
    .on(ScanCommand, { TableName: "copy", ExclusiveStartKey: row("same", "") })
    .resolves({ Items: [row("changed", "old"), row("lost", "1")] });
  tables.on(PutItemCommand).resolves({});
  tables.on(DeleteItemCommand).resolves({});
});

const restore = (args: string) =>
  runWith(["restore", ...args.split(" "), "--stage", "test"], { env: { AWS_REGION: "eu-central-1" } });

const puts = () => tables.commandCalls(PutItemCommand).map(({ args }) => args[0].input);
const deletes = () => tables.commandCalls(DeleteItemCommand).map(({ args }) => args[0].input);

describe("restore", () => {
  it("compares every page of both tables, as they are at that moment, and writes nothing without --apply", async () => {
    const { code, out } = await restore("failures --from copy --whole");
    expect(code).toBe(0);
    expect(out).toContain("Rows that only copy has: 1\n");
    expect(out).toContain("Rows that differ: 1\n");
    expect(out).toContain("Rows that only the table has: 1\n");
    expect(out).toContain("Nothing was written. Repeat it with --apply.");
    const scans = tables.commandCalls(ScanCommand).map(({ args }) => args[0].input);
    expect(scans.map(({ TableName, ConsistentRead }) => [TableName, ConsistentRead])).toEqual([
      ...[
        ["own", true],
        ["own", true],
      ],
      ...[
        ["copy", true],
        ["copy", true],
      ],
    ]);
    expect([...puts(), ...deletes()]).toEqual([]);
  });

  it("puts back only rows that are missing, and none over one that came meanwhile", async () => {
    tables.on(PutItemCommand).rejects(named("ConditionalCheckFailedException"));
    const { code, out } = await restore("failures --from copy --apply");
    expect(code).toBe(0);
    expect(puts()).toEqual([
      {
        TableName: "own",
        Item: row("lost", "1"),
        ConditionExpression: "attribute_not_exists(#key)",
        ExpressionAttributeNames: { "#key": "code" },
      },
    ]);
    expect(deletes()).toEqual([]);
    expect(out).toContain("Rows that differ: 1, left as they are\n");
  });

  it("with --whole puts changed rows back and removes newer ones", async () => {
    const { code, out } = await restore("failures --from copy --whole --apply --json");
    expect(code).toBe(0);
    expect(puts().map(({ Item }) => Item)).toEqual([row("changed", "old"), row("lost", "1")]);
    expect(deletes()).toEqual([{ TableName: "own", Key: { code: { S: "newer" } } }]);
    expect(JSON.parse(out)).toMatchObject({ applied: true, rows: { missing: 1, changed: 1, newer: 1 } });
  });

  it("ends with an error when a write fails, and puts the rest back when it is repeated", async () => {
    tables.on(PutItemCommand).rejects(named("ProvisionedThroughputExceededException"));
    const failed = await restore("failures --from copy --apply");
    expect(failed.code).toBe(5);
    expect(failed.err).toContain("Restoring failures");
    tables.resetHistory();
    tables.on(PutItemCommand).resolves({});
    expect(await restore("failures --from copy --apply")).toMatchObject({ code: 0 });
    expect(puts().map(({ Item }) => Item)).toEqual([row("lost", "1")]);
  });

  it("refuses a copy with other keys, and one that is not there", async () => {
    tables.on(DescribeTableCommand, { TableName: "copy" }).resolves({ Table: { KeySchema: [key("other")] } });
    const other = await restore("failures --from copy --apply");
    expect(other).toMatchObject({
      code: 2,
      err: expect.stringContaining("copy has other keys (other) than own (code)"),
    });
    tables.on(DescribeTableCommand, { TableName: "copy" }).rejects(named("ResourceNotFoundException"));
    const none = await restore("failures --from copy --apply");
    expect(none).toMatchObject({
      code: 4,
      err: expect.stringContaining("There is no table copy. Restore a copy first"),
    });
    expect([...puts(), ...deletes()]).toEqual([]);
  });

  it.each([
    ["access", "Keys, feeds and endpoints that were taken away since would be good again"],
    ["dead-letters", "Messages that were redriven or discarded since would be open again"],
    ["products", "so it has no backup"],
    ["nothing", "There is no table nothing. These can be restored: enrichment-status, failures"],
    ["operations --whole", "what was revoked since would be allowed again"],
  ])("refuses %s before it calls AWS", async (args, words) => {
    const { code, err } = await restore(`${args} --from copy --apply`);
    expect(code).toBe(2);
    expect(err).toContain(words);
    expect(tables.calls()).toEqual([]);
  });
});
