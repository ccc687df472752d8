import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EXPRESS_PRODUCTS,
  planDispatch,
  windowProducts,
} from "../../../../../lambdas/common/core/runs/dispatch-window.ts";
import { isAllParked, productsInFlight } from "../../../../../lambdas/common/core/runs/run.ts";
import { aRun } from "../../../../helpers/rows.ts";
import { testSeed } from "../../../../helpers/test-seed.ts";

const SEED = testSeed("dispatch window", 20_261_123);

const bulk = (owner: string, id: string, batches: number, dispatched = 0, settled = 0) => {
  const uploaded = batches * 20;
  const [segment] = aRun().segments;
  if (!segment) throw new Error("a run has a segment");
  return aRun({
    ...{ owner_id: owner, batch_id: id, batches, dispatched, settled, express: false },
    ...{ uploaded, pending: uploaded - settled * 20, segments: [{ ...segment, products: uploaded }] },
  });
};

/** An express run of `products`, 20 a batch. */
const express = (owner: string, id: string, products: number, dispatched = 0) => {
  const [segment] = aRun().segments;
  if (!segment) throw new Error("a run has a segment");
  return aRun({
    ...{ owner_id: owner, batch_id: id, batches: Math.ceil(products / 20), dispatched, express: true },
    ...{ uploaded: products, pending: products, segments: [{ ...segment, products }] },
  });
};

/** All batches, and those of them that go by the express queue. */
const lanes = (shares: ReturnType<typeof planDispatch>) =>
  Object.fromEntries(shares.map(({ run, batches, express: quick }) => [run.batch_id, [batches, quick]]));

const granted = (shares: ReturnType<typeof planDispatch>) =>
  Object.fromEntries(shares.map(({ run, batches }) => [run.batch_id, batches]));

describe("sharing out the dispatch window", () => {
  it("keeps what the upstream serves in the window in flight", () => {
    expect(windowProducts(15, 10)).toBe(150);
    expect(granted(planDispatch([bulk("a", "run", 100)], 150))).toEqual({ run: 8 });
    expect(granted(planDispatch([bulk("a", "run", 100, 8, 0)], 150))).toEqual({});
    expect(granted(planDispatch([bulk("a", "run", 100, 8, 3)], 150))).toEqual({ run: 3 });
  });

  it("keeps no room for products that are done while another one of their batch is tried again", () => {
    const run = bulk("a", "run", 100, 8, 0);
    // One product of each of the eight batches is left.
    const almost = { ...run, pending: run.pending - 8 * 19, enriched: 8 * 19 };
    expect(granted(planDispatch([almost, bulk("b", "newcomer", 100)], 150))).toEqual({ run: 4, newcomer: 4 });
  });

  it("serves users round-robin, whatever the size and number of their runs", () => {
    const shares = granted(
      planDispatch([bulk("big", "b1", 500), bulk("big", "b2", 500), bulk("small", "s1", 500)], 160),
    );
    expect(shares).toEqual({ b1: 2, b2: 2, s1: 4 });
  });

  it("sends express runs whole, beside the window", () => {
    const express = aRun({ owner_id: "x", batch_id: "x1", batches: 3, dispatched: 0, express: true });
    expect(granted(planDispatch([bulk("a", "run", 100, 8, 0), express], 150))).toEqual({ x1: 3 });
  });

  it("gives a batch to a user who has none in flight, however much others have reopened", () => {
    const retried = { ...bulk("a", "retried", 100, 100, 0), pending: 2_000 };
    expect(granted(planDispatch([retried, bulk("b", "newcomer", 100), bulk("c", "other", 100)], 150))).toEqual({
      newcomer: 1,
      other: 1,
    });
    // Less than a batch is left of its last one, so that the next one follows without a gap.
    const almost = { ...bulk("b", "newcomer", 100, 1, 0), pending: 100 * 20 - 1, enriched: 1 };
    expect(granted(planDispatch([retried, almost], 150))).toEqual({ newcomer: 1 });
    expect(granted(planDispatch([retried, bulk("b", "newcomer", 100, 1, 0)], 150))).toEqual({});
  });

  it("gives nothing beyond the window to the user who fills it", () => {
    const retried = { ...bulk("a", "retried", 100, 100, 0), pending: 2_000 };
    expect(granted(planDispatch([retried, bulk("a", "next", 100)], 150))).toEqual({});
  });

  it("sends so many express products of one user beside the window, and the rest round-robin, as bulk work", () => {
    expect(EXPRESS_PRODUCTS).toBe(100);
    // The window is full: beside it go 100 products of x, over all his runs.
    const full = bulk("a", "full", 100, 8, 0);
    const runs = [express("x", "x1", 80), express("x", "x2", 80), express("x", "x3", 7), express("y", "y1", 80)];
    expect(lanes(planDispatch([full, ...runs], 150))).toEqual({ x1: [4, 4], x2: [1, 1], x3: [1, 0], y1: [4, 4] });
    // With room in the window the rest follows, round-robin with everybody else.
    const others = [express("x", "x3", 100), express("x", "x4", 100), bulk("b", "b1", 100)];
    expect(lanes(planDispatch(others, 160))).toEqual({ x3: [5, 5], x4: [4, 0], b1: [4, 0] });
  });

  it("counts an express product in flight whatever its run waits for", () => {
    const full = bulk("a", "full", 100, 8, 0);
    const waiting = { ...express("x", "x1", 100, 5), state: "waiting_for_source" as const };
    const paused = { ...express("y", "y1", 100, 5), state: "paused" as const };
    const plan = planDispatch([full, waiting, paused, express("x", "x2", 20), express("y", "y2", 20)], 150);
    // Only the batch that everybody gets who has none in flight, and as bulk work.
    expect(lanes(plan)).toEqual({ x2: [1, 0], y2: [1, 0] });
  });

  it("sends small express batches by what they hold", () => {
    const runs = Array.from({ length: 20 }, (_, n) => express("x", `x${n}`, 7));
    const plan = planDispatch([bulk("a", "full", 100, 8, 0), ...runs], 150);
    expect(plan.filter((share) => share.express > 0)).toHaveLength(14);
  });

  it("serves the runs of one user round-robin", () => {
    const runs = [bulk("a", "first", 100), bulk("a", "second", 100), bulk("a", "third", 100)];
    expect(granted(planDispatch(runs, 180))).toEqual({ first: 3, second: 3, third: 3 });
    // Who has least in flight catches up.
    expect(granted(planDispatch([bulk("a", "first", 100, 6, 0), bulk("a", "second", 100)], 180))).toEqual({
      second: 3,
    });
  });

  it("sends nothing of paused, cancelled and fully sent runs", () => {
    const runs = [
      aRun({ state: "paused", batches: 9, dispatched: 0 }),
      aRun({ state: "cancelled", batches: 9 }),
      bulk("a", "r", 3, 3, 1),
    ];
    expect(planDispatch(runs, 1000)).toEqual([]);
  });

  it("lets no run that waits or is paused keep others out of the window", () => {
    const waiting = aRun({ batch_id: "w", owner_id: "a", batches: 50, dispatched: 8, state: "waiting_for_source" });
    const paused = aRun({ batch_id: "p", owner_id: "b", batches: 50, dispatched: 8, state: "paused" });
    expect(granted(planDispatch([waiting, paused, bulk("c", "run", 100)], 150))).toEqual({ run: 8 });
  });

  it("keeps no room for products that are parked for a later source", () => {
    // 150 products of 25 batches wait for hours; all else of them is done.
    const parked = { ...bulk("a", "run", 100, 25, 0), state: "running" as const, pending: 75 * 20 + 150, parked: 150 };
    expect(granted(planDispatch([parked], 150))).toEqual({ run: 8 });
    expect(granted(planDispatch([parked, bulk("b", "other", 100)], 160))).toEqual({ run: 4, other: 4 });
    // As it was before they were counted.
    const { parked: _parked, ...older } = parked;
    expect(granted(planDispatch([older, bulk("b", "other", 100)], 150))).toEqual({ other: 1 });
  });

  it("keeps room for products that are parked for the first source, since what follows would only be parked too", () => {
    const run = { ...bulk("a", "run", 100, 8, 0), state: "running" as const, parked: 160, parked_first: 160 };
    expect(granted(planDispatch([run], 150))).toEqual({});
    // Of those parked for a later source before, the window knows nothing.
    const both = {
      ...run,
      dispatched: 100,
      pending: 300,
      parked: 300,
      parked_first: 100,
      batches: 200,
      uploaded: 2_000,
    };
    expect(productsInFlight(both)).toBe(100);
  });

  it("sends more of a run that waits only for a later source, and nothing of one that waits for its first", () => {
    const waiting = { ...bulk("a", "run", 100, 8, 0), state: "waiting_for_source" as const, parked: 160 };
    expect(granted(planDispatch([waiting], 150))).toEqual({ run: 8 });
    expect(granted(planDispatch([{ ...waiting, parked_first: 1 }], 150))).toEqual({});
    expect(granted(planDispatch([{ ...waiting, parked: 159 }], 150))).toEqual({});
  });

  it("counts no express product in flight that is parked for a later source", () => {
    const full = bulk("a", "full", 100, 8, 0);
    const parked = { ...express("x", "x1", 100, 5), state: "waiting_for_source" as const, parked: 100 };
    expect(lanes(planDispatch([full, parked, express("x", "x2", 100)], 150))).toEqual({ x2: [5, 5] });
  });

  it("sends one run's first batches even while it waits, so that it can say what for", () => {
    const waiting = aRun({ batch_id: "w", batches: 50, dispatched: 0, state: "waiting_for_source" });
    expect(granted(planDispatch([waiting], 20))).toEqual({ w: 1 });
  });

  it("never exceeds the window by more than one batch, and one more a user who had less than one, nor a run by any", () => {
    const run = fc.record({
      owner: fc.constantFrom("a", "b", "c"),
      batches: fc.integer({ min: 1, max: 40 }),
      sent: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 8 }), fc.integer({ min: 1, max: 1000 }), (specs, size) => {
        const runs = specs.map(({ owner, batches, sent }, index) =>
          bulk(owner, `r${index}`, batches, Math.min(sent, batches)),
        );
        const shares = planDispatch(runs, size);
        for (const { run: target, batches } of shares)
          expect(target.dispatched + batches).toBeLessThanOrEqual(target.batches);
        const before = runs.reduce((sum, r) => sum + r.dispatched * 20, 0);
        const after = before + shares.reduce((sum, share) => sum + share.batches * 20, 0);
        const of = (owner: string) => runs.filter((r) => r.owner_id === owner);
        const idle = ["a", "b", "c"].filter(
          (owner) => of(owner).every((r) => r.dispatched === 0) && of(owner).length > 0,
        );
        expect(after).toBeLessThan(Math.max(before, size) + 20 + 20 * idle.length);
        // Nobody who has something to send and nothing in flight is passed over.
        expect(idle.filter((owner) => !shares.some(({ run: target }) => target.owner_id === owner))).toEqual([]);
      }),
      { seed: SEED },
    );
  });
});

describe("a run of which all is parked", () => {
  const all = { ...bulk("a", "run", 10, 10, 0), state: "running" as const, parked: 200 };

  it("continues with nothing before a source is back", () => {
    expect(isAllParked(all)).toBe(true);
    expect(isAllParked({ ...all, parked: 199 })).toBe(false);
    expect(isAllParked(bulk("a", "run", 10, 10, 10))).toBe(false);
  });

  it("continues as long as there is something to send and the first source serves it", () => {
    const unsent = { ...bulk("a", "run", 20, 10, 0), state: "running" as const, parked: 200 };
    expect(isAllParked(unsent)).toBe(false);
    expect(isAllParked({ ...unsent, parked_first: 1 })).toBe(true);
    const claim = { owner: "sender", from: 11, to: 12, expires_at: "2026-11-23T12:01:00.000Z" };
    expect(isAllParked({ ...unsent, parked_first: 1, claim })).toBe(false);
  });
});
