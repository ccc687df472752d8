import { expect, test } from "vitest";
import type { CatalogStatus } from "../../../../../lambdas/common/core/contract/runs/run-status.ts";
import type { StartedRun } from "../../../../../lambdas/common/core/contract/uploads/started-run.ts";
import { explainUpload } from "../../../../../local/demo/output/explain.ts";
import { isComplete, renderSummary, summarise } from "../../../../../local/demo/output/summary.ts";
import { readQuota } from "../../../../../local/demo/read-quota.ts";
import { callsBetween } from "../../../../../local/demo/upstream-calls.ts";

const status: CatalogStatus = {
  catalog_id: "cat_1",
  tracking_id: "enrich_cat_1_1",
  state: "completed_with_failures",
  blocked_by: [],
  totals: { products: 60, batches: 3 },
  counts: { pending: 0, enriched: 58, failed: 2, cancelled: 0 },
  of_which: { from_cache: 0, incomplete: 4 },
  by_source: { "creators-api": 58 },
  failures: [{ error_code: "NotFound", count: 2 }],
  sequence: 7,
  started_at: null,
  finished_at: null,
  estimate: { seconds_left: null, finishes_at: null, resumes_at: null },
};
const report: StartedRun = {
  message: "Enrichment queued successfully",
  catalog_id: "cat_1",
  tracking_id: "enrich_cat_1_1",
  total_products: 60,
  total_batches: 3,
  batch_size: 20,
  duplicates: 1,
  rejected: { count: 1, rows: [{ line: 40, value: "B00\u001b[31m", reason: "has 3 characters" }] },
  notes: [],
  estimate: null,
};
const calls = (total: number, tens: number, throttled: number) => ({
  total,
  by_status: { "200": total - throttled, "429": throttled },
  ids_per_call: { mean: 10, histogram: { "10": tens, "5": 1 } },
  max_calls_in_any_second: 1,
});

test("a run is complete only when it is closed, nothing is pending and the counts add up", () => {
  expect(isComplete(status)).toBe(true);
  expect(isComplete({ ...status, state: "running" })).toBe(false);
  expect(isComplete({ ...status, counts: { ...status.counts, pending: 1, failed: 1 } })).toBe(false);
  expect(isComplete({ ...status, counts: { ...status.counts, failed: 1 } })).toBe(false);
});

test("figures of a run are the difference between two readings of the simulator", () => {
  const before = calls(4, 3, 1);
  const after = { ...calls(16, 13, 1), ids_per_call: { mean: 9.5, histogram: { "10": 13, "5": 2 } } };
  expect(callsBetween(before, after)).toEqual({
    calls: 12,
    mean_ids_per_call: 105 / 11,
    max_calls_in_any_second: 1,
    throttled: 0,
  });
});

test("without a call there is no mean", () => {
  expect(callsBetween(calls(4, 3, 0), calls(4, 3, 0)).mean_ids_per_call).toBeNull();
});

test("the summary names counts, causes, upstream figures and the quota", () => {
  const measured = {
    upstream: { "creators-api": callsBetween(calls(0, 0, 0), calls(6, 6, 0)) },
    quota: { used: 6, limit: 8640 },
    seconds: 7.5,
  };
  const text = renderSummary(summarise(report, status, measured)).join("\n");
  expect(text).toMatch(/enriched +58/);
  expect(text).toMatch(/of these incomplete +4/);
  expect(text).toMatch(/NotFound +2/);
  expect(text).toMatch(/creators-api +6 +10.00 +1 +0/);
  expect(text).toContain("Quota used: 6/8,640 calls today");
  expect(text).toContain("60 products in 8 s (8.0 products a second)");
});

test("the words on the upload show each bad row with its line and reason, safe for a terminal", () => {
  const text = explainUpload(report).join("\n");
  expect(text).toContain("60 products in 3 batches of up to 20");
  expect(text).toContain("1 duplicate, 1 bad row");
  expect(text).toContain('line 40: "B00" has 3 characters');
});

test("the quota is read from the API's answer, and null when the answer is of another shape", () => {
  const answer = { sources: [{ source: "creators-api", used_today: 6, left_today: 8634, other: true }] };
  expect(readQuota(answer, "creators-api")).toEqual({ used: 6, limit: 8640 });
  expect(readQuota(answer, "keepa")).toBeNull();
  expect(readQuota(undefined, "creators-api")).toBeNull();
});
