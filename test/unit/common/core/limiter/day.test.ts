import { describe, expect, it } from "vitest";
import { zoneDay } from "../../../../../lambdas/common/core/limiter/day/day-zone.ts";
import type { CallPriority } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { HOUR, LIMIT, LimiterRig, MINUTE, START_MS } from "./limiter-rig.ts";

const fill = async (rig: LimiterRig, limit: object, priority: CallPriority, every = 2_000): Promise<number> => {
  for (let granted = 0; ; granted += 1) {
    if (!(await rig.ask(limit, { priority })).granted) return granted;
    rig.now += every;
  }
};

describe("the day", () => {
  it("keeps 5 % for look-ups and express runs, and the refresh below 30 %", async () => {
    const limit = { unitsPerDay: 100 };
    const rig = new LimiterRig();
    expect(await fill(rig, limit, "refresh")).toBe(30);
    expect(await fill(rig, limit, "bulk")).toBe(65);
    expect(await fill(rig, limit, "interactive")).toBe(5);
    expect((await rig.refusal(limit, { priority: "express" })).reason).toBe("daily-quota");
  });

  it("counts units, not calls", async () => {
    const rig = new LimiterRig();
    const limit = { unitsPerDay: 100 };
    await rig.grant(limit, { units: 60, priority: "interactive" });
    rig.now += 5_000;
    expect((await rig.refusal(limit, { units: 50, priority: "interactive" })).reason).toBe("daily-quota");
    expect((await rig.grant(limit, { units: 40, priority: "interactive" })).granted).toBe(true);
  });

  it("says when enough units leave the window, and grants then and not a moment before", async () => {
    const rig = new LimiterRig();
    const limit = { unitsPerDay: 10 };
    await rig.grant(limit, { units: 4 });
    rig.now += HOUR;
    await rig.grant(limit, { units: 6 });
    const small = await rig.refusal(limit, { units: 3 });
    const big = await rig.refusal(limit, { units: 5 });
    expect(small.reason).toBe("daily-quota");
    expect(small.retryAtMs).toBe(START_MS + 24 * HOUR + 16 * MINUTE);
    expect(big.retryAtMs).toBe(START_MS + 25 * HOUR + 16 * MINUTE);
    rig.now = small.retryAtMs - 1;
    expect((await rig.ask(limit, { units: 3 })).granted).toBe(false);
    rig.now = small.retryAtMs;
    expect((await rig.grant(limit, { units: 3 })).granted).toBe(true);
    expect((await rig.limiter.state({ ...LIMIT, ...limit })).usedToday).toBe(9);
  });

  it("tells a call that costs more than the whole day to come back when the day is empty", async () => {
    const rig = new LimiterRig();
    expect(await rig.refusal({ unitsPerDay: 10 }, { units: 11 })).toEqual({
      granted: false,
      reason: "daily-quota",
      retryAtMs: START_MS + 24 * HOUR + 16 * MINUTE,
    });
  });

  it("has no end without a daily limit", async () => {
    const rig = new LimiterRig();
    for (let call = 0; call < 300; call += 1) {
      await rig.grant({ unitsPerDay: null });
      rig.now += 2_000;
    }
    expect((await rig.limiter.state({ ...LIMIT, unitsPerDay: null })).leftToday).toBeNull();
  });

  it("is not turned back by a caller whose clock is behind", async () => {
    const rig = new LimiterRig();
    rig.now = START_MS + 15 * MINUTE + 500;
    await rig.grant();
    const quarter = rig.item.quota_day;
    const behind = rig.another(-1_000);
    await rig.grant({}, {}, behind);
    expect(rig.item.quota_day).toBe(quarter);
    expect(rig.item.calls_used).toBe(2);
  });
});

describe("the state of a key", () => {
  it("is free and unused before the first call", async () => {
    expect(await new LimiterRig().limiter.state(LIMIT)).toEqual({
      limitKey: LIMIT.limitKey,
      callsPerSecond: 1,
      usedToday: 0,
      leftToday: 8_640,
      breaker: "closed",
      blockedUntilMs: null,
      blockedReason: null,
      blockedDetail: null,
      refresh: { unitsPerDay: 2_592, unitsLeft: 2_592 },
    });
  });

  it("says that the day is used up, and until when", async () => {
    const rig = new LimiterRig();
    await rig.grant({ unitsPerDay: 5 }, { units: 5, priority: "interactive" });
    rig.now += HOUR;
    expect(await rig.limiter.state({ ...LIMIT, unitsPerDay: 5 })).toMatchObject({
      usedToday: 5,
      leftToday: 0,
      blockedReason: "daily-quota",
      blockedUntilMs: START_MS + 24 * HOUR + 16 * MINUTE,
    });
  });
});

describe("a day in a stated zone", () => {
  const limit = { unitsPerDay: 10, dayZone: "America/Los_Angeles" };
  const midnight = Date.UTC(2026, 7, 1, 7);

  it("begins anew at local midnight, with a minute of silence around it", async () => {
    const rig = new LimiterRig();
    rig.now = midnight - 5 * MINUTE;
    await rig.grant(limit, { units: 9 });
    const spent = await rig.refusal(limit, { units: 5 });
    expect([spent.reason, spent.retryAtMs]).toEqual(["daily-quota", midnight + 15_000]);
    rig.now = midnight - 45_000;
    const writes = rig.store.plans.length;
    expect(await rig.refusal(limit)).toEqual({ granted: false, reason: "rate", retryAtMs: midnight + 15_000 });
    rig.now = midnight + 14_999;
    expect((await rig.refusal(limit)).retryAtMs).toBe(midnight + 15_000);
    expect(rig.store.plans).toHaveLength(writes);
    rig.now = midnight + 15_000;
    await rig.grant(limit, { units: 9 });
    expect(rig.item.calls_used).toBe(9);
  });

  it("is 23 or 25 hours long when the clocks change", () => {
    const spring = zoneDay("America/New_York", Date.UTC(2026, 2, 8, 18));
    const autumn = zoneDay("America/New_York", Date.UTC(2026, 10, 1, 18));
    expect((spring.endMs - spring.startMs) / HOUR).toBe(23);
    expect((autumn.endMs - autumn.startMs) / HOUR).toBe(25);
  });

  it.each([
    ["UTC", "2026-07-31T00:00:00.000Z"],
    ["+02:00", "2026-07-30T22:00:00.000Z"],
    ["Asia/Kathmandu", "2026-07-30T18:15:00.000Z"],
  ])("starts in %s at %s", (zone, start) => {
    expect(new Date(zoneDay(zone, Date.UTC(2026, 6, 31, 12)).startMs).toISOString()).toBe(start);
  });

  it("is refused with the fix when there is no such zone", async () => {
    await expect(new LimiterRig().ask({ dayZone: "Mars/Olympus" })).rejects.toThrow(/America\/Los_Angeles/);
  });
});
