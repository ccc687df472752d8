import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { LimitState } from "../../../lambdas/common/core/limiter/rate-limiter.ts";
import { NO_SHOP_SETTINGS } from "../../../lambdas/common/core/marketplaces/shop-settings.ts";
import { forecastRefresh } from "../../../lambdas/common/services/refresh/forecast-refresh.ts";
import { planRefresh } from "../../../lambdas/common/services/refresh/plan-refresh.ts";
import { limitState, sourceStatus } from "../../helpers/source-status.ts";
import { asins, DE, FULL, fakeSource } from "../common/sources/chain/fakes.ts";
import { RefreshWorld } from "../refresh-products/refresh-world.ts";

const HOUR_MS = 3_600_000;

const aWorld = () => new RefreshWorld([fakeSource({ id: "creators-api", reply: () => FULL })]);
const idsIn = (jobs: Awaited<ReturnType<RefreshWorld["allJobs"]>>): string[] =>
  jobs.flatMap(({ products }) => products.map(({ asin }) => asin));

describe("the plan of an hour", () => {
  it("takes products that end before the next plan, in full calls, and leaves alone what is fresh, draft or no longer kept", async () => {
    const world = aWorld();
    const due = asins(23);
    for (const asin of due) await world.put(asin, 22.5);
    const [fresh = "", draft = "", left = "", early = ""] = asins(4, 100);
    await world.put(fresh, 10);
    await world.put(draft, 22.5, { status: "draft" });
    await world.put(left, 22.5, {}, -1);
    await world.put(early, 20.5);

    const report = await world.plan();

    expect(report).toMatchObject({ state: "planned", jobs: 3, products: 24, leftOut: 0 });
    const jobs = await world.allJobs();
    // The last call has room, so that it takes one that could have waited.
    expect(jobs.map(({ products }) => products.length).toSorted((a, b) => b - a)).toEqual([10, 10, 4]);
    expect(idsIn(jobs).toSorted()).toEqual([...due, early].toSorted());
    expect(world.messages.map(({ message }) => message.job_id)).toEqual(jobs.map(({ job_id }) => job_id));
    expect(jobs[0]).toMatchObject({
      status: "pending",
      retry_count: 0,
      circuit_breaker_state: "closed",
      generation: 1,
    });
  });

  it("makes the trial call of a breaker whose time is over: without other work nobody else would", async () => {
    const world = aWorld();
    const [asin = ""] = asins(1);
    await world.put(asin, 22.5);
    const blocked = { breaker: "open", blockedReason: "circuit-open", blockedUntilMs: world.clock.now() } as const;
    world.statuses = [sourceStatus({ id: "creators-api", state: limitState(blocked) })];
    expect(await world.plan()).toMatchObject({ jobs: 1, skipped: 0 });
  });

  it("leaves alone what is of a shop that is switched off: it would take the calls of the others for nothing", async () => {
    const world = aWorld();
    const [american = "", german = ""] = asins(2);
    await world.put(american, 22.5);
    await world.put(german, 22.5, { product_id: `${DE}#${german}`, marketplace: DE });
    world.shops = { disabled: new Set([DE]), partnerTags: {} };
    expect(await world.plan()).toMatchObject({ jobs: 1, products: 1, leftOut: 0 });
    expect(idsIn(await world.allJobs())).toEqual([american]);
    world.shops = NO_SHOP_SETTINGS;
    expect(await world.plan("person")).toMatchObject({ products: 1 });
    expect(idsIn(await world.allJobs()).toSorted()).toEqual([american, german].toSorted());
  });

  it("is made once an hour however often the schedule calls, and by a person again without naming a product twice", async () => {
    const world = aWorld();
    for (const asin of asins(5)) await world.put(asin, 22.5);
    await world.plan();
    expect(await world.plan()).toMatchObject({ state: "planned_already", jobs: 0 });
    const [late = ""] = asins(1, 50);
    await world.put(late, 30);
    expect(await world.plan("person")).toMatchObject({ state: "planned", jobs: 1, products: 1, resent: 1 });
    const ids = idsIn(await world.allJobs());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(late);
  });

  it("lets one planner work at a time, and takes over after one that died", async () => {
    const world = aWorld();
    for (const asin of asins(5)) await world.put(asin, 22.5);
    const broken = {
      ...world.planDeps,
      queue: {
        send: async (messages: readonly unknown[]) => {
          if (messages.length > 0) throw new TransientError("the queue is down");
        },
      },
    };
    const untilMs = world.clock.now() + HOUR_MS;
    await expect(planRefresh(broken, { by: "schedule", untilMs })).rejects.toThrow("the queue is down");
    expect(await world.allJobs()).toHaveLength(1);
    // Its rows are there, its messages are not: the next one of the hour sends them.
    expect(await world.plan()).toMatchObject({ state: "planned", jobs: 0, resent: 1 });
    expect(world.messages).toHaveLength(1);

    const owner = "another planner";
    const now = new Date(world.clock.now()).toISOString();
    await world.plans.begin(owner, now, new Date(world.clock.now() + 60_000).toISOString());
    expect(await world.plan("person")).toMatchObject({ state: "under_way" });
    world.clock.advance(61_000);
    expect(await world.plan("person")).toMatchObject({ state: "planned" });
  });

  it("plans again what was never served, and ends the job of the hour before", async () => {
    const world = aWorld();
    const [asin = ""] = asins(1);
    await world.put(asin, 22.5);
    await world.plan();
    world.messages.length = 0;
    world.clock.advance(HOUR_MS);
    expect(await world.plan()).toMatchObject({ jobs: 1, notServed: 1 });
    const [first, second] = await world.allJobs();
    expect(first).toMatchObject({ status: "skipped", skip_reason: "not_served_in_its_hour" });
    expect(second).toMatchObject({ status: "pending" });
  });

  it("notes jobs as skipped while the breaker is open or no source has credentials, and sends nothing", async () => {
    const world = aWorld();
    for (const asin of asins(12)) await world.put(asin, 22.5);
    const blocked = {
      breaker: "open",
      blockedReason: "circuit-open",
      blockedUntilMs: world.clock.now() + 300_000,
    } as const;
    world.statuses = [sourceStatus({ id: "creators-api", state: limitState(blocked) })];
    expect(await world.plan()).toMatchObject({ jobs: 0, skipped: 2 });
    expect(world.messages).toEqual([]);
    const [job] = await world.allJobs();
    expect(job).toMatchObject({ status: "skipped", skip_reason: "circuit_open", circuit_breaker_state: "open" });
    expect(job?.products[0]).toMatchObject({ outcome: "skipped" });

    world.clock.advance(HOUR_MS);
    world.statuses = [sourceStatus({ id: "creators-api", state: null })];
    await world.plan();
    expect((await world.allJobs()).at(-1)).toMatchObject({
      skip_reason: "no_source_configured",
      circuit_breaker_state: null,
    });
  });

  it("sends only what the refresh may still use, and then what readers see", async () => {
    const world = aWorld();
    const all = asins(40);
    for (const asin of all) await world.put(asin, 22.5);
    const read = all.slice(30);
    await world.demand.countViews(
      read.map((asin) => `www.amazon.com#${asin}`),
      world.clock.now(),
    );
    world.statuses = [world.status(2_592, 1)];
    expect(await world.plan()).toMatchObject({ jobs: 1, products: 10, leftOut: 30 });
    const taken = idsIn(await world.allJobs());
    // A fifth of the call goes to those that wait longest.
    expect(taken.filter((asin) => read.includes(asin))).toHaveLength(8);
  });
});

describe("the forecast", () => {
  it("counts what a day cannot keep, and says what would", async () => {
    const world = aWorld();
    for (const asin of asins(30)) await world.put(asin, 10);
    world.statuses = [world.status(2, 2)];
    await world.plan("person");
    const forecast = await forecastRefresh(world.planDeps);
    expect(forecast).toMatchObject({ products: 30, per_day: 20, will_expire: { count: 10 }, read_share: 1 });
    expect(forecast.will_expire.first_at).not.toBeNull();
    expect(forecast.advice.map(({ will_expire }) => will_expire)).toEqual([0, 0, 0]);
  });

  it("has nothing to say when all are kept", async () => {
    const world = aWorld();
    await world.put(asins(1)[0] ?? "", 10);
    await world.plan("person");
    expect(await forecastRefresh(world.planDeps)).toMatchObject({
      will_expire: { count: 0, first_at: null },
      advice: [],
    });
  });

  describe("while the source is blocked", () => {
    /** 30 products that end in 14 hours, as the buckets of an hour ago knew them, and the source of the shop since then. */
    const blockedWorld = async (...states: readonly Partial<LimitState>[]) => {
      const world = aWorld();
      for (const asin of asins(30)) await world.put(asin, 10);
      await world.plan("person");
      const ids = ["creators-api", "keepa"] as const;
      world.statuses = states.map((state, index) =>
        sourceStatus({ id: ids[index] ?? "keepa", state: limitState({ breaker: "open", ...state }) }),
      );
      return world;
    };
    const paused = { blockedReason: "paused", pauseCode: "InvalidCredentials" } as const;
    const broken = { blockedReason: "circuit-open" } as const;

    it("lets all end when a person is needed, although the pause has a trial every 15 minutes, and says what would help", async () => {
      for (const untilMs of [-1, 900_000]) {
        const world = await blockedWorld({ ...paused });
        const blockedUntilMs = world.clock.now() + untilMs;
        world.statuses = [sourceStatus({ id: "creators-api", state: limitState({ ...paused, blockedUntilMs }) })];
        const forecast = await forecastRefresh(world.planDeps);
        expect(forecast).toMatchObject({ per_day: 0, will_expire: { count: 30 } });
        // Fourteen hours ahead: the notice comes before the first end.
        expect(Date.parse(forecast.will_expire.first_at ?? "") - world.clock.now()).toBeGreaterThan(12 * HOUR_MS);
        expect(forecast.advice[0]).toEqual({
          change: "With creators-api answering again; it is blocked until somebody acts, see enrichline doctor.",
          will_expire: 0,
        });
      }
    });

    it("counts what has ended already, while nothing can be fetched and after", async () => {
      const world = aWorld();
      for (const asin of asins(30)) await world.put(asin, 30);
      world.statuses = [
        sourceStatus({ id: "creators-api", state: limitState({ ...paused, blockedUntilMs: Infinity }) }),
      ];
      await world.plan("person");
      const now = new Date(world.clock.now()).toISOString();
      const forecast = await forecastRefresh(world.planDeps);
      expect(forecast).toMatchObject({ products: 30, per_day: 0, will_expire: { count: 30, first_at: now } });
      expect(forecast.advice.length).toBeGreaterThan(0);
      world.statuses = [world.status()];
      expect(await forecastRefresh(world.planDeps)).toMatchObject({ will_expire: { count: 30 }, advice: [] });
    });

    it("counts on a breaker or a throttled source from the end of its pause on", async () => {
      const soon = await blockedWorld({ ...broken, blockedUntilMs: aWorld().clock.now() + 300_000 });
      expect((await forecastRefresh(soon.planDeps)).will_expire.count).toBe(0);
      const late = await blockedWorld({ ...broken, blockedUntilMs: aWorld().clock.now() + 20 * HOUR_MS });
      expect((await forecastRefresh(late.planDeps)).will_expire.count).toBe(30);
    });

    it("counts on the fallback that the planner would take, for the shops that it serves", async () => {
      const blockedUntilMs = aWorld().clock.now() + 20 * HOUR_MS;
      const world = await blockedWorld(
        { ...broken, blockedUntilMs },
        { breaker: "closed", refresh: { unitsPerDay: 2, unitsLeft: 2 } },
      );
      expect(await forecastRefresh(world.planDeps)).toMatchObject({ per_day: 20, will_expire: { count: 10 } });
      const [first, second] = world.statuses;
      if (!first || !second) throw new Error("two sources");
      world.statuses = [first, { ...second, marketplaces: [DE] }];
      expect((await forecastRefresh(world.planDeps)).will_expire.count).toBe(30);
    });

    it("does not lend the supply of one shop's source to another shop", async () => {
      const world = aWorld();
      for (const asin of asins(10)) await world.put(asin, 10);
      for (const asin of asins(5, 50)) await world.put(asin, 10, { product_id: `${DE}#${asin}`, marketplace: DE });
      await world.plan("person");
      const free = world.status();
      const ofDe = sourceStatus({ id: "keepa", state: limitState({ ...paused, blockedUntilMs: null }) });
      world.statuses = [
        { ...free, marketplaces: free.marketplaces.filter((shop) => shop !== DE) },
        { ...ofDe, marketplaces: [DE] },
      ];
      expect(await forecastRefresh(world.planDeps)).toMatchObject({ products: 15, will_expire: { count: 5 } });
    });
  });
});
