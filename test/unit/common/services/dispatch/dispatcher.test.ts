import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { DispatchClaims } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import type { QueuedBatch } from "../../../../../lambdas/common/adapters/sqs/batch-queue.ts";
import type { BatchRow } from "../../../../../lambdas/common/core/batches/batch-row.ts";
import type { DispatchClaim, RunRow } from "../../../../../lambdas/common/core/runs/run-row.ts";
import { Dispatcher, type DispatcherDeps } from "../../../../../lambdas/common/services/dispatch/dispatcher.ts";
import { aRun, asinNumber, NOON } from "../../../../helpers/rows.ts";

const segments = [
  { marketplace: "www.amazon.com", key: "us", index_key: "us.index", products: 45 },
  { marketplace: "www.amazon.de", key: "de", index_key: "de.index", products: 10 },
];
const bulkRun = (overrides: Partial<RunRow> = {}) =>
  aRun({ segments, batches: 4, dispatched: 0, uploaded: 55, pending: 55, ...overrides });

const world = (open: readonly RunRow[] = [], windowProducts = 1_000) => {
  const rows = new Map<string, BatchRow>();
  const sent: { queue: string; messages: readonly QueuedBatch[] }[] = [];
  const claims: DispatchClaim[] = [];
  let grant = true;
  let release = true;
  let lists = 0;
  let nowMs = NOON;
  const deps = {
    runs: {
      listOpenRuns: async () => {
        lists += 1;
        return [...open];
      },
    },
    batches: {
      create: async (row: BatchRow) => {
        if (rows.has(row.batch_id)) return false;
        rows.set(row.batch_id, row);
        return true;
      },
    },
    claims: {
      take: async (run: RunRow, claim: DispatchClaim) => {
        claims.push(claim);
        return grant ? run : undefined;
      },
      release: async (run: RunRow, claim: DispatchClaim) => (release ? { ...run, dispatched: claim.to } : undefined),
    },
    products: {
      read: async (segment: { key: string }, from: number, count: number) => {
        if (segment.key === "gone") throw new Error("no such object: gone");
        return Array.from({ length: count }, (_, n) => ({ asin: asinNumber(from + n + 1), sku: `sku-${from + n}` }));
      },
    },
    batchQueue: {
      send: async (queue: string, messages: readonly QueuedBatch[]) => {
        sent.push({ queue, messages });
      },
    },
    clock: { now: () => nowMs, sleep: async () => undefined },
    newId: () => "owner",
    queues: { bulk: "bulk-queue", express: "express-queue" },
    windowProducts,
  };
  return {
    rows,
    sent,
    claims,
    lists: () => lists,
    pass: (ms: number) => {
      nowMs += ms;
    },
    refuse: () => {
      grant = false;
    },
    loseClaim: () => {
      release = false;
    },
    dispatcher: new Dispatcher(deps as unknown as DispatcherDeps),
  };
};

describe("dispatcher", () => {
  it("writes and sends the batches of a run, each of one shop", async () => {
    const { dispatcher, rows, sent } = world();
    expect(await dispatcher.dispatch(bulkRun(), 10)).toBe(4);
    expect([...rows.values()].map((row) => [row.number, row.marketplace, row.items.length])).toEqual([
      [1, "www.amazon.com", 20],
      [2, "www.amazon.com", 20],
      [3, "www.amazon.com", 5],
      [4, "www.amazon.de", 10],
    ]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.queue).toBe("bulk-queue");
    expect(sent[0]?.messages[0]?.message).toMatchObject({
      generation: 1,
      batch_id: "enrich_cat_1_1#0000001",
      products: { length: 20 },
    });
    expect(rows.get("enrich_cat_1_1#0000001")).toMatchObject({
      due_shard: "1",
      version: 0,
      items: [{ sku: "sku-0" }, ...Array(19).fill({})],
    });
  });

  it("sends express runs by the queue of their own", async () => {
    const { dispatcher, sent } = world();
    await dispatcher.dispatch(bulkRun({ express: true }), 1);
    expect(sent[0]?.queue).toBe("express-queue");
  });

  it("sends of an express run no more by that queue than the user may have in flight beside the window", async () => {
    const segment = { marketplace: "www.amazon.com", key: "us", index_key: "us.index", products: 250 };
    const run = bulkRun({ express: true, segments: [segment], batches: 5, uploaded: 250, pending: 250 });
    const { dispatcher, rows, sent } = world([{ ...run, options: { ...run.options, batch_size: 50 } }], 100);
    expect(await dispatcher.topUp()).toBe(4);
    expect(
      sent.map(({ queue, messages }) => [queue, messages.map(({ message }) => message.batch_id.slice(-1))]),
    ).toEqual([
      ["express-queue", ["1", "2"]],
      ["bulk-queue", ["3", "4"]],
    ]);
    // By these they are sent again.
    expect([...rows.values()].map(({ queue }) => queue)).toEqual(["express", "express", "bulk", "bulk"]);
  });

  it("sends nothing when another one holds the claim", async () => {
    const { dispatcher, rows, sent, refuse } = world();
    refuse();
    expect(await dispatcher.dispatch(bulkRun(), 4)).toBe(0);
    expect(rows.size + sent.length).toBe(0);
  });

  it("redoes a stale claim to its end, with the same rows", async () => {
    const { dispatcher, rows, claims } = world();
    const stale = { owner: "dead", from: 1, to: 3, expires_at: new Date(NOON - 1).toISOString() };
    expect(await dispatcher.dispatch(bulkRun({ claim: stale }), 1)).toBe(3);
    expect(claims[0]).toMatchObject({ from: 1, to: 3, owner: "owner" });
    expect(rows.size).toBe(3);
  });

  it("stops when its claim was lost while it sent", async () => {
    const { dispatcher, loseClaim } = world();
    loseClaim();
    expect(await dispatcher.dispatch(bulkRun(), 4)).toBe(0);
  });

  it("tops up all open runs within the window, and runs that the index does not show yet", async () => {
    const first = bulkRun({ batch_id: "r1", owner_id: "a" });
    const second = bulkRun({ batch_id: "r2", owner_id: "b" });
    const { dispatcher, rows } = world([first], 60);
    expect(await dispatcher.topUp([first, second])).toBe(3);
    expect([...rows.values()].filter((row) => row.tracking_id === "r1")).toHaveLength(2);
    expect([...rows.values()].filter((row) => row.tracking_id === "r2")).toHaveLength(1);
  });

  it("lists open runs once a second, and knows meanwhile what it sent itself", async () => {
    const run = bulkRun();
    const { dispatcher, claims, lists, pass } = world([run], 30);
    expect(await dispatcher.topUp()).toBe(2);
    pass(999);
    expect(await dispatcher.topUp()).toBe(0);
    expect([lists(), claims.length]).toEqual([1, 1]);
    pass(1);
    await dispatcher.topUp();
    expect(lists()).toBe(2);
    await dispatcher.topUp([run]);
    expect(lists()).toBe(3);
  });

  it("lists open runs again at once when another one was faster, or a sending failed", async () => {
    const beaten = world([bulkRun()]);
    beaten.refuse();
    await beaten.dispatcher.topUp();
    await beaten.dispatcher.topUp();
    expect(beaten.lists()).toBe(2);
    const broken = world([bulkRun({ segments: segments.map((one) => ({ ...one, key: "gone" })) })]);
    await expect(broken.dispatcher.topUp()).rejects.toThrow("no such object");
    await expect(broken.dispatcher.topUp()).rejects.toThrow("no such object");
    expect(broken.lists()).toBe(2);
  });

  it("sends the others when one run cannot be sent, and says so afterwards", async () => {
    const broken = bulkRun({
      batch_id: "r1",
      owner_id: "a",
      segments: segments.map((one) => ({ ...one, key: "gone" })),
    });
    const { dispatcher, rows, sent } = world([broken, bulkRun({ batch_id: "r2", owner_id: "b" })]);
    await expect(dispatcher.topUp()).rejects.toThrow("no such object: gone");
    expect([...rows.values()].map((row) => row.tracking_id)).toEqual(["r2", "r2", "r2", "r2"]);
    expect(sent).toHaveLength(1);
  });
});

describe("dispatch claims", () => {
  const mock = mockClient(DynamoDBDocumentClient);
  const claims = new DispatchClaims(mock as unknown as DynamoDBDocumentClient, "status");
  const now = new Date(NOON).toISOString();
  const claim = { owner: "me", from: 1, to: 4, expires_at: new Date(NOON + 60_000).toISOString() };
  beforeEach(() => mock.reset());

  it("are taken only on a run that nobody moved, that continues and bears no live claim", async () => {
    mock.on(UpdateCommand).resolves({ Attributes: bulkRun({ claim }) });
    expect(await claims.take(bulkRun(), claim, now)).toMatchObject({ claim });
    const condition = mock.commandCalls(UpdateCommand)[0]?.args[0].input.ConditionExpression;
    expect(condition).toContain("dispatched = :dispatched");
    expect(condition).toContain("attribute_not_exists(claim)");
    expect(mock.commandCalls(UpdateCommand)[0]?.args[0].input.ExpressionAttributeValues).toMatchObject({
      ":state0": "queued",
      ":state1": "running",
      ":state2": "waiting_for_source",
    });
  });

  it("are taken over from the holder that was seen, once its time is up", async () => {
    mock.on(UpdateCommand).resolves({ Attributes: bulkRun({ claim }) });
    await claims.take(bulkRun({ claim: { ...claim, owner: "dead" } }), claim, now);
    const input = mock.commandCalls(UpdateCommand)[0]?.args[0].input;
    expect(input?.ConditionExpression).toContain("claim.#owner = :seen AND claim.expires_at < :now");
    expect(input?.ExpressionAttributeValues).toMatchObject({ ":seen": "dead" });
  });

  it("are released by their owner alone", async () => {
    mock.on(UpdateCommand).resolvesOnce({ Attributes: bulkRun({ dispatched: 4 }) });
    expect((await claims.release(bulkRun(), claim, now))?.dispatched).toBe(4);
    mock.on(UpdateCommand).rejects(new ConditionalCheckFailedException({ message: "lost", $metadata: {} }));
    expect(await claims.release(bulkRun(), claim, now)).toBeUndefined();
    expect(mock.commandCalls(UpdateCommand)[0]?.args[0].input.ConditionExpression).toContain("claim.#owner = :owner");
  });

  it.each(["take", "takeOver"] as const)(
    "are ours although the SDK repeats a %s whose answer was lost",
    async (verb) => {
      const refused = (row: RunRow) =>
        new ConditionalCheckFailedException({
          message: "refused",
          $metadata: {},
          Item: marshall(row, { removeUndefinedValues: true }),
        });
      const seen = bulkRun({ claim: { ...claim, owner: "dead" } });
      mock.on(UpdateCommand).rejects(refused(bulkRun({ claim })));
      expect(await claims[verb](seen, claim, now)).toMatchObject({ claim, dispatched: 0 });
      expect(mock.commandCalls(UpdateCommand)[0]?.args[0].input.ReturnValuesOnConditionCheckFailure).toBe("ALL_OLD");
      mock.on(UpdateCommand).rejects(refused(bulkRun({ claim: { ...claim, owner: "other" } })));
      expect(await claims[verb](seen, claim, now)).toBeUndefined();
      mock.on(UpdateCommand).rejects(refused(bulkRun()));
      expect(await claims[verb](seen, claim, now)).toBeUndefined();
    },
  );

  it("pass other faults on", async () => {
    mock.on(UpdateCommand).rejects(new Error("denied"));
    await expect(claims.take(bulkRun(), claim, now)).rejects.toThrow("denied");
  });
});
