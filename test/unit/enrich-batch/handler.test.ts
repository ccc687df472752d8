import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { Meter } from "../../../lambdas/common/platform/metrics.ts";
import { createHandler } from "../../../lambdas/enrich-batch/handler.ts";
import { aProduct } from "../../helpers/products.ts";
import { aBatch, anItem, aRun, asinNumber, NOON } from "../../helpers/rows.ts";
import { silentMeter } from "../../helpers/silent.ts";
import { ConsumerWorld } from "../../helpers/worlds/consumer-world.ts";
import { context, ids, iso, second } from "./two-batches.ts";

describe("enrich-batch", () => {
  it("enriches the products of all messages together and closes the run", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ uploaded: 5, pending: 5, batches: 2, dispatched: 2 }), aBatch(), second);
    const answer = await createHandler(world.deps())(
      { Records: [world.record(aBatch()), world.record(second)] },
      context,
    );
    expect(ids(answer)).toEqual([]);
    expect(world.asked.map((request) => request.products.length)).toEqual([5]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "completed", pending: 0, enriched: 5, settled: 2 });
  });

  it("fails a product alone that the table refuses for good: its neighbours in all batches end as they are", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ uploaded: 5, pending: 5, batches: 2, dispatched: 2 }), aBatch(), second);
    const bad = `www.amazon.com#${asinNumber(2)}`;
    world.unstorable.add(bad);
    world.verdict = (asin) => ({
      result: { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false },
      product: { product: aProduct({ asin, product_id: `www.amazon.com#${asin}` }), raw_keys: [], refresh_until: null },
    });
    const records = [world.record(aBatch()), world.record(second)];
    const counted: Record<string, number> = {};
    const count: Meter["count"] = (name, value, dimensions) => {
      const key = [name, ...Object.values(dimensions ?? {})].join(" ");
      counted[key] = (counted[key] ?? 0) + value;
    };
    const answer = await createHandler(world.deps({ meter: { ...silentMeter, count } }))({ Records: records }, context);
    expect(ids(answer)).toEqual([]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ pending: 0, enriched: 4, failed: 1, settled: 2 });
    expect(counted).toMatchObject({
      ...{ EnrichmentRequests: 5, EnrichmentSuccesses: 4, "EnrichmentFailures UNSTORABLE": 1 },
      ...{ "EnrichmentRequests NA": 5, "EnrichmentSuccesses NA": 4, "EnrichmentFailures NA": 1 },
    });
    expect(world.saved).toHaveLength(4);
    expect(world.rows.get(aBatch().batch_id)).toMatchObject({
      state: "completed_with_failures",
      items: [{ state: "enriched" }, { state: "failed", error_code: "UNSTORABLE" }, { state: "enriched" }],
    });
    expect(world.failures).toMatchObject([
      { product_key: bad, error_code: "UNSTORABLE", message: "the product was found, but the table does not take it" },
    ]);
    expect(world.sent).toEqual([]);
  });

  it("fails a waiting product whose draft the table refuses, instead of trying for ever", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    world.unstorable.add(`www.amazon.com#${asinNumber(1)}`);
    world.verdict = (asin) => ({
      result: { kind: "wait", retryAtMs: NOON + 30_000, shortCall: false },
      product: { product: aProduct({ asin, product_id: `www.amazon.com#${asin}` }), raw_keys: [], refresh_until: null },
    });
    await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
    const states = world.rows.get(aBatch().batch_id)?.items.map(({ state }) => state);
    expect(states).toEqual(["failed", "pending", "pending"]);
  });

  it("records each batch as soon as its products are through, and refills the window with what is unsent", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ uploaded: 9, pending: 9, batches: 3, dispatched: 2 }), aBatch(), second);
    const seen: number[] = [];
    const deps = world.deps({
      enrich: async ({ products, deliver }) => {
        for (const { key, asin } of products) {
          await deliver({ outcomes: new Map([[key, world.verdict(asin)]]), blockedBy: [] });
          seen.push(world.runs.get("enrich_cat_1_1")?.settled ?? -1);
        }
      },
    });
    await createHandler(deps)({ Records: [world.record(aBatch()), world.record(second)] }, context);
    expect(seen).toEqual([0, 0, 1, 1, 2]);
    // The run's first product, then each batch.
    expect(world.outcomes.map(({ changes }) => changes.map(({ after }) => after.number))).toEqual([[1], [1], [2]]);
    expect(world.topUps).toBeGreaterThan(0);
  });

  it("lets no record come back because the window could not be refilled", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ uploaded: 9, pending: 9, batches: 3, dispatched: 1 }), aBatch());
    let asked = 0;
    const topUp = async () => {
      asked += 1;
      throw new TransientError("the bucket does not answer");
    };
    const deps = world.deps({ dispatcher: { topUp } as never });
    expect(ids(await createHandler(deps)({ Records: [world.record(aBatch())] }, context))).toEqual([]);
    expect(asked).toBe(2);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ enriched: 3, settled: 1 });
  });

  it("fails an unreadable record alone; its neighbours are done", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const bad = [world.record(second, { body: "{" }), world.record(second, { body: '{"version":2}' })];
    const answer = await createHandler(world.deps())({ Records: [...bad, world.record(aBatch())] }, context);
    expect(ids(answer)).toEqual([`m-${second.batch_id}`, `m-${second.batch_id}`]);
    expect(world.runs.get("enrich_cat_1_1")?.enriched).toBe(3);
    // Soon, so that it reaches the dead-letter queue in seconds and not in hours.
    expect(world.hurried).toEqual(bad.map((record) => [record.receiptHandle, 3]));
  });

  it("runs records that were received three times last and alone, after the settled ones are deleted", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ uploaded: 5, pending: 5, batches: 2, dispatched: 2 }), aBatch(), second);
    const records = [world.record(second, { receives: 3 }), world.record(aBatch())];
    await createHandler(world.deps())({ Records: records }, context);
    expect(world.asked.map((request) => request.products.map((product) => product.asin))).toEqual([
      [1, 2, 3].map(asinNumber),
      [4, 5].map(asinNumber),
    ]);
    expect(world.acknowledged).toEqual([`r-${aBatch().batch_id}`]);
  });
});

describe("a batch with open products", () => {
  it("comes back by a delayed message of the next generation, sent before the record", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    world.verdict = (asin) => ({
      result:
        asin === asinNumber(1)
          ? { kind: "wait", retryAtMs: NOON + 60_000, shortCall: false }
          : { kind: "failed", code: "ItemNotAccessible" },
      failure: { source: "creators-api", rawCode: "ItemNotAccessible", message: "not here" },
      notFoundAt: ["creators-api"],
    });
    await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
    expect(world.sent).toMatchObject([
      {
        queue: "bulk-queue",
        queuedBatch: { delaySeconds: 60, message: { generation: 2, products: [{ asin: asinNumber(1) }] } },
      },
    ]);
    expect(world.rows.get(aBatch().batch_id)).toMatchObject({ generation: 2, state: "queued" });
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ pending: 1, failed: 2, state: "running" });
    expect(world.failures).toMatchObject(
      [2, 3].map((n) => ({
        product_key: `www.amazon.com#${asinNumber(n)}`,
        error_code: "ItemNotAccessible",
        message:
          "Amazon does not give this product out by the Creators API. Check the ASIN and the shop; the next source is asked.",
      })),
    );
    expect(world.notFound).toHaveLength(3);
  });

  it("names the source that failed for now, when nothing else could be done", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    world.verdict = () => ({
      result: { kind: "retry", code: "InternalFailure", counts: true, suspicion: false },
      failure: { source: "creators-api", rawCode: "InternalFailure", message: "no answer within 30 s" },
    });
    await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({
      state: "running",
      pending: 3,
      blocked_by: [{ source: "creators-api", code: "InternalFailure", retry_at: iso(30_000) }],
    });
  });

  it("says that its run waits for a source when nothing could be done", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ express: true }), aBatch());
    world.blocked = [{ source: "creators-api", code: "paused", action: "check the secret", retry_at: null }];
    world.verdict = () => ({ result: { kind: "wait", retryAtMs: NOON + 1_000_000, shortCall: false } });
    await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "waiting_for_source", blocked_by: world.blocked });
    expect(world.sent).toEqual([]);
    expect(world.rows.get(aBatch().batch_id)?.due_at).toBe(iso(1_000_000));
  });

  it("comes back by the queue that it came from, when its express run had more than goes by the express queue", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ express: true }), aBatch());
    world.verdict = () => ({ result: { kind: "wait", retryAtMs: NOON + 60_000, shortCall: false } });
    const deps = world.deps();
    await createHandler(deps)({ Records: [world.record(aBatch())] }, context);
    expect(world.sent).toMatchObject([{ queue: deps.ownQueueUrl }]);
    expect(deps.ownQueueUrl).toBe("bulk-queue");
    expect(world.asked[0]?.products.map(({ returns }) => returns)).toEqual([0, 0, 0]);
  });

  it("works only on products whose time has come", async () => {
    const world = new ConsumerWorld();
    const items = [anItem({ asin: asinNumber(1), next_attempt_at: iso(5_000) }), anItem({ asin: asinNumber(2) })];
    world.add(aRun({ uploaded: 2, pending: 2 }), aBatch({ items }));
    await createHandler(world.deps())({ Records: [world.record(aBatch({ items }))] }, context);
    expect(world.asked[0]?.products.map((product) => product.asin)).toEqual([asinNumber(2)]);
    expect(world.sent[0]?.queuedBatch.delaySeconds).toBe(5);
  });
});

describe("a run that was stopped", () => {
  it("has its in-flight batches settled as cancelled, without a call", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ state: "cancelled" }), aBatch());
    await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
    expect(world.asked).toEqual([]);
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "cancelled", cancelled: 3, pending: 0 });
  });

  it("has its batches parked without a message while it is paused", async () => {
    const world = new ConsumerWorld();
    world.add(aRun({ state: "paused" }), aBatch());
    await createHandler(world.deps())({ Records: [world.record(aBatch())] }, context);
    expect(world.asked).toEqual([]);
    expect(world.sent).toEqual([]);
    expect(world.rows.get(aBatch().batch_id)).toMatchObject({ state: "queued", generation: 2 });
    expect(world.rows.get(aBatch().batch_id)?.lease_until).toBeUndefined();
    expect(world.runs.get("enrich_cat_1_1")).toMatchObject({ state: "paused", pending: 3 });
  });

  it("stops further calls within five seconds", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const said: boolean[] = [];
    const enrich: Parameters<typeof world.deps>[0] = {
      enrich: async ({ mayContinue, products, deliver }) => {
        said.push(await mayContinue());
        world.runs.set("enrich_cat_1_1", aRun({ state: "paused" }));
        said.push(await mayContinue());
        world.nowMs += 4_000;
        said.push(await mayContinue(), await mayContinue());
        await deliver({
          blockedBy: [],
          outcomes: new Map(
            products.map(({ key }) => [key, { result: { kind: "wait", retryAtMs: 0, shortCall: false } }]),
          ),
        });
      },
    };
    await createHandler(world.deps(enrich))({ Records: [world.record(aBatch())] }, context);
    expect(said).toEqual([true, true, false, false]);
  });

  it("and an invocation that is nearly out of time start no call", async () => {
    const world = new ConsumerWorld();
    world.add(aRun(), aBatch());
    const said: boolean[] = [];
    await createHandler(
      world.deps({
        enrich: async ({ mayContinue }) => {
          said.push(await mayContinue());
        },
      }),
    )({ Records: [world.record(aBatch())] }, { getRemainingTimeInMillis: () => 19_000 });
    expect(said).toEqual([false]);
  });
});
