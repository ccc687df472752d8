import { describe, expect, it } from "vitest";
import { catalogStatus } from "../../../../../lambdas/catalogs-api/routes/runs/run-status.ts";
import type { CatalogRow } from "../../../../../lambdas/common/core/catalogs/catalog-row.ts";
import { CatalogStatusSchema } from "../../../../../lambdas/common/core/contract/runs/run-status.ts";
import type { EstimateSource } from "../../../../../lambdas/common/core/estimates/estimate.ts";
import { progressBeforeRun } from "../../../../../lambdas/common/core/live/catalog-progress.ts";
import { newRun } from "../../../../../lambdas/common/core/runs/run.ts";
import type { RunRow } from "../../../../../lambdas/common/core/runs/run-row.ts";

const NOW = Date.UTC(2026, 7, 1, 12);
const now = "2026-08-01T12:00:00.000Z";
const catalog: CatalogRow = {
  catalog_id: "cat_0123456789abcdef",
  batch_id: "catalog",
  row_type: "catalog",
  user_id: "u1",
  created_at: now,
  name: "Mine",
  marketplace: "www.amazon.com",
  state: "ready",
  rows: { total: 100, valid: 100, duplicates: 0, rejected: 0, blank: 0, repaired: 0 },
  segments: [{ marketplace: "www.amazon.com", key: "k", index_key: "i", products: 100 }],
  rows_key: null,
  rejects_key: null,
  content_hash: null,
  columns: [],
  tracking_id: null,
  failure: null,
  deleted_at: null,
};
const options = {
  provider: null,
  fallback: true,
  force: false,
  include_variations: false,
  refresh_daily: false,
  batch_size: 20,
};
const run = (changes: Partial<RunRow> = {}): RunRow => ({
  ...newRun(catalog, { tracking_id: "enrich_1", options, correlation_id: "c", now }),
  ...changes,
});
const source: EstimateSource = {
  id: "creators-api",
  idsPerCall: 10,
  cost: () => 1,
  callsPerSecond: 1,
  unitsPerDay: 8640,
  leftToday: 8640,
  blockedUntilMs: null,
  marketplaces: ["www.amazon.com"],
};

describe("catalogStatus", () => {
  it("fits its own schema and speaks of all products, whatever the state", () => {
    const rows = [undefined, run(), run({ state: "completed", pending: 0, enriched: 97, failed: 3 })];
    for (const row of rows) {
      const status = CatalogStatusSchema.parse(catalogStatus(catalog, row, [source], NOW));
      const { pending, enriched, failed, cancelled } = status.counts;
      expect(pending + enriched + failed + cancelled).toBe(status.totals.products);
    }
  });

  it.each(["awaiting_upload", "ingesting", "ingest_failed", "ready"] as const)(
    "has the sequence that is pushed of a catalog without a run, when it is %s",
    (state) => {
      const row: CatalogRow = { ...catalog, state };
      const { tracking_id, sequence } = progressBeforeRun(row);
      expect(catalogStatus(row, undefined, [source], NOW)).toMatchObject({ tracking_id, sequence, state });
    },
  );

  it("counts the time left from what is pending", () => {
    const status = catalogStatus(catalog, run({ state: "running", pending: 40, enriched: 60 }), [source], NOW);
    expect(status.estimate).toEqual({ seconds_left: 5, finishes_at: "2026-08-01T12:00:05.000Z", resumes_at: null });
  });

  it("counts what waits for a later source at the pace of that one, or not at all when there is none", () => {
    const row = run({ state: "running", pending: 40, enriched: 60, parked: 30, parked_first: 0 });
    const slow: EstimateSource = { ...source, id: "keepa", callsPerSecond: 0.1 };
    const estimate = (...sources: EstimateSource[]) => catalogStatus(catalog, row, sources, NOW).estimate;
    expect(estimate(source, slow)).toMatchObject({ seconds_left: 32, finishes_at: "2026-08-01T12:00:32.000Z" });
    expect(estimate(slow, source).seconds_left).toBe(11);
    expect(estimate(source)).toEqual({ seconds_left: null, finishes_at: null, resumes_at: null });
  });

  it("waits first when the run waits for a source", () => {
    const blocked = {
      source: "creators-api" as const,
      code: "daily-quota",
      action: "Wait.",
      retry_at: "2026-08-01T13:00:00.000Z",
    };
    const status = catalogStatus(
      catalog,
      run({ state: "waiting_for_source", pending: 40, enriched: 60, blocked_by: [blocked] }),
      [source],
      NOW,
    );
    expect(status.estimate).toEqual({
      seconds_left: 3605,
      finishes_at: "2026-08-01T13:00:05.000Z",
      resumes_at: "2026-08-01T13:00:00.000Z",
    });
  });

  it("promises nothing for a run that waits for a person or is paused", () => {
    const blocked = { source: "keepa" as const, code: "not_configured", action: "Store the key.", retry_at: null };
    for (const row of [run({ state: "waiting_for_source", blocked_by: [blocked] }), run({ state: "paused" })]) {
      expect(catalogStatus(catalog, row, [source], NOW).estimate).toEqual({
        seconds_left: null,
        finishes_at: null,
        resumes_at: null,
      });
    }
  });

  it("shows no source as the reason of a paused run, which keeps its reasons, and nothing of what is parked", () => {
    const blocked = {
      source: "keepa" as const,
      code: "daily-quota",
      action: "Wait.",
      retry_at: "2026-08-02T12:00:00.000Z",
    };
    const paused = run({ state: "paused", blocked_by: [blocked], parked: 5, parked_first: 1 });
    const status = catalogStatus(catalog, paused, [source], NOW);
    expect(status.blocked_by).toEqual([]);
    expect(JSON.stringify(status)).not.toContain("parked");
  });

  it.each([
    ["not_recorded", "could not be saved"],
    ["not_finished", "did not come to its end"],
  ] as const)("says that work was tried and nothing of it is recorded (%s), while the run is open", (reason, words) => {
    const unrecorded = { since: now, reason, retry_at: "2026-08-01T12:00:10.000Z" };
    const status = catalogStatus(catalog, run({ state: "queued", unrecorded }), [source], NOW);
    expect(CatalogStatusSchema.parse(status).blocked_by).toEqual([
      {
        source: "enrichline",
        code: reason,
        action: expect.stringContaining(words),
        retry_at: "2026-08-01T12:00:10.000Z",
      },
    ]);
    const closed = run({ state: "completed", pending: 0, enriched: 100, unrecorded });
    expect(catalogStatus(catalog, { ...closed, open_shard: undefined }, [source], NOW).blocked_by).toEqual([]);
  });

  it("says that a source does not answer a call that is under way", () => {
    const unrecorded = { since: now, reason: "no_answer", source: "keepa", retry_at: now } as const;
    const status = catalogStatus(catalog, run({ state: "queued", unrecorded }), [source], NOW);
    expect(CatalogStatusSchema.parse(status).blocked_by).toEqual([
      {
        source: "keepa",
        code: "no_answer",
        action: expect.stringContaining("a call to keepa is under way"),
        retry_at: now,
      },
    ]);
  });

  it("lists failures most first and leaves codes without products out", () => {
    const row = run({ failure_counts: { NotFound: 2, Timeout: 5, Gone: 0 }, failed: 7, pending: 93 });
    expect(catalogStatus(catalog, row, [], NOW).failures).toEqual([
      { error_code: "Timeout", count: 5 },
      { error_code: "NotFound", count: 2 },
    ]);
  });
});
