import { describe, expect, it } from "vitest";
import { HOUR, LIMIT, LimiterRig, MINUTE, START_MS, SUCCESS } from "./limiter-rig.ts";

/** Size by DynamoDB's rule: names and texts in bytes, a number about one byte per two digits and one more. */
const storedBytes = (item: object): number =>
  Object.entries(item).reduce(
    (sum, [name, value]) =>
      sum + name.length + (typeof value === "number" ? Math.ceil(String(value).length / 2) + 1 : String(value).length),
    0,
  );

describe("reserving a slot", () => {
  it("grants the first call of a key at once and the next one interval and guard later", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant();
    const second = await rig.grant();
    expect(first.atMs).toBe(START_MS);
    expect(second.atMs).toBe(START_MS + 1_050);
    expect(second.sequence).toBe(first.sequence + 1);
    expect(second.guardMs).toBe(25);
  });

  it("needs exactly one write and no read in the steady state", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    rig.store.plans.length = 0;
    rig.store.refusals = 0;
    for (let call = 0; call < 20; call += 1) {
      const slot = await rig.grant();
      rig.now = slot.atMs;
      await rig.limiter.report(LIMIT, slot, SUCCESS);
    }
    expect({ writes: rig.store.plans.length, refused: rig.store.refusals, reads: rig.store.reads }).toEqual({
      writes: 20,
      refused: 0,
      reads: 0,
    });
  });

  it("starts a call at once when nobody waited, by one write", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    rig.now += 30_000;
    rig.store.plans.length = 0;
    expect((await rig.grant()).atMs).toBe(START_MS + 30_000);
    expect(rig.store.plans).toHaveLength(1);
  });

  it("refuses for the rate beyond the horizon, without a read, and says when to come back", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    await rig.grant();
    const refusal = await rig.refusal();
    expect(refusal).toEqual({ granted: false, reason: "rate", retryAtMs: START_MS + 100 });
    rig.now = refusal.retryAtMs;
    expect((await rig.grant()).atMs).toBe(START_MS + 2_100);
    expect(rig.store.reads).toBe(0);
  });

  it.each([
    ["bulk", 2_000, 2],
    ["express", 5_000, 5],
    ["interactive", 10_000, 10],
  ] as const)(
    "lets %s look %i ms ahead, which is %i slots at one call a second",
    async (priority, horizonMs, slots) => {
      const rig = new LimiterRig();
      let granted = 0;
      while ((await rig.ask({}, { priority, horizonMs })).granted) granted += 1;
      expect(granted).toBe(slots);
    },
  );

  it("never lets a slot lie more than 10 s ahead, whatever is asked", async () => {
    const rig = new LimiterRig();
    let last = START_MS;
    for (;;) {
      const answer = await rig.ask({}, { horizonMs: 600_000 });
      if (!answer.granted) break;
      last = answer.atMs;
    }
    expect(last).toBeLessThanOrEqual(START_MS + 10_000);
  });

  it("leaves room for other tools in the rate and in the day", async () => {
    const rig = new LimiterRig();
    const limit = { allowanceShare: 0.5, unitsPerDay: 4 };
    const first = await rig.grant(limit, { priority: "interactive" });
    const second = await rig.grant(limit, { priority: "interactive", horizonMs: 10_000 });
    expect(second.atMs - first.atMs).toBe(2_050);
    expect((await rig.refusal(limit, { priority: "interactive" })).reason).toBe("daily-quota");
  });

  it("scales the guard down for faster rates", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant({ callsPerSecond: 10 });
    const second = await rig.grant({ callsPerSecond: 10 });
    expect(second.atMs - first.atMs).toBe(105);
  });

  it("lets the refresh take only slots that nobody waits for", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    expect(await rig.refusal({}, { priority: "refresh", horizonMs: 10_000 })).toEqual({
      granted: false,
      reason: "rate",
      retryAtMs: START_MS + 1_050,
    });
    rig.now += 1_050;
    expect((await rig.grant({}, { priority: "refresh" })).atMs).toBe(rig.now);
  });

  it("works for a second instance that has seen nothing yet", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    rig.now += HOUR;
    const other = rig.another();
    expect((await rig.grant({}, {}, other)).atMs).toBe(START_MS + HOUR);
  });

  it("keeps the item under one kilobyte after a full day at a high rate", async () => {
    const rig = new LimiterRig();
    const limit = { callsPerSecond: 50, unitsPerDay: 2_000_000 };
    for (let quarter = 0; quarter < 110; quarter += 1) {
      await rig.grant(limit, { units: 15_000, priority: quarter % 4 === 0 ? "refresh" : "bulk" });
      rig.now += 15 * MINUTE;
    }
    const worst = {
      ...rig.item,
      failures: Array.from({ length: 5 }, (_none, place) => `${1_000_000 + place}@${rig.now}`).join(","),
      pause_detail: "x".repeat(120),
      pause_code: "AssociateNotEligible",
    };
    expect(storedBytes(worst)).toBeLessThan(1_024);
  });

  it("says of a slot whether express work was granted a later one", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant({}, { priority: "express", horizonMs: 10_000 });
    expect(await rig.limiter.expressFollows(first)).toBe(false);
    rig.now += 10;
    await rig.grant({}, { priority: "bulk", horizonMs: 10_000 });
    expect(await rig.limiter.expressFollows(first)).toBe(false);
    rig.now += 10;
    const later = await rig.grant({}, { priority: "express", horizonMs: 10_000 });
    expect(await rig.limiter.expressFollows(first)).toBe(true);
    expect(await rig.another().expressFollows(later)).toBe(false);
  });
});
