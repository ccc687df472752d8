import { afterEach, describe, expect, it, vi } from "vitest";
import { TransientError } from "../../../../../../lambdas/common/core/errors.ts";
import type { Slot } from "../../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { leadMs, useSlot } from "../../../../../../lambdas/common/sources/chain/calls/use-slot.ts";
import type { ChainDeps } from "../../../../../../lambdas/common/sources/chain/chain-deps.ts";
import { START_MS } from "../../../core/limiter/limiter-rig.ts";
import { asins, bench, FakeLimiter, fakeClock, fakeSource, leave, request, START } from "../fakes.ts";
import { SlotWorld } from "./slot-world.ts";

describe("a call that is not ready at its slot time", () => {
  it.each(["tokens", "recheck", "table"] as const)("sends nothing when its %s took too long", async (what) => {
    // Quick but for the time when the second call gets ready for its slot, a second after the first.
    const isSlow = (): boolean => {
      const since = world.clock.now() - START_MS;
      return since > 600 && since < 1_050;
    };
    const world: SlotWorld = new SlotWorld({ [what]: () => (isSlow() ? 900 : 2) });
    const [first, second] = [world.worker(), world.worker()];
    const results = await world.run(Promise.all([first(), second()]));
    expect(results.map(({ kind }) => kind)).toEqual(["answered", "answered"]);
    expect(world.smallestGap).toBeGreaterThanOrEqual(1_000);
  });

  it("gives its slot back, unit and time, so that the next caller need not wait for the one after it", async () => {
    let reads = 0;
    const world = new SlotWorld({ recheck: () => (++reads === 1 ? 900 : 2) });
    const call = world.worker();
    await world.run(call());
    await world.run(call());
    const [item] = world.store.items.values();
    expect(item).toMatchObject({ calls_used: 2, returned_sequence: 2, sequence: 3 });
    // The slot after the missed one would be two intervals and guards away.
    expect(world.smallestGap).toBeGreaterThanOrEqual(1_000);
    expect(world.smallestGap).toBeLessThan(2_100);
  });
});

describe("getting ready", () => {
  it("ends before the slot time: nothing is waited for between the slot and the request", async () => {
    const world = new SlotWorld({ tokens: () => 200, recheck: () => 250, table: () => 60 });
    const slots: number[] = [];
    let shiftedMs: number | undefined;
    world.store.onApplied = (before, after) => {
      if (after.sequence > (before?.sequence ?? 0)) slots.push(after.next_free_ms - 1_050);
      // By the first call. What the second one does, it does after it was sent.
      shiftedMs ??= after.shifted_ms;
    };
    const [first, second] = [world.worker(), world.worker()];
    await world.run(Promise.all([first(), second()]));
    expect(world.sent.at(-1)).toBe((slots.at(-1) ?? 0) + (shiftedMs ?? 0));
  });

  it("begins 400 ms before the slot, and earlier where connections take long to open", () => {
    expect(leadMs({})).toBe(400);
    expect(leadMs({ longestMs: 150 })).toBe(400);
    expect(leadMs({ longestMs: 600 })).toBe(1_250);
    expect(leadMs({ longestMs: 20_000 })).toBe(5_000);
  });

  it("begins earlier where checks of slots are slow, but never so early that they say nothing of the calls before", () => {
    expect(leadMs({}, 100)).toBe(400);
    expect(leadMs({}, 300)).toBe(650);
    expect(leadMs({}, 5_000)).toBe(1_000);
  });

  it("loses one slot to slow checks, not each", async () => {
    const world = new SlotWorld({ recheck: () => 450 });
    const calls = Array.from({ length: 2 }, async () => {
      const call = world.worker();
      for (let made = 0; made < 6; made += 1) await call();
    });
    await world.run(Promise.all(calls));
    const [item] = world.store.items.values();
    expect(world.sent).toHaveLength(12);
    // The first of each worker, which then knows.
    expect((item?.sequence ?? 0) - world.sent.length).toBeLessThanOrEqual(2);
  });
});

/** A slot a second ahead, and what became of it. */
const inOneSecond = async (more: Partial<ChainDeps>, change: (limiter: FakeLimiter) => void = () => undefined) => {
  const clock = fakeClock();
  const limiter = new FakeLimiter(clock);
  await limiter.reserve({ limitKey: "k" }, { units: 1 });
  const slot = (await limiter.reserve({ limitKey: "k" }, { units: 1 })) as Slot;
  change(limiter);
  const sent: number[] = [];
  const run = async (signal: AbortSignal): Promise<string> => {
    await leave(signal);
    sent.push(clock.now() - START);
    return "answer";
  };
  const used = useSlot({ sources: [], limiter, clock, timeoutMs: 5_000, ...more }, slot, {
    ...{ run, connectTimes: {}, timeoutMs: () => 5_000 },
  });
  return { used, sent, limiter, slot };
};

describe("a slot", () => {
  it("that late arrivals before it have moved is used at its new time", async () => {
    const { used, sent } = await inOneSecond({}, (limiter) => {
      limiter.recheck = async (slot) => ({ ...slot, atMs: START + 1_080, shiftedMs: 80 });
    });
    expect(await used).toMatchObject({ kind: "made", isSent: true, slot: { atMs: START + 1_080 } });
    expect(sent).toEqual([1_080]);
  });

  it("that became void is not used and needs no giving back", async () => {
    const { used, sent, limiter } = await inOneSecond({}, (changed) => {
      changed.isVoid = true;
    });
    expect(await used).toEqual({ kind: "missed" });
    expect([sent, limiter.returned]).toEqual([[], []]);
  });

  it("is given back when its call is no longer wanted", async () => {
    const { used, sent, limiter } = await inOneSecond({ stillWanted: () => false });
    expect(await used).toEqual({ kind: "unwanted" });
    expect([sent, limiter.returned]).toEqual([[], [2]]);
  });

  it("is not used when nobody can say whether its call is still wanted", async () => {
    const down = new TransientError("the table is away");
    const { used, sent } = await inOneSecond({ stillWanted: () => Promise.reject(down) });
    await expect(used).rejects.toBe(down);
    expect(sent).toEqual([]);
  });

  it("is taken even by a call that has nothing to send", async () => {
    const source = fakeSource({
      id: "creators-api",
      client: { fetchProducts: async () => ({ products: [], failures: [], raw: "", signals: {} }) },
    });
    const { deps, clock } = bench([source], {});
    await deps.limiter.reserve(source.limitFor(source.descriptor.operations[0] as never), {
      ...{ priority: "bulk", horizonMs: 2_000, units: 1 },
    });
    const { enrichByChain: enrichProducts } = await import(
      "../../../../../../lambdas/common/sources/chain/enrich-by-chain.ts"
    );
    await enrichProducts(deps, request(asins(1)));
    expect(clock.now()).toBe(START + 1_000);
  });
});

describe("a call that is sent", () => {
  afterEach(() => vi.useRealTimers());

  const hanging = async (hangsMs: number): Promise<number[]> => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const clock = fakeClock();
    const limiter = new FakeLimiter(clock);
    const slot = (await limiter.reserve({ limitKey: "k" }, { units: 1 })) as Slot;
    const slow: number[] = [];
    const answered = Promise.withResolvers<void>();
    const run = async (signal: AbortSignal): Promise<string> => {
      await leave(signal);
      setTimeout(answered.resolve, hangsMs);
      await answered.promise;
      return "answer";
    };
    const used = useSlot({ sources: [], limiter, clock, timeoutMs: 30_000 }, slot, {
      ...{ run, connectTimes: {}, timeoutMs: () => 30_000 },
      onSlow: (endsAtMs) => slow.push(endsAtMs - clock.now()),
    });
    await vi.advanceTimersByTimeAsync(hangsMs);
    await used;
    await vi.advanceTimersByTimeAsync(60_000);
    return slow;
  };

  it("says so once when it has no answer after 5 s, and when it ends at the latest", async () => {
    expect(await hanging(20_000)).toEqual([30_000]);
  });

  it("says nothing when it is answered before", async () => {
    expect(await hanging(4_999)).toEqual([]);
  });
});
