import { describe, expect, it } from "vitest";
import { EVENT_SYSTEM } from "../../../../lambdas/common/core/catalogs/system-owner.ts";
import type { RunRow } from "../../../../lambdas/common/core/runs/run-row.ts";
import { WebhookMessageSchema } from "../../../../lambdas/common/core/webhooks/webhook-message.ts";
import { aRun } from "../../../helpers/rows.ts";

import { at, record, StatusWorld } from "./status-world.ts";

describe("what webhooks are handed of runs", () => {
  const done: Partial<RunRow> = { state: "completed", open_shard: undefined, finished_at: at(9_000), pending: 0 };
  const failing = (sequence: number, count: number) =>
    aRun({ state: "running", sequence, failure_counts: { NOT_FOUND: count, OTHER: 1 }, failure_groups: undefined });

  it("are ends and groups of failures, once a batch of records, as keys and counts", async () => {
    const world = new StatusWorld();
    await world.deliver(
      record(aRun(), failing(2, 9)),
      record(failing(2, 9), failing(3, 10)),
      record(failing(3, 10), failing(4, 12)),
      record(aRun({ batch_id: "enrich_cat_1_2" }), aRun({ ...done, batch_id: "enrich_cat_1_2", enriched: 3 })),
    );
    expect(world.handedOn).toEqual([
      {
        ...{ version: 1, kind: "run" },
        run: {
          ...{ catalog_id: "cat_1", batch_id: "enrich_cat_1_2", owner_id: "user-1", state: "completed", uploaded: 3 },
          ...{ enriched: 3, failed: 0, cancelled: 0, failure_counts: {}, failure_groups: {}, finished_at: at(9_000) },
        },
      },
      { version: 1, kind: "run", run: expect.objectContaining({ failure_counts: { NOT_FOUND: 12, OTHER: 1 } }) },
    ]);
    for (const message of world.handedOn) expect(WebhookMessageSchema.parse(message)).toEqual(message);
  });

  it("is nothing of a run that goes on with few failures, of requests of other systems, and where a stage has none", async () => {
    const world = new StatusWorld();
    const ended = { ...done, owner_id: EVENT_SYSTEM };
    await world.deliver(record(aRun(), failing(2, 9)), record(aRun({ owner_id: EVENT_SYSTEM }), aRun(ended)));
    expect(world.handedOn).toEqual([]);
    const without = new StatusWorld();
    without.hasWebhooks = false;
    await without.deliver(record(aRun(), aRun(done)));
    expect([without.handedOn.length, without.published.length]).toEqual([0, 1]);
  });

  it("comes again when the queue did not take it, and is not held up by the bus, nor the bus by the queue", async () => {
    const world = new StatusWorld();
    const one = record(aRun(), aRun(done));
    world.isQueueAway = true;
    await expect(world.deliver(one)).rejects.toThrow("the queue is away");
    expect([world.handedOn.length, world.published.length]).toEqual([0, 1]);
    world.isQueueAway = false;
    world.isAway = true;
    await expect(world.deliver(one)).rejects.toThrow("the bus is away");
    expect(world.handedOn).toHaveLength(1);
    world.isAway = false;
    await world.deliver(one);
    expect(world.handedOn[1]).toEqual(world.handedOn[0]);
  });
});
