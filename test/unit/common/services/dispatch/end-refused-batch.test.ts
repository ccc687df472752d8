import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { BatchRowStore } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { OutcomeRecorder } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { FailureStore } from "../../../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import type { QueuedBatch } from "../../../../../lambdas/common/adapters/sqs/batch-queue.ts";
import type { BatchRow } from "../../../../../lambdas/common/core/batches/batch-row.ts";
import type { DispatchClaim, RunRow } from "../../../../../lambdas/common/core/runs/run-row.ts";
import { isWellFormed } from "../../../../../lambdas/common/core/text/well-formed.ts";
import { Dispatcher } from "../../../../../lambdas/common/services/dispatch/dispatcher.ts";
import { aRun, asinNumber, NOON } from "../../../../helpers/rows.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { RecordingMeter } from "../../../../helpers/worlds/recording-meter.ts";

const mock = mockClient(DynamoDBDocumentClient);
const client = mock as unknown as DynamoDBDocumentClient;
const HALF = "half\ud83d";

const serviceError = (name: string) => Object.assign(new Error("Invalid UTF-8: 'half'"), { name, $metadata: {} });

/** Two batches of two products; the products of the second one carry half of a character. */
const run = aRun({
  segments: [{ marketplace: "www.amazon.de", key: "de", index_key: "de.index", products: 4 }],
  ...{ options: { ...aRun().options, batch_size: 2 }, batches: 2, dispatched: 0, uploaded: 4, pending: 4 },
});
const request = (id: number) => ({ id: `r-${id}`, retry_count: 0, correlation_id: id > 2 ? HALF : "whole" });

const world = () => {
  const sent: QueuedBatch[] = [];
  const released: DispatchClaim[] = [];
  const meter = new RecordingMeter();
  const dispatcher = new Dispatcher({
    runs: { listOpenRuns: async () => [] },
    batches: new BatchRowStore(client, "status"),
    recorder: new OutcomeRecorder(client, "status"),
    failures: new FailureStore(client, "failures"),
    claims: {
      take: async (taken: RunRow) => taken,
      takeOver: async () => undefined,
      release: async (claimed: RunRow, claim: DispatchClaim) => {
        released.push(claim);
        return { ...claimed, dispatched: claim.to };
      },
    },
    products: {
      read: async (_segment, from, count) =>
        Array.from({ length: count }, (_, n) => ({ asin: asinNumber(from + n + 1), request: request(from + n + 1) })),
    },
    batchQueue: { send: async (_queue, messages) => void sent.push(...messages) },
    clock: { now: () => NOON, sleep: async () => undefined },
    newId: () => "owner",
    queues: { bulk: "bulk", express: "express" },
    onUnreadable: ({ error }) => {
      throw error;
    },
    windowProducts: 100,
    meter,
    log: silentLog,
  });
  return { sent, released, dispatcher, metrics: meter.written };
};

const puts = () => mock.commandCalls(PutCommand).map(({ args: [{ input }] }) => input.Item as BatchRow);
const endings = () => mock.commandCalls(TransactWriteCommand).map(({ args: [{ input }] }) => input.TransactItems ?? []);

beforeEach(() => {
  mock.reset();
  mock.on(UpdateCommand).resolves({});
  mock.on(TransactWriteCommand).resolves({});
});

describe("a batch whose row the table refuses for good", () => {
  it.each(["ValidationException", "SerializationException"])(
    "ends as UNSTORABLE by a row that the table takes, and the run goes on (%s)",
    async (name) => {
      mock.on(PutCommand).callsFake(({ Item }) => {
        if (!isWellFormed(Item)) throw serviceError(name);
        return {};
      });
      const { dispatcher, sent, released } = world();
      expect(await dispatcher.dispatch(run, 2)).toBe(2);
      expect(sent.map(({ message }) => message.batch_id)).toEqual([`${run.batch_id}#0000001`]);
      expect(released).toEqual([expect.objectContaining({ from: 1, to: 2 })]);
      const [[put, update] = []] = endings();
      expect(put?.Put).toMatchObject({
        ConditionExpression: "version = :version",
        Item: {
          ...{ batch_id: `${run.batch_id}#0000002`, version: 1, state: "completed_with_failures" },
          items: [3, 4].map((n) => ({
            ...{ asin: asinNumber(n), state: "failed", error_code: "UNSTORABLE" },
            // Its sender is answered.
            request: { id: `r-${n}`, retry_count: 0, correlation_id: "half\ufffd" },
          })),
        },
      });
      expect(put?.Put?.Item).not.toHaveProperty("due_at");
      expect(update?.Update?.ExpressionAttributeNames).toMatchObject({ "#failure_counts0": "UNSTORABLE" });
      expect(update?.Update?.ExpressionAttributeValues).toMatchObject({ ":failed": 2, ":pending": -2, ":settled": 1 });
      const failures = mock.commandCalls(UpdateCommand).map(({ args: [{ input }] }) => input);
      expect(failures.map(({ TableName, Key }) => [TableName, Key?.product_key])).toEqual(
        [3, 4].map((n) => ["failures", `www.amazon.de#${asinNumber(n)}`]),
      );
      expect(JSON.stringify(failures)).toContain("the table does not take the batch of this product: Invalid UTF-");
    },
  );

  it("is counted once it is committed: in all, by region and by code, under one service for all that dispatch", async () => {
    mock.on(PutCommand).callsFake(({ Item }) => {
      if (!isWellFormed(Item)) throw serviceError("ValidationException");
      return {};
    });
    const { dispatcher, metrics } = world();
    await dispatcher.dispatch(run, 2);
    const service = "dispatch";
    expect(metrics).toEqual([
      ["EnrichmentRequests", 2, { service }],
      ["EnrichmentSuccesses", 0, { service }],
      ["EnrichmentFailures", 2, { service }],
      ["EnrichmentFailures", 1, { service, error_code: "UNSTORABLE" }],
      ["EnrichmentFailures", 1, { service, error_code: "UNSTORABLE" }],
      ["EnrichmentRequests", 2, { service, region: "EU" }],
      ["EnrichmentSuccesses", 0, { service, region: "EU" }],
      ["EnrichmentFailures", 2, { service, region: "EU" }],
    ]);
  });

  it("is not counted where somebody else committed it, or nobody could", async () => {
    mock.on(PutCommand).callsFake(({ Item }) => {
      if (!isWellFormed(Item)) throw serviceError("ValidationException");
      return {};
    });
    const forestalling = [{ Code: "ConditionalCheckFailed" }, { Code: "None" }];
    mock
      .on(TransactWriteCommand)
      .rejects(
        new TransactionCanceledException({ message: "cancelled", $metadata: {}, CancellationReasons: forestalling }),
      );
    const forestalled = world();
    await forestalled.dispatcher.dispatch(run, 2);
    expect(endings()).toHaveLength(1);
    expect(forestalled.metrics).toEqual([]);
    mock.on(TransactWriteCommand).rejects(serviceError("AccessDeniedException"));
    const denied = world();
    await expect(denied.dispatcher.dispatch(run, 2)).rejects.toThrow();
    expect(denied.metrics).toEqual([]);
  });

  it("is ended once: a repeat finds it ended, and one whose sender died before is ended then", async () => {
    const stored = (version: number) => ({ ...puts().at(-1), version });
    mock.on(PutCommand).callsFake(({ Item }) => {
      throw serviceError(isWellFormed(Item) ? "ConditionalCheckFailedException" : "ValidationException");
    });
    mock.on(GetCommand).callsFake(() => ({ Item: stored(1) }));
    await world().dispatcher.dispatch(run, 2);
    expect(endings()).toHaveLength(0);
    mock.on(GetCommand).callsFake(() => ({ Item: stored(0) }));
    await world().dispatcher.dispatch(run, 2);
    expect(endings()).toHaveLength(1);
  });

  it("stays to be sent when the table refuses every form of it, or cannot be reached", async () => {
    mock.on(PutCommand).rejects(serviceError("ValidationException"));
    const { dispatcher, released } = world();
    await expect(dispatcher.dispatch(run, 2)).rejects.toThrow("cannot be stored in any form");
    mock.on(PutCommand).rejects(serviceError("ThrottlingException"));
    await expect(dispatcher.dispatch(run, 2)).rejects.toThrow("failed for now");
    expect(released).toEqual([]);
  });
});
