import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { OutcomeRecorder } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { UsageMeter } from "../../../../../../lambdas/common/core/cost/usage-meter.ts";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import { aBatch, anItem, aRun, NOON } from "../../../../../helpers/rows.ts";

const mock = mockClient(DynamoDBDocumentClient);
const recorder = new OutcomeRecorder(mock as unknown as DynamoDBDocumentClient, "status");
const now = new Date(NOON).toISOString();
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: "cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

const before = aBatch({ version: 7, items: [anItem(), anItem()] });
const after = {
  ...before,
  items: [
    anItem({ state: "enriched", source: "creators-api" }),
    anItem({ state: "failed", error_code: "ItemNotAccessible" }),
  ],
} as typeof before;
const outcome = { run: aRun(), changes: [{ before, after }], blocked_by: [], state: "running" as const, now };
const sent = (index: number) => mock.commandCalls(TransactWriteCommand)[index]?.args[0].input.TransactItems ?? [];

beforeEach(() => mock.reset());

describe("outcome recorder", () => {
  it("commits batch rows on their version and the run's counts in one transaction", async () => {
    mock.on(TransactWriteCommand).resolves({});
    expect(await recorder.record(outcome)).toEqual(outcome.changes);
    const [batch, run] = sent(0);
    expect(batch?.Put).toMatchObject({
      Item: { version: 8, items: after.items },
      ConditionExpression: "version = :version",
      ExpressionAttributeValues: { ":version": 7 },
    });
    expect(run?.Update?.UpdateExpression).toContain(
      "ADD #sequence :one, #pending :pending, #enriched :enriched, #failed :failed",
    );
    // Something is recorded now.
    expect(run?.Update?.UpdateExpression).toMatch(/ REMOVE unrecorded$/);
    expect(run?.Update?.ExpressionAttributeValues).toMatchObject({
      ":pending": -2,
      ":enriched": 1,
      ":failed": 1,
      ":settled": 1,
    });
    expect(run?.Update?.ExpressionAttributeNames).toMatchObject({
      "#by_source0": "creators-api",
      "#failure_counts0": "ItemNotAccessible",
    });
  });

  it("counts into the run what was used since, and gives it back when nothing is committed", async () => {
    const usage = new UsageMeter(512, () => 0);
    const counting = new OutcomeRecorder(mock as unknown as DynamoDBDocumentClient, "status", usage);
    usage.count({ used_wu: 12, used_put: 2 });
    mock.on(TransactWriteCommand).rejectsOnce(new Error("not now")).resolves({});
    await expect(counting.record(outcome)).rejects.toThrow("not now");
    await counting.record(outcome);
    const update = sent(1)[1]?.Update;
    expect(update?.UpdateExpression).toContain(", used_wu :used_wu, used_put :used_put REMOVE");
    expect(update?.ExpressionAttributeValues).toMatchObject({ ":used_wu": 12, ":used_put": 2 });
    expect(usage.take()).toEqual({});
    usage.count({ used_wu: 3 });
    // Of a change that says nothing of the run nothing is counted into it.
    await counting.record({ run: aRun(), changes: [{ before, after: before }], blocked_by: [], now });
    expect(usage.take()).toEqual({ used_wu: 3 });
  });

  it("marks the run with the breakers that hold products up since then, also in runs of older versions", async () => {
    mock.on(TransactWriteCommand).resolves({});
    const one = aBatch({ items: [anItem()] });
    const held = { before: one, after: { ...one, items: [anItem({ held_by: ["keepa#me"] })] } };
    await recorder.record({ ...outcome, changes: [held], run: aRun() });
    expect(sent(0)[1]?.Update?.ExpressionAttributeValues?.[":held"]).toEqual({ "keepa#me": true });
    await recorder.record({ ...outcome, changes: [held], run: aRun({ held: {} }) });
    const update = sent(1)[1]?.Update;
    expect(update?.UpdateExpression).toContain("#held.#held0 = :held");
    expect(update?.UpdateExpression).toContain("#holds :one");
    expect(update?.ExpressionAttributeNames).toMatchObject({ "#held0": "keepa#me" });
    // It was so before: the mark is there.
    await recorder.record({
      ...outcome,
      changes: [{ before: held.after, after: held.after }],
      run: aRun({ held: {} }),
    });
    expect(sent(2)[1]?.Update?.UpdateExpression).not.toContain("#held");
  });

  it("leaves the run alone when nothing that a viewer sees has changed", async () => {
    mock.on(TransactWriteCommand).resolves({});
    const waiting = { ...before, generation: 2 };
    await recorder.record({ ...outcome, run: aRun({ state: "running" }), changes: [{ before, after: waiting }] });
    expect(sent(0)).toHaveLength(1);
  });

  it("counts what is parked, though nothing else changed", async () => {
    mock.on(TransactWriteCommand).resolves({});
    const parked = { ...before, items: [anItem({ parked: "first" }), anItem({ parked: "later" })] } as typeof before;
    await recorder.record({ ...outcome, run: aRun({ state: "running" }), changes: [{ before, after: parked }] });
    expect(sent(0)[1]?.Update?.UpdateExpression).toContain("#parked :parked, #parked_first :parked_first");
    expect(sent(0)[1]?.Update?.ExpressionAttributeValues).toMatchObject({ ":parked": 2, ":parked_first": 1 });
  });

  it("leaves the reason alone that somebody else gave since the run was read, unless it knows of any itself", async () => {
    mock.on(TransactWriteCommand).resolves({});
    const reason = { source: "keepa" as const, code: "daily-quota", action: "Wait.", retry_at: now };
    await recorder.record(outcome);
    await recorder.record({ ...outcome, run: aRun({ blocked_by: [reason] }) });
    await recorder.record({ ...outcome, blocked_by: [reason] });
    const written = [0, 1, 2].map((index) => sent(index)[1]?.Update?.ExpressionAttributeValues?.[":blocked"]);
    expect(written).toEqual([undefined, [], [reason]]);
  });

  it("counts without touching the state of a run that was paused meanwhile", async () => {
    mock.on(TransactWriteCommand).rejectsOnce(cancelled("None", "ConditionalCheckFailed")).resolvesOnce({});
    expect(await recorder.record(outcome)).toHaveLength(1);
    expect(sent(0)[1]?.Update?.UpdateExpression).toContain("#state = :state");
    expect(sent(1)[1]?.Update?.UpdateExpression).not.toContain("#state");
  });

  it("drops a batch that somebody else changed and commits the others", async () => {
    const other = { before: { ...before, batch_id: "other" }, after: { ...after, batch_id: "other" } };
    mock
      .on(TransactWriteCommand)
      .rejectsOnce(cancelled("ConditionalCheckFailed", "None", "None"))
      .resolvesOnce({});
    expect(await recorder.record({ ...outcome, changes: [...outcome.changes, other] })).toEqual([other]);
    expect(sent(1)[1]?.Update?.ExpressionAttributeValues).toMatchObject({ ":pending": -2 });
  });

  it("commits nothing when all batches are lost", async () => {
    mock.on(TransactWriteCommand).rejects(cancelled("ConditionalCheckFailed", "None"));
    expect(await recorder.record(outcome)).toEqual([]);
    expect(mock.calls()).toHaveLength(1);
  });

  it("commits nothing when the run was deleted", async () => {
    mock.on(TransactWriteCommand).rejects(cancelled("None", "ConditionalCheckFailed"));
    expect(await recorder.record(outcome)).toEqual([]);
    expect(mock.calls()).toHaveLength(2);
  });

  it.each(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
    "fails with an error that may pass when the client has given up on a %s",
    async (reason) => {
      mock.on(TransactWriteCommand).rejects(cancelled("None", reason));
      await expect(recorder.record(outcome)).rejects.toBeInstanceOf(TransientError);
      expect(mock.calls()).toHaveLength(1);
    },
  );

  it("leaves out a batch that somebody else changed although the run met another transaction too", async () => {
    const other = { before: { ...before, batch_id: "other" }, after: { ...after, batch_id: "other" } };
    mock
      .on(TransactWriteCommand)
      .rejectsOnce(cancelled("ConditionalCheckFailed", "None", "TransactionConflict"))
      .resolvesOnce({});
    expect(await recorder.record({ ...outcome, changes: [...outcome.changes, other] })).toEqual([other]);
  });

  it("does not take a transaction that DynamoDB finds wrong for one that may pass", async () => {
    mock.on(TransactWriteCommand).rejects(cancelled("ValidationError", "None"));
    await expect(recorder.record(outcome)).rejects.toMatchObject({ name: "TransactionCanceledException" });
  });

  it("sets the start of a run once", async () => {
    mock.on(TransactWriteCommand).resolves({});
    await recorder.record(outcome);
    await recorder.record({ ...outcome, run: aRun({ started_at: now }) });
    expect(sent(0)[1]?.Update?.UpdateExpression).toContain("started_at");
    expect(sent(1)[1]?.Update?.UpdateExpression).not.toContain("started_at");
  });
});
