import { describe, expect, it } from "vitest";
import type { CallOutcome, CallTiming } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { comeTo } from "./come-to.ts";
import { LIMIT, LimiterRig, START_MS, SUCCESS, THROTTLED } from "./limiter-rig.ts";

const HORIZON = { horizonMs: 5_000 };
const answered = (timing: Partial<CallTiming>): CallOutcome => ({
  ...{ kind: "success", signals: {}, latenessMs: 0 },
  ...timing,
});

/** A key of which twelve calls were timed, all of them equally quick. */
const timed = async (roundTripMs = 150): Promise<LimiterRig> => {
  const rig = new LimiterRig();
  for (let call = 0; call < 12; call += 1) await rig.call(answered({ roundTripMs }));
  rig.now += 10_000;
  return rig;
};

describe("a call that arrived late", () => {
  it("moves the slots that were granted after it by what the guard does not cover", async () => {
    const rig = await timed();
    const late = await rig.grant();
    const waiting = await rig.grant({}, HORIZON);
    const shiftedBefore = rig.item.shifted_ms ?? 0;
    rig.now = late.atMs + 250;
    await rig.limiter.report(LIMIT, late, answered({ roundTripMs: 250 }));
    const shift = 100 - rig.item.guard_ms / 2;
    expect((rig.item.shifted_ms ?? 0) - shiftedBefore).toBe(shift);
    const used = await comeTo(rig.another(), waiting);
    expect(used?.atMs).toBe(waiting.atMs + shift);
    expect(rig.now).toBe(waiting.atMs + shift);
  });

  it("moves the slots granted later as well, and none twice however often it is reported", async () => {
    const rig = await timed();
    const late = await rig.grant();
    await rig.grant({}, HORIZON);
    rig.now = late.atMs + 250;
    const { next_free_ms: free, guard_ms: guard } = rig.item;
    for (let time = 0; time < 3; time += 1) await rig.limiter.report(LIMIT, late, answered({ roundTripMs: 250 }));
    const next = await rig.grant({}, HORIZON);
    expect(next.atMs).toBe(free + 100 - guard / 2);
    expect(await comeTo(rig.limiter, next)).toMatchObject({ atMs: next.atMs });
  });

  it("counts no more of a slow answer than the network can have caused", async () => {
    const rig = await timed();
    const before = rig.item.shifted_ms ?? 0;
    const slow = await rig.grant();
    await rig.grant({}, HORIZON);
    rig.now = slow.atMs + 600;
    await rig.limiter.report(LIMIT, slow, answered({ roundTripMs: 600, networkMs: 20 }));
    expect(rig.item.shifted_ms ?? 0).toBe(before);
  });

  it("moves nothing by more than half a second, whatever an answer took", async () => {
    const rig = await timed();
    const before = rig.item.shifted_ms ?? 0;
    const slow = await rig.grant();
    await rig.grant({}, HORIZON);
    rig.now = slow.atMs + 800;
    await rig.limiter.report(LIMIT, slow, answered({ roundTripMs: 800 }));
    expect((rig.item.shifted_ms ?? 0) - before).toBeLessThanOrEqual(500);
  });

  it("widens the guard for a while instead, where answers take so long that they come after the next slot", async () => {
    const rig = await timed(900);
    const slow = await rig.grant();
    await rig.grant({}, HORIZON);
    rig.now = slow.atMs + 1_200;
    await rig.limiter.report(LIMIT, slow, answered({ roundTripMs: 990 }));
    expect(rig.item).toMatchObject({ guard_ms: 90, guard_floor_ms: 90 });
  });

  it("sets no floor where answers are quick, and only a report was slow: no guard prevents that", async () => {
    const rig = await timed();
    const before = rig.item;
    const slow = await rig.grant();
    await rig.grant({}, HORIZON);
    rig.now = slow.atMs + 1_200;
    await rig.limiter.report(LIMIT, slow, answered({ roundTripMs: 446 }));
    expect(rig.item).toMatchObject({ guard_ms: 100, late_sequence: slow.sequence });
    expect(rig.item.guard_floor_ms).toBeUndefined();
    for (let call = 0; call < 80; call += 1) await rig.call(answered({ roundTripMs: 150 }));
    expect(rig.item.guard_ms).toBeLessThanOrEqual(before.guard_ms);
  });

  it("is known to an instance that has made no call yet: the quickest round trip is in the item", async () => {
    const rig = await timed();
    const other = rig.another();
    const first = await rig.grant({}, {}, other);
    const waiting = await rig.grant({}, HORIZON);
    rig.now = first.atMs + 230;
    await other.report(LIMIT, first, answered({ roundTripMs: 230 }));
    expect((await comeTo(rig.limiter, waiting))?.atMs).toBe(waiting.atMs + 80 - rig.item.guard_ms / 2);
  });

  it("is taken for granted of the first call of a key, whose round trip nothing compares with", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant();
    const waiting = await rig.grant();
    rig.now = first.atMs + 300;
    await rig.limiter.report(LIMIT, first, answered({ roundTripMs: 300 }));
    expect((await comeTo(rig.limiter, waiting))?.atMs).toBe(waiting.atMs + 275);
  });

  it("is taken for granted of the second and third call too: the first may have been as slow", async () => {
    const rig = new LimiterRig();
    await rig.call(answered({ roundTripMs: 440 }));
    const second = await rig.grant();
    const waiting = await rig.grant({}, HORIZON);
    const shiftedBefore = rig.item.shifted_ms ?? 0;
    rig.now = second.atMs + 410;
    await rig.limiter.report(LIMIT, second, answered({ roundTripMs: 410 }));
    expect((rig.item.shifted_ms ?? 0) - shiftedBefore).toBe(385);
    expect((await comeTo(rig.limiter, waiting))?.atMs).toBe(waiting.atMs + 385);
  });
});

describe("a 429", () => {
  it("sets no floor when the call before it arrived late", async () => {
    const rig = await timed();
    const late = await rig.grant();
    const next = await rig.grant({}, HORIZON);
    rig.now = late.atMs + 300;
    await rig.limiter.report(LIMIT, late, answered({ roundTripMs: 300 }));
    const guard = rig.item.guard_ms;
    await rig.limiter.report(LIMIT, next, THROTTLED);
    expect(rig.item).toMatchObject({ guard_ms: guard, throttles: 1 });
    expect(rig.item.guard_floor_ms).toBeUndefined();
  });

  it("takes its floor back when the late call is heard of after it", async () => {
    const rig = await timed();
    const late = await rig.grant();
    const next = await rig.grant({}, HORIZON);
    rig.now = next.atMs - 400;
    await rig.limiter.report(LIMIT, next, THROTTLED);
    expect(rig.item.guard_floor_ms).toBe(75);
    await rig.limiter.report(LIMIT, late, answered({ roundTripMs: 700 }));
    expect(rig.item.guard_floor_ms).toBeUndefined();
  });

  it("that nothing explains sets a floor of at most twice the base guard, which calls on time wear down", async () => {
    const rig = new LimiterRig();
    await rig.call({ kind: "success", signals: {}, latenessMs: 200 });
    expect(rig.item.guard_ms).toBe(250);
    // The late call explains no 429 but that of the next one.
    await rig.call(SUCCESS);
    await rig.call(THROTTLED);
    expect(rig.item).toMatchObject({ guard_ms: 250, guard_floor_ms: 100 });
    for (let call = 0; call < 160; call += 1) await rig.call(SUCCESS);
    expect(rig.item).toMatchObject({ guard_ms: 81, guard_floor_ms: 81 });
    for (let call = 0; call < 2_200; call += 1) await rig.call(SUCCESS);
    expect(rig.item.guard_floor_ms).toBeUndefined();
    expect(rig.item.guard_ms).toBe(27);
  });
});

describe("a slot that was given back", () => {
  it("returns its unit and, as the last one granted, its time", async () => {
    const rig = new LimiterRig();
    const used = await rig.grant();
    const unused = await rig.grant();
    await rig.limiter.giveBack(unused, "unused");
    expect(rig.item.calls_used).toBe(1);
    expect((await rig.grant()).atMs).toBe(unused.atMs);
    expect(unused.atMs).toBe(used.atMs + 1_050);
  });

  it("returns only its unit when a later slot was granted", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    const unused = await rig.grant();
    const last = await rig.grant({}, HORIZON);
    await rig.limiter.giveBack(unused, "unused");
    expect(rig.item.calls_used).toBe(2);
    expect((await rig.grant({}, HORIZON)).atMs).toBe(last.atMs + 1_050);
  });

  it("returns nothing twice: a write whose answer was lost is made again", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    const unused = await rig.grant();
    for (let time = 0; time < 3; time += 1) await rig.limiter.giveBack(unused, "unused");
    expect(rig.item.calls_used).toBe(1);
  });

  it("never shortens a silence, and returns nothing to a key whose breaker changed since", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant();
    const unused = await rig.grant();
    await rig.limiter.report(LIMIT, first, { kind: "throttled", signals: { retryAfterMs: 30_000 } });
    await rig.limiter.giveBack(unused, "unused");
    expect(rig.item.next_free_ms).toBe(START_MS + 30_000);
    await rig.another().report(LIMIT, first, { kind: "critical", code: "InvalidSignature", message: "no" });
    const before = rig.item;
    await rig.limiter.giveBack(unused, "unused");
    expect(rig.item).toEqual(before);
  });
});

describe("a silence that ends before the next free slot", () => {
  it("holds although a slot inside it is given back by an instance that has not heard of it", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant();
    const unused = await rig.grant({}, HORIZON);
    const silence = { kind: "throttled", signals: { retryAfterMs: 1_500 } } as const;
    await rig.another().report(LIMIT, first, silence);
    await rig.limiter.giveBack(unused, "unused");
    expect(rig.item.next_free_ms).toBe(START_MS + 1_500);
    expect((await rig.grant({}, HORIZON)).atMs).toBeGreaterThanOrEqual(START_MS + 1_500);
  });
});

describe("the end of a slot", () => {
  it("is passed on for calls made and for slots given back, also when nothing is written about it", async () => {
    const rig = new LimiterRig();
    const [made, refused, unused] = [await rig.grant(), await rig.grant(), await rig.grant({}, HORIZON)];
    await rig.limiter.report(LIMIT, made, SUCCESS);
    await rig.limiter.report(LIMIT, refused, THROTTLED);
    await rig.limiter.giveBack(unused, "late");
    expect(rig.ends).toEqual([
      [made.sequence, { kind: "used", outcome: SUCCESS }],
      [refused.sequence, { kind: "used", outcome: THROTTLED }],
      [unused.sequence, { kind: "given back", why: "late" }],
    ]);
  });
});

describe("a store that is slow to answer", () => {
  it("puts a free slot off by as much as its write takes, so that it is not over before it is known", async () => {
    const rig = new LimiterRig();
    const { update } = rig.store;
    rig.store.update = async (...args) => {
      const result = await update.apply(rig.store, args);
      rig.now += 60;
      return result;
    };
    for (let call = 0; call < 3; call += 1) {
      const slot = await rig.grant();
      expect(slot.atMs).toBeGreaterThanOrEqual(slot.grantedAtMs);
      expect(await comeTo(rig.limiter, slot)).toBeDefined();
      rig.now += 20_000;
    }
  });
});
