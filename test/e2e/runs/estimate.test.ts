import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { DryRunSchema } from "../../../lambdas/common/core/contract/uploads/dry-run.ts";
import { type UploadReport, UploadReportSchema } from "../../../lambdas/common/core/contract/uploads/upload-report.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { LargeUploads } from "../../helpers/e2e/large-upload.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

let world: World;
let uploads: LargeUploads;
beforeAll(async () => {
  world = await openWorld();
  uploads = new LargeUploads(world.demo, inject("outputs"));
});
afterAll(() => {
  uploads.close();
  world.deployed.close();
});

/** Calls that came, as a share of those that were estimated. */
const share = (came: number, estimated: number): number => came / estimated;

/** Calls that a report estimates, over all sources. */
const total = ({ estimate }: Pick<UploadReport, "estimate">): number =>
  Object.values(estimate?.calls ?? {}).reduce((sum, n) => sum + n, 0);

describe("the estimate of a catalog", () => {
  it("estimates the calls of the run within 5 %, and those that a repeat needs", async () => {
    await world.upstream.begin();
    const csv = `${csvOf(asinSeries("ESTM", 400))}\nnonsense\n`;
    const estimated = await world.demo.upload("text/csv", csv, { name: "Estimate", dry_run: "true" }, 200);
    expect(estimated.catalog_id).toBeNull();
    expect(estimated.estimate).toMatchObject({ calls: { "creators-api": 40 }, fresh: 0, keepa_tokens: 0 });
    expect(estimated.estimate?.day_share).toBeGreaterThan(0);

    const report = await world.demo.upload("text/csv", csv, { name: "Estimate" });
    const status = await world.demo.follow(report.catalog_id ?? "", { seconds: 90 });
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 400 } });
    const { ids_per_call, by_status } = await world.upstream.calls();
    const ratio = share(by_status["200"] ?? 0, estimated.estimate?.calls["creators-api"] ?? 0);
    expect(ratio).toBeGreaterThanOrEqual(0.95);
    expect(ratio).toBeLessThanOrEqual(1.05);
    const calls = Object.values(ids_per_call.histogram).reduce((sum, n) => sum + n, 0);
    expect(400 / calls).toBeGreaterThanOrEqual(9.5);

    // All of it is fresh now, so the same file is estimated to need no call, and it needs none.
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

describe("the estimate of a file in two shops of which a third is fresh", () => {
  const US = 130;
  const CANADA = 107;
  const FRESH = 83;
  /** Seven of 20, which is 35 %. */
  const isFresh = (_: string, index: number): boolean => (index % 20) % 3 === 0;
  // Shops alternate, as long as both have products.
  const shops = [
    asinSeries("ESTU", US).map((asin) => `${asin},www.amazon.com`),
    asinSeries("ESTC", CANADA).map((asin) => `${asin},www.amazon.ca`),
  ];
  const rows = Array.from({ length: US }, (_, index) => shops.flatMap((shop) => shop[index] ?? [])).flat();
  const file = (lines: readonly string[]) => Uint8Array.from(Buffer.from(["asin,marketplace", ...lines].join("\n")));

  it("estimates, by a presigned dry run, the calls that then happen within 5 %", async () => {
    await world.upstream.begin();
    const fresh = rows.filter(isFresh);
    expect([rows.length, fresh.length]).toEqual([US + CANADA, FRESH]);
    const before = await uploads.send(file(fresh));
    await uploads.read(before, 60);
    expect(await world.demo.follow(before, { seconds: 60 })).toMatchObject({ state: "completed" });

    const content = file(rows);
    const order = { file_name: "two-shops.csv", batch_size: 30 };
    const { id, put } = await uploads.requestDryRun({ ...order, content_length: content.byteLength, dry_run: true });
    await put(content);
    const read = async () => DryRunSchema.parse((await world.demo.call("GET", `/catalogs/dry-runs/${id}`)).body);
    const { report } = await waitFor("the judgement", read, ({ state }) => state !== "awaiting_upload", 60);
    expect(report).toMatchObject({ total_products: US + CANADA, total_batches: 9, estimate: { fresh: FRESH } });
    const estimated = report?.estimate?.calls["creators-api"] ?? 0;
    // No more than whole calls for what each shop lacks.
    expect(estimated).toBeGreaterThanOrEqual(Math.ceil((US + CANADA - FRESH) / 10));

    await world.upstream.begin();
    const catalogId = await world.deployed.gathering("enrich-batch", ["enrich", "enrich-express"], async () => {
      const sent = await uploads.send(content, order);
      const { totals } = await uploads.read(sent, 60);
      const isSent = (count: number): boolean => count === totals.batches;
      await waitFor(
        "all batches to be sent",
        () => world.deployed.waiting(world.deployed.queue("enrich").url),
        isSent,
        30,
      );
      return sent;
    });
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      ...{ state: "completed", counts: { enriched: US + CANADA }, of_which: { from_cache: FRESH } },
    });
    const { by_status } = await world.upstream.calls();
    const ratio = share(by_status["200"] ?? 0, estimated);
    expect(ratio).toBeGreaterThanOrEqual(0.95);
    expect(ratio).toBeLessThanOrEqual(1.05);
  });
});
