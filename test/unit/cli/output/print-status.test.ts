import { describe, expect, it } from "vitest";
import { printStatus } from "../../../../cli/output/print-status.ts";
import type { CatalogStatus } from "../../../../lambdas/common/core/contract/runs/run-status.ts";
import { PRICES_OF } from "../../../../lambdas/common/core/cost/list-prices.ts";

const STATUS: CatalogStatus = {
  catalog_id: "cat_0123456789abcdef",
  tracking_id: "enrich_1",
  state: "completed",
  blocked_by: [],
  totals: { products: 2_000, batches: 100 },
  counts: { pending: 0, enriched: 2_000, failed: 0, cancelled: 0 },
  of_which: { from_cache: 0, incomplete: 0 },
  by_source: { keepa: 2_000 },
  failures: [],
  sequence: 3,
  started_at: null,
  finished_at: null,
  estimate: { seconds_left: null, finishes_at: null, resumes_at: null },
};
const COST = {
  usd: "0.005400",
  usd_per_1000_products: "0.002700",
  parts: { table_writes: "0.003700" },
  keepa_tokens: 0,
  prices_of: PRICES_OF,
};

const printed = (status: CatalogStatus, now: string): string => {
  const lines: string[] = [];
  const out = (text: string) => void lines.push(text);
  const io = { out, now: () => Date.parse(now), paint: (_: string, text: string) => text };
  printStatus(io as unknown as Parameters<typeof printStatus>[0], status);
  return lines.join("");
};

describe("the printed status", () => {
  it("says what a run has cost in one line, with the day of the prices", () => {
    expect(printed({ ...STATUS, cost: COST }, "2026-12-01T00:00:00Z")).toContain(
      "\nCost      $0.005400, $0.002700 per 1,000 products (list prices of us-east-1, 2026-11-30)\n",
    );
  });

  it("says what it took of Keepa, and that the prices are old", () => {
    const cost = { ...COST, usd_per_1000_products: null, keepa_tokens: 40 };
    expect(printed({ ...STATUS, cost }, "2027-12-01T00:00:00Z")).toContain(
      "\nCost      $0.005400, 40 Keepa tokens (list prices of us-east-1, 2026-11-30, which are old)\n",
    );
  });

  it("says nothing of a run of which nothing was counted", () => {
    expect(printed(STATUS, "2026-12-01T00:00:00Z")).not.toContain("Cost");
  });
});
