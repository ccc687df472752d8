import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.deployed.close());

/** Calls that came, as a share of those that were foretold. */
const share = (came: number, foretold: number): number => came / foretold;

describe("the estimate of a catalog", () => {
  it("foretells the calls of the run within 5 %, and those that a repeat needs", async () => {
    await world.upstream.begin();
    const csv = csvOf(asinSeries("ESTM", 400));
    const foretold = await world.demo.upload("text/csv", csv, { name: "Estimate", dry_run: "true" }, 200);
    expect(foretold.catalog_id).toBeNull();
    expect(foretold.estimate).toMatchObject({ calls: { "creators-api": 40 }, fresh: 0, keepa_tokens: 0 });
    expect(foretold.estimate?.day_share).toBeGreaterThan(0);

    const report = await world.demo.upload("text/csv", csv, { name: "Estimate" });
    const status = await world.demo.follow(report.catalog_id ?? "", { seconds: 90 });
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 400 } });
    const { ids_per_call, by_status } = await world.upstream.calls();
    const ratio = share(by_status["200"] ?? 0, foretold.estimate?.calls["creators-api"] ?? 0);
    expect(ratio).toBeGreaterThanOrEqual(0.95);
    expect(ratio).toBeLessThanOrEqual(1.05);
    const calls = Object.values(ids_per_call.histogram).reduce((sum, n) => sum + n, 0);
    expect(400 / calls).toBeGreaterThanOrEqual(9.5);

    // All of it is fresh now, so the same file is foretold to need no call, and it needs none.
    const again = await world.demo.upload("text/csv", csv, { name: "Estimate again", dry_run: "true" }, 200);
    expect(again.estimate).toMatchObject({ fresh: 400, seconds: expect.any(Number) });
    expect(Object.values(again.estimate?.calls ?? {}).reduce((sum, n) => sum + n, 0)).toBe(0);
  });
});
