import { describe, expect, it } from "vitest";
import { resumeBatch } from "../../../../../../lambdas/common/core/batches/reschedule/resume-batch.ts";
import { aBatch, anItem, asinNumber, NOON } from "../../../../../helpers/rows.ts";

const held = aBatch({ lease_owner: "me", lease_until: new Date(NOON + 60_000).toISOString(), resends: 2, version: 3 });

describe("resuming a batch", () => {
  it("takes a settled batch off the due index and gives its lease back", () => {
    const items = held.items.map((item) => ({ ...item, state: "enriched" as const }));
    const { after, resendAfterMs } = resumeBatch(held, items, NOON);
    expect(resendAfterMs).toBeNull();
    expect(after).toMatchObject({ state: "completed", generation: 1, resends: 0 });
    expect(after).not.toHaveProperty("due_at");
    expect(after).not.toHaveProperty("due_shard");
    expect(after).not.toHaveProperty("lease_until");
  });

  it("comes back by a message of the next generation at the earliest time that a product may be tried", () => {
    const items = [30_000, 12_000].map((ms, n) =>
      anItem({ asin: asinNumber(n), next_attempt_at: new Date(NOON + ms).toISOString() }),
    );
    const { after, resendAfterMs } = resumeBatch({ ...held, items }, items, NOON);
    expect(resendAfterMs).toBe(12_000);
    expect(after).toMatchObject({ state: "queued", generation: 2 });
    expect(Date.parse(after.due_at ?? "")).toBeGreaterThan(NOON + 12_000 + 900_000);
  });

  it("waits in the table, not in the queue, when it is due in more than 15 minutes", () => {
    const later = new Date(NOON + 900_001).toISOString();
    const items = [anItem({ next_attempt_at: later })];
    const { after, resendAfterMs } = resumeBatch({ ...held, items }, items, NOON);
    expect(resendAfterMs).toBeNull();
    expect(after.due_at).toBe(later);
  });

  it("waits for its slot, by message or by plan, although its products are due", () => {
    const soon = resumeBatch(held, held.items, NOON, NOON + 60_000);
    expect(soon.resendAfterMs).toBe(60_000);
    expect(soon.after).not.toHaveProperty("planned");
    const late = resumeBatch(held, held.items, NOON, NOON + 900_001);
    expect(late).toMatchObject({ resendAfterMs: null, after: { planned: true } });
    expect(late.after.due_at).toBe(new Date(NOON + 900_001).toISOString());
    expect(resumeBatch(late.after, late.after.items, NOON).after).not.toHaveProperty("planned");
  });

  it("counts resends anew once somebody worked on it, because then it is not stuck", () => {
    const items = held.items.map((item) => ({ ...item, next_attempt_at: new Date(NOON + 60_000).toISOString() }));
    expect(resumeBatch(held, items, NOON).after.resends).toBe(0);
  });
});
