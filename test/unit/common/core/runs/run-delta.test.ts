import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BatchItem } from "../../../../../lambdas/common/core/batches/batch-row.ts";
import { isNoChange, runDelta } from "../../../../../lambdas/common/core/runs/run-delta.ts";
import { anItem } from "../../../../helpers/rows.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("run delta", 20_261_123);

const state = fc.constantFrom("pending", "enriched", "failed", "cancelled" as const);
const item = fc
  .record({ state, source: fc.constantFrom("creators-api", "keepa" as const), error_code: fc.constantFrom("A", "B") })
  .map((fields) => anItem(fields));

const US = "www.amazon.com";
/** Items of a batch before and after. */
const aChange = (before: BatchItem[], after: BatchItem[], marketplace = US) => ({
  before: { items: before, marketplace },
  after: { items: after, marketplace },
});

describe("run delta", () => {
  it("moves nothing in sum, whatever happens to the items of a batch", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(item, item), { minLength: 1, maxLength: 50 }), (pairs) => {
        const delta = runDelta([
          aChange(
            pairs.map(([before]) => before),
            pairs.map(([, after]) => after),
          ),
        ]);
        expect(delta.pending + delta.enriched + delta.failed + delta.cancelled).toBe(0);
        const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0);
        expect(sum(delta.by_source)).toBe(delta.enriched);
        expect(sum(delta.failure_counts)).toBe(delta.failed);
      }),
      { seed: SEED },
    );
  });

  it("counts enriched, failed, cached and incomplete products and a batch that is settled by them", () => {
    const before = [anItem(), anItem(), anItem()];
    const after = [
      anItem({ state: "enriched", source: "keepa", from_cache: true }),
      anItem({ state: "enriched", source: "creators-api", incomplete: true }),
      anItem({ state: "failed", error_code: "ItemNotAccessible" }),
    ];
    expect(runDelta([aChange(before, after)])).toEqual({
      pending: -3,
      enriched: 2,
      failed: 1,
      cancelled: 0,
      from_cache: 1,
      incomplete: 1,
      settled: 1,
      parked: 0,
      parked_first: 0,
      by_source: { keepa: 1, "creators-api": 1 },
      failure_counts: { ItemNotAccessible: 1 },
      failure_groups: { ItemNotAccessible: 1 },
    });
  });

  it("takes a failure back when its product is reopened", () => {
    const delta = runDelta([aChange([anItem({ state: "failed", error_code: "X" })], [anItem()])]);
    expect(delta).toMatchObject({ pending: 1, failed: -1, settled: -1, failure_counts: { X: -1 } });
  });

  it("counts failures by group: apart by source, or by shop where that is the cause", () => {
    const failed = [
      anItem({ state: "failed", error_code: "RetriesExhausted", error_source: "keepa" }),
      anItem({ state: "failed", error_code: "RetriesExhausted", error_source: "paapi" }),
      anItem({ state: "failed", error_code: "DEAD_LETTERED", error_source: "paapi" }),
      anItem({ state: "failed", error_code: "MarketplaceDisabled" }),
    ];
    const delta = runDelta([aChange([anItem(), anItem(), anItem(), anItem()], failed, "www.amazon.de")]);
    expect(delta.failure_groups).toEqual({
      "RetriesExhausted.keepa": 1,
      "RetriesExhausted.paapi": 1,
      DEAD_LETTERED: 1,
      "MarketplaceDisabled.www.amazon.de": 1,
    });
  });

  it("counts parked products by what they wait for, and no longer once they are not pending", () => {
    const parked = [anItem({ parked: "first" }), anItem({ parked: "later" }), anItem({ parked: "later" })];
    const delta = runDelta([aChange([anItem(), anItem(), anItem()], parked)]);
    expect(delta).toMatchObject({ pending: 0, parked: 3, parked_first: 1 });
    expect(isNoChange(delta)).toBe(false);
    const ended = parked.map((item) => ({ ...item, state: "failed" as const }));
    expect(runDelta([aChange(parked, ended)])).toMatchObject({ parked: -3, parked_first: -1, failed: 3 });
  });

  it("says when nothing changed", () => {
    expect(isNoChange(runDelta([aChange([anItem()], [anItem({ attempts: 1 })])]))).toBe(true);
    expect(isNoChange(runDelta([aChange([anItem()], [anItem({ state: "cancelled" })])]))).toBe(false);
  });
});
