import { describe, expect, it } from "vitest";
import { judgeOverdue, MAX_RESENDS } from "../../../../../lambdas/common/core/runs/overdue-batch.ts";
import { aBatch, anItem, aRun, NOON } from "../../../../helpers/rows.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();
const running = aRun({ state: "running" });

describe("judging an overdue batch", () => {
  it("resends a batch whose worker died, as stuck work and with a new generation", () => {
    const action = judgeOverdue(aBatch({ due_at: iso(-1), lease_owner: "dead", lease_until: iso(-1) }), running, NOON);
    expect(action).toMatchObject({ kind: "resend", stuck: true, row: { generation: 2, resends: 1 } });
    expect(action.row.lease_owner).toBeUndefined();
  });

  it("resends a batch that waited by plan without calling it stuck", () => {
    const items = [anItem({ next_attempt_at: iso(-1) })];
    const action = judgeOverdue(aBatch({ items, due_at: iso(-1) }), running, NOON);
    expect(action).toMatchObject({ kind: "resend", stuck: false, row: { resends: 0 } });
  });

  it("leaves a batch alone while somebody holds it", () => {
    const action = judgeOverdue(
      aBatch({ due_at: iso(-1), lease_owner: "busy", lease_until: iso(9_000) }),
      running,
      NOON,
    );
    expect(action).toMatchObject({ kind: "postpone", row: { due_at: iso(69_000), generation: 1 } });
  });

  it("leaves a batch of a paused run alone, whose wait is by plan once the run continues", () => {
    const action = judgeOverdue(aBatch({ due_at: iso(-1), resends: 1 }), aRun({ state: "paused" }), NOON);
    expect(action.kind).toBe("postpone");
    const later = judgeOverdue(action.row, running, NOON + 3_600_000);
    expect(later).toMatchObject({ kind: "resend", stuck: false, row: { resends: 1, generation: 2 } });
    expect(later.row).not.toHaveProperty("planned");
    // It was woken then: if nothing comes of it, that is no plan any more.
    expect(judgeOverdue(later.row, running, NOON + 2 * 3_600_000)).toMatchObject({ stuck: true, row: { resends: 2 } });
  });

  it("calls it stuck when a worker died with it, whatever was planned", () => {
    const row = aBatch({ due_at: iso(-1), planned: true, lease_owner: "dead", lease_until: iso(-1) });
    expect(judgeOverdue(row, running, NOON)).toMatchObject({ kind: "resend", stuck: true, row: { resends: 1 } });
  });

  it("settles a batch of a cancelled run", () => {
    const action = judgeOverdue(aBatch({ due_at: iso(-1), planned: true }), aRun({ state: "cancelled" }), NOON);
    expect(action).toMatchObject({ kind: "settle", row: { state: "cancelled" } });
    expect(action.row.due_at).toBeUndefined();
    expect(action.row.planned).toBeUndefined();
  });

  it("leaves a batch of a cancelled run to its holder, who may have paid for some of it", () => {
    const row = aBatch({ due_at: iso(-1), lease_owner: "busy", lease_until: iso(9_000) });
    expect(judgeOverdue(row, aRun({ state: "cancelled" }), NOON).kind).toBe("postpone");
    expect(judgeOverdue(row, aRun({ state: "cancelled" }), NOON + 9_001).kind).toBe("settle");
  });

  it("gives up after five resends without progress and fails what is still pending", () => {
    const items = [anItem({ state: "enriched" }), anItem()];
    const action = judgeOverdue(aBatch({ items, due_at: iso(-1), resends: MAX_RESENDS }), running, NOON);
    expect(action.kind).toBe("settle");
    expect(action.row.items.map((item) => item.error_code)).toEqual([undefined, "DEAD_LETTERED"]);
  });

  it("leaves products as they are counted when it wakes their batch", () => {
    const items = [anItem({ next_attempt_at: iso(-1), parked: "later" }), anItem({ parked: "first" })];
    const action = judgeOverdue(aBatch({ items, due_at: iso(-1) }), running, NOON);
    expect(action).toMatchObject({ kind: "resend", row: { items } });
  });

  it("takes a batch with nothing pending off the index", () => {
    const action = judgeOverdue(aBatch({ items: [anItem({ state: "failed" })], due_at: iso(-1) }), running, NOON);
    expect(action.kind).toBe("forget");
    expect(action.row.due_at).toBeUndefined();
  });
});
