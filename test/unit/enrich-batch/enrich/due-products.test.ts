import { describe, expect, it } from "vitest";
import { dueProducts } from "../../../../lambdas/enrich-batch/enrich/due-products.ts";
import { createHandler } from "../../../../lambdas/enrich-batch/handler.ts";
import { aBatch, anItem, aRun, asinNumber, NOON } from "../../../helpers/rows.ts";
import { ConsumerWorld } from "../../../helpers/worlds/consumer-world.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();
const one = asinNumber(1);

describe("the products that are due", () => {
  it("come once each, with the more cautious history of all batches that want them", () => {
    const rows = [
      aBatch({ items: [anItem({ asin: one, attempts: 2, reopened_at: iso(-2) }), anItem({ asin: asinNumber(2) })] }),
      aBatch({ generation: 5, items: [anItem({ asin: one, suspicions: 1, waited: true, reopened_at: iso(-1) })] }),
      aBatch({ marketplace: "www.amazon.de", items: [anItem({ asin: one })] }),
    ];
    const fresh = { suspicions: 0, attempts: 0, waited: false, reopenedAt: undefined, returns: 0 };
    const us = { marketplace: "www.amazon.com" };
    expect(dueProducts(rows.map((row) => ({ row, dueMs: NOON })))).toEqual([
      {
        ...us,
        key: `www.amazon.com#${one}`,
        asin: one,
        suspicions: 1,
        attempts: 2,
        waited: true,
        reopenedAt: iso(-1),
        returns: 4,
      },
      { ...us, ...fresh, key: `www.amazon.com#${asinNumber(2)}`, asin: asinNumber(2) },
      { ...fresh, marketplace: "www.amazon.de", key: `www.amazon.de#${one}`, asin: one },
    ]);
  });

  it("are neither settled nor ahead of their time", () => {
    const items = [
      anItem({ asin: one, state: "enriched" }),
      anItem({ asin: asinNumber(2), next_attempt_at: iso(1) }),
      anItem({ asin: asinNumber(3), next_attempt_at: iso(0) }),
    ];
    expect(dueProducts([{ row: aBatch({ items }), dueMs: NOON }]).map(({ asin }) => asin)).toEqual([asinNumber(3)]);
  });

  it("are asked for once when batches of two runs want the same, and settle in both", async () => {
    const world = new ConsumerWorld();
    const other = aBatch({ tracking_id: "enrich_cat_2_1", batch_id: "enrich_cat_2_1#0000001", catalog_id: "cat_2" });
    world.add(aRun(), aBatch());
    world.add(aRun({ catalog_id: "cat_2", batch_id: "enrich_cat_2_1" }), other);
    await createHandler(world.deps())(
      { Records: [world.record(aBatch()), world.record(other)] },
      { getRemainingTimeInMillis: () => 60_000 },
    );
    expect(world.asked.map(({ products }) => products.map(({ asin }) => asin))).toEqual([[1, 2, 3].map(asinNumber)]);
    for (const run of ["enrich_cat_1_1", "enrich_cat_2_1"]) {
      expect(world.runs.get(run)).toMatchObject({ state: "completed", enriched: 3, pending: 0 });
    }
  });
});
