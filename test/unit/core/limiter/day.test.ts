import { describe, expect, it } from "vitest";
import { zoneDay } from "../../../../lambdas/core/limiter/day/day-zone.ts";
import type { CallPriority } from "../../../../lambdas/core/limiter/rate-limiter.ts";
import { HOUR, LIMIT, LimiterRig, MINUTE, START_MS } from "./limiter-rig.ts";

const fill = async (rig: LimiterRig, limit: object, priority: CallPriority, every = 2_000): Promise<number> => {
  for (let granted = 0; ; granted += 1) {
    if (!(await rig.ask(limit, { priority })).granted) return granted;
    rig.now += every;
  }
};

describe("the day", () => {
  it("keeps 5 % for look-ups and express runs, and the refresh below 30 %", async () => {
    const limit = { units_per_day: 100 };
    const rig = new LimiterRig();
    expect(await fill(rig, limit, "refresh")).toBe(30);
    expect(await fill(rig, limit, "bulk")).toBe(65);
    expect(await fill(rig, limit, "interactive")).toBe(5);
    expect((await rig.refusal(limit, { priority: "express" })).reason).toBe("daily-quota");
  });

  it("counts units, not calls", async () => {
    const rig = new LimiterRig();
    const limit = { units_per_day: 100 };
    await rig.grant(limit, { units: 60, priority: "interactive" });
    rig.now += 5_000;
    expect((await rig.refusal(limit, { units: 50, priority: "interactive" })).reason).toBe("daily-quota");
    expect((await rig.grant(limit, { units: 40, priority: "interactive" })).granted).toBe(true);
  });

  it("says when enough units leave the window, and grants then and not a moment before", async () => {
    const rig = new LimiterRig();
    const limit = { units_per_day: 10 };
    await rig.grant(limit, { units: 4 });
    rig.now += HOUR;
    await rig.grant(limit, { units: 6 });
    const small = await rig.refusal(limit, { units: 3 });
    const big = await rig.refusal(limit, { units: 5 });
    expect(small.reason).toBe("daily-quota");
    expect(small.retry_at_ms).toBe(START_MS + 24 * HOUR + 16 * MINUTE);
    expect(big.retry_at_ms).toBe(START_MS + 25 * HOUR + 16 * MINUTE);
    rig.now = small.retry_at_ms - 1;
    expect((await rig.ask(limit, { units: 3 })).granted).toBe(false);
    rig.now = small.retry_at_ms;
    expect((await rig.grant(limit, { units: 3 })).granted).toBe(true);
    expect((await rig.limiter.state({ ...LIMIT, ...limit })).used_today).toBe(9);
  });

  it("tells a call that costs more than the whole day to come back when the day is empty", async () => {
    const rig = new LimiterRig();
    expect(await rig.refusal({ units_per_day: 10 }, { units: 11 })).toEqual({
      granted: false,
      reason: "daily-quota",
      retry_at_ms: START_MS + 24 * HOUR + 16 * MINUTE,
    });
  });

  it("has no end without a daily limit", async () => {
    const rig = new LimiterRig();
    for (let call = 0; call < 300; call += 1) {
      await rig.grant({ units_per_day: null });
      rig.now += 2_000;
    }
    expect((await rig.limiter.state({ ...LIMIT, units_per_day: null })).left_today).toBeNull();
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
      limit_key: LIMIT.limit_key,
      calls_per_second: 1,
      used_today: 0,
      left_today: 8_640,
      breaker: "closed",
      blocked_until_ms: null,
      blocked_reason: null,
      blocked_detail: null,
    });
  });

  it("says that the day is used up, and until when", async () => {
    const rig = new LimiterRig();
    await rig.grant({ units_per_day: 5 }, { units: 5, priority: "interactive" });
    rig.now += HOUR;
    expect(await rig.limiter.state({ ...LIMIT, units_per_day: 5 })).toMatchObject({
      used_today: 5,
      left_today: 0,
      blocked_reason: "daily-quota",
      blocked_until_ms: START_MS + 24 * HOUR + 16 * MINUTE,
    });
  });
});

describe("a day in a stated zone", () => {
  const limit = { units_per_day: 10, day_zone: "America/Los_Angeles" };
  const midnight = Date.UTC(2026, 7, 1, 7);

  it("begins anew at local midnight, with a minute of silence around it", async () => {
    const rig = new LimiterRig();
    rig.now = midnight - 5 * MINUTE;
    await rig.grant(limit, { units: 9 });
    const spent = await rig.refusal(limit, { units: 5 });
    expect([spent.reason, spent.retry_at_ms]).toEqual(["daily-quota", midnight + 15_000]);
    rig.now = midnight - 45_000;
    const writes = rig.store.plans.length;
    expect(await rig.refusal(limit)).toEqual({ granted: false, reason: "rate", retry_at_ms: midnight + 15_000 });
    rig.now = midnight + 14_999;
    expect((await rig.refusal(limit)).retry_at_ms).toBe(midnight + 15_000);
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
    await expect(new LimiterRig().ask({ day_zone: "Mars/Olympus" })).rejects.toThrow(/America\/Los_Angeles/);
  });
});
