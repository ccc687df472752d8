import type { ServerResponse } from "node:http";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { createDocumentClient, createDynamoClient } from "../../../../../lambdas/common/adapters/aws/aws-clients.ts";
import { QUICK_LIMITS } from "../../../../../lambdas/common/adapters/aws/client-limits.ts";
import { withOwnPuts } from "../../../../../lambdas/common/adapters/aws/own-puts.ts";
import { withSdkErrors } from "../../../../../lambdas/common/adapters/aws/sdk-errors.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { answerClients } from "./answering-server.ts";

/* Real clients against a server that answers as DynamoDB does: what the SDK retries by itself is part of the question. */

/** An answer; `lost`: the line is cut instead. */
type Answer = { readonly status: number; readonly body: object } | "lost";

const OK: Answer = { status: 200, body: {} };
const failure = (name: string, more: object = {}): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: "by the test", ...more },
});
const CONFLICT = failure("TransactionConflictException");
const cancelled = (...codes: string[]): Answer =>
  failure("TransactionCanceledException", { CancellationReasons: codes.map((Code) => ({ Code })) });
const refused = (Item?: object): Answer => failure("ConditionalCheckFailedException", Item ? { Item } : {});

let answers: Answer[];
let requests: { ClientRequestToken?: string; Item?: unknown }[];
let waits: number[];
const give = (response: ServerResponse, answer: Answer): void => {
  if (answer === "lost") response.destroy();
  else
    response
      .writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" })
      .end(JSON.stringify(answer.body));
};
answerClients(async (request, response) => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  requests.push(JSON.parse(text) as (typeof requests)[number]);
  give(response, answers.length > 1 ? (answers.shift() ?? OK) : (answers[0] ?? OK));
});

const tools = { sleep: async (ms: number) => void waits.push(ms), random: () => 0.5 };
const documents = () => createDocumentClient(QUICK_LIMITS, tools);
const Key = { id: "1" };
const update = {
  TableName: "t",
  Key,
  UpdateExpression: "SET a = :a",
  ExpressionAttributeValues: { ":a": { deep: 1 } },
};
const transaction = { TransactItems: [{ Put: { TableName: "t", Item: Key } }, { Update: update }] };

beforeEach(() => {
  answers = [];
  requests = [];
  waits = [];
});

describe("a write that meets a transaction", () => {
  it.each([
    ["a put", () => documents().send(new PutCommand({ TableName: "t", Item: Key }))],
    ["an update", () => documents().send(new UpdateCommand(update))],
    ["a removal", () => documents().send(new DeleteCommand({ TableName: "t", Key }))],
  ])("is made again, the same one, after waits that grow: %s", async (_name, write) => {
    answers = [CONFLICT, CONFLICT, CONFLICT, OK];
    await write();
    expect(requests).toHaveLength(4);
    for (const request of requests) expect(request).toEqual(requests[0]);
    expect(waits).toEqual([20, 40, 80]);
  });

  it("fails for now after the eighth attempt, and has waited no longer than a request lasts", async () => {
    answers = [CONFLICT];
    await expect(withSdkErrors("writing", () => documents().send(new UpdateCommand(update)))).rejects.toBeInstanceOf(
      TransientError,
    );
    expect(requests).toHaveLength(8);
    expect(waits).toEqual([20, 40, 80, 160, 320, 640, 1_000]);
  });

  it("varies its waits wholly, so that writers do not meet again", async () => {
    answers = [CONFLICT, CONFLICT, OK];
    const draws = [0, 0.99];
    const random = () => draws.shift() ?? 0;
    await createDocumentClient(QUICK_LIMITS, { ...tools, random }).send(new UpdateCommand(update));
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeCloseTo(79.2);
  });

  it("waits between attempts of itself alone", async () => {
    answers = [CONFLICT, failure("ThrottlingException"), CONFLICT, OK];
    await documents().send(new UpdateCommand(update));
    expect(requests).toHaveLength(4);
    expect(waits).toEqual([20, 40]);
  });
});

describe("a transaction that is cancelled", () => {
  it.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
    "for a reason that passes is sent again as a new one: %s",
    async (reason) => {
      answers = [cancelled("None", reason), cancelled(reason, "None"), OK];
      await documents().send(new TransactWriteCommand(transaction));
      const tokens = requests.map(({ ClientRequestToken }) => ClientRequestToken);
      expect(new Set(tokens).size).toBe(3);
      expect(waits).toEqual([20, 40]);
    },
  );

  it("after an answer that was lost is repeated as the same one", async () => {
    answers = ["lost", cancelled("None", "TransactionConflict"), OK];
    await documents().send(new TransactWriteCommand(transaction));
    const [first, repeat, next] = requests.map(({ ClientRequestToken }) => ClientRequestToken);
    expect(repeat).toBe(first);
    expect(next).not.toBe(first);
  });

  it.each([
    ["a condition that does not hold", cancelled("ConditionalCheckFailed", "TransactionConflict")],
    ["what DynamoDB finds wrong", cancelled("ValidationError", "None")],
  ])("for %s is its caller's to handle", async (_reason, answer) => {
    answers = [answer];
    await expect(documents().send(new TransactWriteCommand(transaction))).rejects.toMatchObject({
      name: "TransactionCanceledException",
    });
    expect(requests).toHaveLength(1);
  });
});

it("a condition that does not hold is its caller's to handle", async () => {
  answers = [refused()];
  await expect(documents().send(new UpdateCommand(update))).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
  });
  expect(requests).toHaveLength(1);
});

describe("a put that code which is not ours makes", () => {
  const Item = { id: { S: "1" }, until: { N: "1795000000000" }, state: { S: "INPROGRESS" } };
  const put = () => {
    const input = { TableName: "t", Item, ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
    return withOwnPuts(createDynamoClient(QUICK_LIMITS, tools)).send(new PutItemCommand(input));
  };

  it("succeeds when its answer was lost and its repeat finds what it has put", async () => {
    answers = ["lost", refused(Item)];
    await expect(put()).resolves.toMatchObject({ $metadata: { attempts: 2 } });
  });

  it.each<[string, Answer[]]>([
    ["another item is there", ["lost", refused({ ...Item, until: { N: "1795000000001" } })]],
    ["no answer was lost", [refused(Item)]],
  ])("is refused when %s", async (_what, given) => {
    answers = given;
    await expect(put()).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });
});
