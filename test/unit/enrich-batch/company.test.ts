import { describe, expect, it } from "vitest";
import { expressWorkers } from "../../../lambdas/common/core/runs/express-workers.ts";
import { CompanyWorld } from "./company-world.ts";

const SEEDS = Array.from({ length: 2 }, (_, n) => n + 1);

/** 40 catalogs of 7 products within a moment, at one call a second. */
const fortyCatalogs = async (
  setting: Partial<ConstructorParameters<typeof CompanyWorld>[0]>,
  everyMs = 50,
): Promise<CompanyWorld> => {
  const world = new CompanyWorld({ seed: 1, workers: expressWorkers(1), receives: 10, ...setting });
  for (let n = 0; n < 40; n += 1) world.upload(7, n * everyMs);
  await world.finish();
  return world;
};

describe("40 catalogs of 7 products that come at once", () => {
  it.each([1, 3, 10])(
    "go with 9 ids a call and more, where the queue gives up to %i messages a request",
    async (receives) => {
      const idsPerCall: number[] = [];
      for (const seed of SEEDS) idsPerCall.push((await fortyCatalogs({ seed, receives })).idsPerCall);
      console.log(
        `ids per call, up to ${receives} messages a request: ${idsPerCall.map((ids) => ids.toFixed(2)).join(" ")}`,
      );
      expect(Math.min(...idsPerCall)).toBeGreaterThanOrEqual(9);
    },
  );

  it("go short at first only where the slot is free, and again only at the end", async () => {
    const calls = (await fortyCatalogs({})).calls.map((call) => call.length);
    // A call that waits for its slot asks the queue again until it is full.
    expect(calls.slice(0, 3)).toEqual([7, 10, 10]);
    expect(calls.lastIndexOf(10)).toBeGreaterThanOrEqual(26);
  });

  it.each([150, 300])("go with 9 ids a call and more, where one comes every %i ms", async (everyMs) => {
    expect((await fortyCatalogs({ receives: 1 }, everyMs)).idsPerCall).toBeGreaterThanOrEqual(9);
  });

  it("go with 9 ids a call and more, where timers ring late and calls miss their slots", async () => {
    for (const seed of SEEDS)
      expect((await fortyCatalogs({ seed, lateTimers: 0.2 })).idsPerCall, `seed ${seed}`).toBeGreaterThanOrEqual(9);
  });

  it("go with fuller calls as bulk work too, since what has waited once for company asks the queue for more", async () => {
    const short = async (hasCompany: boolean): Promise<number> => {
      let calls = 0;
      for (const seed of [1, 2, 3, 4]) {
        const world = await fortyCatalogs({ seed, lane: "bulk", workers: 3, receives: 3, hasCompany }, 150);
        calls += world.calls.filter((call) => call.length < 10).length;
      }
      return calls;
    };
    expect(await short(true)).toBeLessThan(await short(false));
  });

  it("would go with fewer ids a call without company, or with ten workers", async () => {
    expect((await fortyCatalogs({ receives: 1, hasCompany: false })).idsPerCall).toBeLessThan(8);
    expect((await fortyCatalogs({ receives: 1, hasCompany: false, workers: 10 })).idsPerCall).toBeLessThan(8.5);
  });
});

describe("a lone catalog", () => {
  it("shows its first product at once, and asks the queue for nothing", async () => {
    const world = new CompanyWorld({ seed: 1, workers: expressWorkers(1), receives: 10 });
    world.upload(7, 0);
    await world.finish();
    expect(world.calls.map((call) => call.length)).toEqual([7]);
    expect(Math.max(...world.firstAfterMs.values())).toBeLessThan(1_000);
    expect(world.requests).toBe(0);
  });

  it("of which a rest waits for its slot, goes with that when nothing else is there", async () => {
    const world = new CompanyWorld({ seed: 1, workers: expressWorkers(1), receives: 10 });
    world.upload(17, 0);
    await world.finish();
    expect(world.calls.map((call) => call.length)).toEqual([10, 7]);
  });
});
