import { describe, expect, it } from "vitest";
import {
  cancelItem,
  giveUpItem,
  settleItem,
} from "../../../../../../lambdas/common/core/batches/settle/settle-item.ts";
import { anItem, NOON } from "../../../../../helpers/rows.ts";

const at = (ms: number) => new Date(NOON + ms).toISOString();

describe("settling an item", () => {
  it("keeps where an enriched product came from and forgets its earlier failures", () => {
    const item = anItem({ attempts: 1, error_code: "InternalError", next_attempt_at: at(0), waited: true });
    const settled = settleItem(item, { kind: "enriched", source: "keepa", fromCache: true, incomplete: false }, NOON);
    expect(settled).toEqual({ asin: item.asin, state: "enriched", attempts: 1, source: "keepa", from_cache: true });
  });

  it("retries a failure held against the product after 30, 60 and 120 seconds, then fails it with its code", () => {
    const failure = { kind: "retry", code: "ServiceUnavailable", counts: true, suspicion: false } as const;
    let item = anItem();
    for (const seconds of [30, 60, 120]) {
      item = settleItem(item, failure, NOON);
      expect(item).toMatchObject({ state: "pending", next_attempt_at: at(seconds * 1_000) });
    }
    item = settleItem(item, failure, NOON);
    expect(item).toMatchObject({ state: "failed", attempts: 4, error_code: "ServiceUnavailable" });
    expect(item.next_attempt_at).toBeUndefined();
  });

  it("holds a failed call of many ids against none of them, but remembers the suspicion", () => {
    const failure = { kind: "retry", code: "Timeout", counts: false, suspicion: true } as const;
    const once = settleItem(anItem(), failure, NOON);
    expect(once).toMatchObject({ attempts: 0, suspicions: 1, next_attempt_at: at(30_000) });
    expect(settleItem(once, failure, NOON)).toMatchObject({ attempts: 0, suspicions: 2 });
  });

  it("never uses up an attempt while a slot, a quota or a source is waited for", () => {
    let item = anItem();
    for (let round = 0; round < 20; round += 1) {
      item = settleItem(item, { kind: "wait", retryAtMs: NOON + 60_000, shortCall: false }, NOON);
    }
    expect(item).toEqual({ ...anItem(), next_attempt_at: at(60_000) });
  });

  it("parks a product that waits for its first source for more than a minute, or for a later one", () => {
    const wait = { kind: "wait", retryAtMs: NOON + 60_001, shortCall: false } as const;
    expect(settleItem(anItem(), wait, NOON).parked).toBe("first");
    expect(settleItem(anItem(), { ...wait, later: true }, NOON).parked).toBe("later");
    expect(settleItem(anItem(), wait, NOON + 1).parked).toBeUndefined();
    expect(settleItem(anItem(), { ...wait, later: true }, NOON + 60_000).parked).toBe("later");
  });

  it("parks it no longer, whatever comes of it when it is taken up", () => {
    const parked = anItem({ parked: "later" });
    for (const result of [
      { kind: "enriched", source: "keepa", fromCache: false, incomplete: false },
      { kind: "failed", code: "NotFound" },
      { kind: "retry", code: "Timeout", counts: true, suspicion: false },
      { kind: "retry", code: "Timeout", counts: false, suspicion: true },
      { kind: "wait", retryAtMs: NOON + 5_000, shortCall: false },
    ] as const) {
      expect(settleItem(parked, result, NOON)).not.toHaveProperty("parked");
    }
    expect(cancelItem(parked)).not.toHaveProperty("parked");
    expect(giveUpItem(parked, "DEAD_LETTERED")).toEqual(anItem({ state: "failed", error_code: "DEAD_LETTERED" }));
  });

  it("lets a product wait for company only once", () => {
    const waited = anItem({ next_attempt_at: at(-60) });
    // Due at any time: a worker that began before it came back may take it into its call.
    expect(settleItem(waited, { kind: "wait", retryAtMs: NOON + 2_000, shortCall: true }, NOON)).toEqual({
      ...anItem(),
      waited: true,
    });
  });

  it("cancels what is pending and nothing else", () => {
    expect(cancelItem(anItem({ next_attempt_at: at(5) }))).toEqual({ ...anItem(), state: "cancelled" });
    const done = anItem({ state: "enriched" });
    expect(cancelItem(done)).toBe(done);
  });
});
