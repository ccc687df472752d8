import { describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { comeTo } from "./come-to.ts";
import { CRITICAL, LIMIT, LimiterRig, START_MS, SUCCESS, THROTTLED } from "./limiter-rig.ts";

describe("waiting for a slot", () => {
  it("ends at the slot, without a read when it comes at once", async () => {
    const rig = new LimiterRig();
    await rig.grant({ callsPerSecond: 10 });
    const slot = await rig.grant({ callsPerSecond: 10 });
    expect(await comeTo(rig.limiter, slot)).toBeDefined();
    expect(rig.now).toBe(START_MS + 105);
    expect(rig.store.reads).toBe(0);
  });

  it("drops a slot that came up later than half the guard, and widens the guard for the next", async () => {
    const rig = new LimiterRig();
    const punctual = await rig.grant();
    rig.now = punctual.atMs + 25;
    expect(await comeTo(rig.limiter, punctual)).toBeDefined();
    const late = await rig.grant();
    rig.now = late.atMs + 26;
    expect(await comeTo(rig.limiter, late)).toBeUndefined();
    expect(rig.item.guard_ms).toBe(75);
  });

  it("does not take a frozen process for slow timers", async () => {
    const rig = new LimiterRig();
    const slot = await rig.grant();
    rig.now += 30_000;
    expect(await comeTo(rig.limiter, slot)).toBeUndefined();
    expect(rig.item.guard_ms).toBe(50);
  });

  it("reads once before a slot granted over a second ago, and refuses it when the source was paused meanwhile", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant();
    const second = await rig.grant();
    expect(await comeTo(rig.limiter, second)).toBeDefined();
    expect(rig.store.reads).toBe(1);
    const third = await rig.grant();
    await rig.another().report(LIMIT, first, CRITICAL);
    expect(await comeTo(rig.limiter, third)).toBeUndefined();
  });

  it("refuses a slot that a 429 has silenced", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant();
    const second = await rig.grant();
    await rig.another().report(LIMIT, first, THROTTLED);
    expect(await comeTo(rig.limiter, second)).toBeUndefined();
  });

  it("refuses a slot from before a pause, even when the pause was cleared meanwhile", async () => {
    const rig = new LimiterRig();
    const first = await rig.grant();
    const second = await rig.grant();
    const other = rig.another();
    await other.report(LIMIT, first, CRITICAL);
    await other.clearPause(LIMIT.limitKey);
    expect(rig.item.breaker).toBe("closed");
    expect(await comeTo(rig.limiter, second)).toBeUndefined();
  });

  it("gives a probe back when its slot was missed, so that nobody waits for its deadline", async () => {
    const rig = new LimiterRig();
    await rig.call(CRITICAL);
    rig.now += 900_000;
    const probe = await rig.grant();
    rig.now += 20_000;
    expect(await comeTo(rig.limiter, probe)).toBeUndefined();
    expect((await rig.grant()).probeOwner).toBeDefined();
  });

  it("learns from another's stamp that its own clock is behind, and drops what would come late", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    const behind = rig.another(-900);
    const slot = await rig.grant({}, {}, behind);
    const waited = rig.now;
    expect(await comeTo(behind, slot)).toBeDefined();
    expect(rig.now - waited).toBe(slot.atMs - START_MS);
  });

  it("starts no call when the store cannot be reached", async () => {
    const rig = new LimiterRig();
    await rig.grant();
    const slot = await rig.grant();
    const down = async (): Promise<never> => {
      throw new TransientError("throttled");
    };
    rig.store.read = down;
    rig.store.update = down;
    await expect(comeTo(rig.limiter, slot)).rejects.toThrow(TransientError);
    await expect(rig.ask()).rejects.toThrow(TransientError);
  });
});

describe("a guard that adapts", () => {
  it("grows to what lateness was measured, with a quarter to spare and an end", async () => {
    const rig = new LimiterRig();
    await rig.call({ kind: "success", signals: {}, latenessMs: 40 });
    expect(rig.item.guard_ms).toBe(100);
    await rig.call({ kind: "success", signals: {}, latenessMs: 5_000 });
    expect(rig.item.guard_ms).toBe(250);
    rig.store.plans.length = 0;
    const slot = await rig.grant({}, { horizonMs: 5_000 });
    await rig.limiter.report(LIMIT, slot, SUCCESS);
    expect(rig.store.plans).toHaveLength(1);
    expect((await rig.grant({}, { horizonMs: 5_000 })).atMs - slot.atMs).toBe(1_250);
  });

  it("shrinks by a tenth every fifth grant while calls are on time, to 27 ms at one call a second", async () => {
    const rig = new LimiterRig();
    const guards: number[] = [];
    let last = await rig.call(SUCCESS);
    for (let call = 1; call < 100; call += 1) {
      const next = await rig.call(SUCCESS);
      // What a slot cost is never less than the guard that its caller's tolerance came from.
      expect(next.atMs - last.atMs).toBeGreaterThanOrEqual(1_000 + 2 * last.guardMs);
      last = next;
      if (call % 5 === 4) guards.push(rig.item.guard_ms);
    }
    expect(guards.slice(0, 6)).toEqual([45, 40, 36, 32, 28, 27]);
    expect(guards.at(-1)).toBe(27);
  });

  it("shrinks as well after it grew by lateness, and no faster than lateness is measured", async () => {
    const rig = new LimiterRig();
    for (let call = 0; call < 100; call += 1) await rig.call({ kind: "success", signals: {}, latenessMs: 16 });
    expect(rig.item.guard_ms).toBeGreaterThanOrEqual(36);
    expect(rig.item.guard_ms).toBeLessThanOrEqual(40);
  });
});
