import { describe, expect, it } from "vitest";
import type { LimitSignals } from "../../../../lambdas/core/source.ts";
import { LIMIT, LimiterRig, MINUTE, START_MS } from "./limiter-rig.ts";

const answered = (signals: LimitSignals, kind: "success" | "throttled" = "success") =>
  kind === "success" ? ({ kind, signals, lateness_ms: 0 } as const) : ({ kind, signals } as const);

describe("announced limits", () => {
  it("lengthen the interval for every instance while they are lower than ours", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ rate_per_second: 0.5 }));
    rig.now += 10_000;
    const other = rig.another();
    const first = await rig.grant({}, {}, other);
    const second = await rig.grant({}, { horizon_ms: 5_000 }, other);
    expect(second.at_ms - first.at_ms).toBe(2_050);
    expect((await rig.limiter.state(LIMIT)).calls_per_second).toBe(0.5);
    await rig.limiter.report(LIMIT, second, answered({ rate_per_second: 3 }));
    expect(rig.item.announced_rate).toBeUndefined();
  });

  it("ignore a rate that is no rate", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ rate_per_second: 0 }));
    await rig.call(answered({ rate_per_second: Number.NaN }));
    expect(rig.item.announced_rate).toBeUndefined();
  });

  it("silence the key even when they come with a success", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ retry_after_ms: 60_000 }));
    expect((await rig.refusal()).retry_at_ms).toBe(START_MS + 58_000);
  });
});

describe("a token bucket", () => {
  const keepa = { units_per_day: null };

  it("lets a call run while the balance is positive, whatever it costs, and then waits for the refills", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokens_left: 5, refill_in_ms: 30_000, refill_per_minute: 5 }), keepa);
    rig.now += 2_000;
    const slot = await rig.grant(keepa, { units: 20 });
    expect(rig.item.tokens).toBe(-15);
    const refusal = await rig.refusal(keepa, { units: 1 });
    expect(refusal).toEqual({ granted: false, reason: "rate", retry_at_ms: START_MS + 30_000 + 3 * MINUTE });
    expect((await rig.limiter.state({ ...LIMIT, ...keepa })).tokens_left).toBe(-15);
    await rig.limiter.report(LIMIT, slot, answered({ tokens_left: -10, refill_in_ms: 28_000, refill_per_minute: 5 }));
    expect((await rig.refusal(keepa)).retry_at_ms).toBe(START_MS + 30_000 + 2 * MINUTE);
    rig.now = START_MS + 30_000 + 2 * MINUTE;
    expect((await rig.grant(keepa, { units: 3 })).granted).toBe(true);
    expect(rig.item.tokens).toBe(2);
  });

  it("subtracts what was granted between the call and its answer", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant(keepa, { units: 10 });
    await rig.grant(keepa, { units: 7 });
    await rig.limiter.report(LIMIT, first, answered({ tokens_left: 50, refill_in_ms: 1_000, refill_per_minute: 20 }));
    expect(rig.item.tokens).toBe(43);
  });

  it("keeps the newer reading when answers come out of order", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant(keepa);
    const second = await rig.grant(keepa);
    const reading = { refill_in_ms: 30_000, refill_per_minute: 20 };
    await rig.limiter.report(LIMIT, second, answered({ tokens_left: 10, ...reading }));
    await rig.limiter.report(LIMIT, first, answered({ tokens_left: 99, ...reading }));
    expect(rig.item.tokens).toBe(10);
  });

  it("never stores the envelope of zeros that a bad key gets", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokens_left: 0, refill_in_ms: 0, refill_per_minute: 0 }), keepa);
    expect(rig.item.tokens).toBeUndefined();
    await rig.call(answered({ tokens_left: 0, refill_in_ms: 40_000, refill_per_minute: 5 }), keepa);
    expect(rig.item.tokens).toBe(0);
  });

  it("tries again after a minute when the refill is unknown", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokens_left: 0, refill_in_ms: 1_000 }), keepa);
    rig.now += 2_000;
    expect((await rig.grant(keepa)).granted).toBe(true);
  });

  it("waits as long as a 429 says until the next refill", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ tokens_left: -3, refill_in_ms: 45_000, refill_per_minute: 20 }, "throttled"), keepa);
    rig.now = START_MS + 45_000;
    expect((await rig.grant(keepa)).at_ms).toBe(START_MS + 45_000);
  });
});
