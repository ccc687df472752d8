import { describe, expect, it } from "vitest";
import type { LimitSignals } from "../../../../../lambdas/common/core/limiter/limit-signals.ts";
import { LIMIT, LimiterRig, MINUTE, START_MS } from "./limiter-rig.ts";

const answered = (signals: LimitSignals, kind: "success" | "throttled" = "success") =>
  kind === "success" ? ({ kind, signals, latenessMs: 0 } as const) : ({ kind, signals } as const);

describe("announced limits", () => {
  it("lengthen the interval for every instance while they are lower than ours", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ ratePerSecond: 0.5 }));
    rig.now += 10_000;
    const other = rig.another();
    const first = await rig.grant({}, {}, other);
    const second = await rig.grant({}, { horizonMs: 5_000 }, other);
    expect(second.atMs - first.atMs).toBe(2_050);
    expect((await rig.limiter.state(LIMIT)).callsPerSecond).toBe(0.5);
    await rig.limiter.report(LIMIT, second, answered({ ratePerSecond: 3 }));
    expect(rig.item.announced_rate).toBeUndefined();
  });

  it("ignore a rate that is no rate", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ ratePerSecond: 0 }));
    await rig.call(answered({ ratePerSecond: Number.NaN }));
    expect(rig.item.announced_rate).toBeUndefined();
  });

  it("silence the key even when they come with a success", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ retryAfterMs: 60_000 }));
    expect((await rig.refusal()).retryAtMs).toBe(START_MS + 58_000);
  });
});

describe("a fault that announces a pause", () => {
  it("silences the key for so long, for every instance, and counts as a failure", async () => {
    const rig = new LimiterRig();
    await rig.call({ kind: "unhealthy", signals: { retryAfterMs: 120_000 } });
    rig.now += 60_000;
    const { retryAtMs, reason } = await rig.refusal({}, {}, rig.another());
    expect([reason, retryAtMs]).toEqual(["rate", START_MS + 118_000]);
    expect(await rig.limiter.state(LIMIT)).toMatchObject({ blockedUntilMs: START_MS + 120_000 });
    expect(rig.item.failure_count).toBe(1);
    rig.now = START_MS + 120_000;
    expect((await rig.grant()).atMs).toBeGreaterThanOrEqual(START_MS + 120_000);
  });

  it("leaves none where it announces none", async () => {
    const rig = new LimiterRig();
    await rig.call({ kind: "unhealthy", signals: { retryAfterMs: 0 } });
    rig.now += 2_000;
    expect((await rig.ask()).granted).toBe(true);
    expect(rig.item.quiet_until_ms).toBeUndefined();
  });
});

describe("a token bucket", () => {
  const keepa = { unitsPerDay: null };
  /** Work that tokens are held back for: it may have them all. */
  const inPerson = { priority: "interactive" } as const;

  it("lets a call run while the balance is positive, whatever it costs, and then waits for the refills", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokensLeft: 5, refillInMs: 30_000, refillPerMinute: 5 }), keepa);
    rig.now += 2_000;
    const slot = await rig.grant(keepa, { ...inPerson, units: 20 });
    expect(rig.item.tokens).toBe(-15);
    const refusal = await rig.refusal(keepa, { ...inPerson, units: 1 });
    expect(refusal).toEqual({ granted: false, reason: "rate", retryAtMs: START_MS + 30_000 + 3 * MINUTE });
    expect((await rig.limiter.state({ ...LIMIT, ...keepa })).tokensLeft).toBe(-15);
    await rig.limiter.report(LIMIT, slot, answered({ tokensLeft: -10, refillInMs: 28_000, refillPerMinute: 5 }));
    expect((await rig.refusal(keepa, inPerson)).retryAtMs).toBe(START_MS + 30_000 + 2 * MINUTE);
    rig.now = START_MS + 30_000 + 2 * MINUTE;
    expect((await rig.grant(keepa, { ...inPerson, units: 3 })).granted).toBe(true);
    expect(rig.item.tokens).toBe(2);
  });

  it("subtracts what was granted between the call and its answer", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant(keepa, { units: 10 });
    await rig.grant(keepa, { units: 7 });
    await rig.limiter.report(LIMIT, first, answered({ tokensLeft: 50, refillInMs: 1_000, refillPerMinute: 20 }));
    expect(rig.item.tokens).toBe(43);
  });

  it("keeps the newer reading when answers come out of order", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant(keepa);
    const second = await rig.grant(keepa);
    const reading = { refillInMs: 30_000, refillPerMinute: 20 };
    await rig.limiter.report(LIMIT, second, answered({ tokensLeft: 10, ...reading }));
    await rig.limiter.report(LIMIT, first, answered({ tokensLeft: 99, ...reading }));
    expect(rig.item.tokens).toBe(10);
  });

  it("never stores the envelope of zeros that a bad key gets", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokensLeft: 0, refillInMs: 0, refillPerMinute: 0 }), keepa);
    expect(rig.item.tokens).toBeUndefined();
    await rig.call(answered({ tokensLeft: 0, refillInMs: 40_000, refillPerMinute: 5 }), keepa);
    expect(rig.item.tokens).toBe(0);
  });

  it("tries again after a minute when the refill is unknown", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokensLeft: 0, refillInMs: 1_000 }), keepa);
    rig.now += 2_000;
    expect((await rig.grant(keepa)).granted).toBe(true);
  });

  it("waits as long as a 429 says until the next refill", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokensLeft: -3, refillInMs: 45_000, refillPerMinute: 20 }, "throttled"), keepa);
    rig.now = START_MS + 45_000;
    expect((await rig.grant(keepa, inPerson)).atMs).toBe(START_MS + 45_000);
  });
});

describe("shares of a token bucket that holds 1,200", () => {
  const keepa = { unitsPerDay: null };
  const atBalance = async (tokensLeft: number, limit = {}) => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokensLeft, refillInMs: 30_000, refillPerMinute: 20 }), {
      ...keepa,
      ...limit,
    });
    rig.now += 3_000;
    return rig;
  };

  it.each([
    // 5 % stay for those who wait in person, after the call too.
    ["bulk", 160, 159, 1],
    // The refresh takes the uppermost 30 %.
    ["refresh", 940, 939, 1],
    // A call that is not paid for whole may start all the same.
    ["express", 1, 0, 1],
    ["interactive", 1, 0, 1],
    // A half is left to the owner's other tools; the rest is shared out in the same way.
    ["bulk", 730, 729, 0.5],
    ["refresh", 1_120, 1_119, 0.5],
    ["express", 700, 699, 0.5],
  ] as const)(
    "let %s spend 100 at a balance of %i, not of %i, with a share of %f",
    async (priority, enough, short, share) => {
      const limit = { ...keepa, allowanceShare: share };
      const rich = await atBalance(enough, limit);
      expect((await rich.ask(limit, { priority, units: 100 })).granted).toBe(true);
      expect(rich.item.tokens).toBe(enough - 100);
      const poor = await atBalance(short, limit);
      expect(await poor.refusal(limit, { priority, units: 100 })).toEqual({
        granted: false,
        reason: "rate",
        retryAtMs: START_MS + 30_000,
      });
      poor.now = START_MS + 30_000;
      expect((await poor.ask(limit, { priority, units: 100 })).granted).toBe(true);
    },
  );

  it("hold for an instance that has seen nothing of the bucket yet", async () => {
    const rig = await atBalance(159);
    expect((await rig.refusal(keepa, { units: 100 }, rig.another())).reason).toBe("rate");
  });

  it("do not keep a call from ever running that costs more than they leave", async () => {
    const rig = await atBalance(1_000);
    const { retryAtMs } = await rig.refusal(keepa, { units: 1_500 });
    expect(retryAtMs).toBe(START_MS + 30_000 + 9 * MINUTE);
    rig.now = retryAtMs;
    expect((await rig.ask(keepa, { units: 1_500 })).granted).toBe(true);
    expect(rig.item.tokens).toBe(-300);
  });

  it("are what the state shows: the tokens that may be used, and when there are any", async () => {
    const limit = { ...keepa, allowanceShare: 0.5 };
    const rig = await atBalance(600, limit);
    expect(await rig.limiter.state({ ...LIMIT, ...limit })).toMatchObject({
      tokensLeft: 0,
      blockedReason: "rate",
      blockedUntilMs: START_MS + 30_000,
    });
    expect(await rig.limiter.state({ ...LIMIT, ...keepa })).toMatchObject({ tokensLeft: 600, blockedReason: null });
  });
});
