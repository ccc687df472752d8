import { describe, expect, it } from "vitest";
import type { ReserveRequest } from "../../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { SlotRequests } from "../../../../../../lambdas/common/sources/chain/calls/reserve-slot.ts";
import { FakeLimiter, fakeClock, START } from "../fakes.ts";

const LIMIT = { limitKey: "creators-api#me", callsPerSecond: 1, unitsPerDay: null, allowanceShare: 1 };
const REQUEST = { priority: "express", horizonMs: 5_000, units: 1 } as const;

const rig = (request: ReserveRequest = REQUEST) => {
  const clock = fakeClock();
  const limiter = new FakeLimiter(clock);
  const asked: number[] = [];
  const mayContinue = (): boolean => {
    asked.push(clock.now());
    return asked.length < 20;
  };
  return { clock, limiter, asked, slots: new SlotRequests({ clock, limiter, mayContinue }, LIMIT, request) };
};

describe("the slots of one call", () => {
  it("are waited for in place while the waits stay within the horizon", async () => {
    const { clock, limiter, slots, asked } = rig();
    for (const second of [2, 4]) limiter.refuse(LIMIT.limitKey, "rate", START + second * 1_000, false);
    expect((await slots.next()).kind).toBe("slot");
    expect(clock.now()).toBe(START + 4_000);
    expect(asked).toHaveLength(3);
  });

  it("are refused when all waits together would be longer, also over several slots", async () => {
    const { limiter, slots } = rig();
    limiter.refuse(LIMIT.limitKey, "rate", START + 3_000, false);
    expect((await slots.next()).kind).toBe("slot");
    limiter.refuse(LIMIT.limitKey, "rate", START + 6_000, false);
    expect(await slots.next()).toMatchObject({
      kind: "refused",
      refusal: { reason: "rate", retryAtMs: START + 6_000 },
    });
  });

  it("are more for somebody who waits, eight at most and none after the horizon", async () => {
    const interactive = { ...REQUEST, priority: "interactive" } as const;
    const { slots, limiter } = rig(interactive);
    for (let slot = 0; slot < 8; slot += 1) expect((await slots.next()).kind).toBe("slot");
    expect(await slots.next()).toMatchObject({ kind: "refused", refusal: { reason: "rate" } });
    expect(limiter.reserved).toHaveLength(8);
    const late = rig(interactive);
    for (let slot = 0; slot < 5; slot += 1) await late.slots.next();
    await late.clock.sleep(5_000);
    expect((await late.slots.next()).kind).toBe("refused");
  });

  it("end with a refusal after five that were missed, because each may have cost a call of the day", async () => {
    const { slots, limiter, clock } = rig();
    const ready: (number | undefined)[] = [];
    const { reserve } = limiter;
    limiter.reserve = (limit, request: ReserveRequest) => {
      ready.push(request.readyMs);
      return reserve.call(limiter, limit, request);
    };
    for (let slot = 0; slot < 5; slot += 1) expect((await slots.next()).kind).toBe("slot");
    expect(await slots.next()).toEqual({
      kind: "refused",
      refusal: {
        granted: false,
        reason: "rate",
        retryAtMs: clock.now() + 5_000,
        detail: "slots came up too late to be used",
      },
    });
    expect(limiter.reserved).toHaveLength(5);
    // A process that is cold or busy gets more and more time.
    expect(ready).toEqual([0, 50, 100, 200, 400]);
  });

  it("are not reserved once the caller stopped", async () => {
    const clock = fakeClock();
    const limiter = new FakeLimiter(clock);
    const slots = new SlotRequests({ clock, limiter, mayContinue: () => false }, LIMIT, REQUEST);
    expect(await slots.next()).toEqual({ kind: "stopped" });
    expect(limiter.reserved).toEqual([]);
  });
});
