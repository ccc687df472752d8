import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type UploadReport, UploadReportSchema } from "../../lambdas/catalogs-api/views.ts";
import { asinSeries, csvOf } from "../helpers/e2e/asins.ts";
import { openWorld, type World } from "../helpers/e2e/open-world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.deployed.close());

/** Calls that came, as a share of those that were foretold. */
const share = (came: number, foretold: number): number => came / foretold;

/** Calls that a report foretells, over all sources. */
const total = ({ estimate }: Pick<UploadReport, "estimate">): number =>
  Object.values(estimate?.calls ?? {}).reduce((sum, n) => sum + n, 0);

describe("the estimate of a catalog", () => {
  it("foretells the calls of the run within 5 %, and those that a repeat needs", async () => {
    await world.upstream.begin();
    const csv = `${csvOf(asinSeries("ESTM", 400))}\nnonsense\n`;
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
    expect(total(again)).toBe(0);

    // So is the next run of the catalog itself; its report tells of the upload's rejected rows again.
    await world.upstream.begin();
    const path = `/catalogs/${report.catalog_id}/enrich`;
    const second = UploadReportSchema.parse((await world.demo.call("POST", path)).body);
    expect(second.estimate).toMatchObject({ fresh: 400 });
    expect(total(second)).toBe(0);
    expect(report.rejected).toMatchObject({ count: 1, rows: [{ value: "nonsense" }] });
    expect(second.rejected).toEqual(report.rejected);
    expect(await world.demo.follow(report.catalog_id ?? "", { seconds: 90 })).toMatchObject({
      ...{ state: "completed", counts: { enriched: 400 }, of_which: { from_cache: 400 } },
    });
    expect((await world.upstream.calls()).total).toBe(0);

    const forced = UploadReportSchema.parse((await world.demo.call("POST", path, { query: { force: "true" } })).body);
    expect(forced.estimate).toMatchObject({ fresh: 0, calls: { "creators-api": 40 } });
    await world.demo.call("POST", `/catalogs/${report.catalog_id}/cancel`);
  });
});
