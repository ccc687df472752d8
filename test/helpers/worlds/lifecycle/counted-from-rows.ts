import type { BatchRow } from "../../../../lambdas/common/core/batches/batch-row.ts";
import { failureGroupId } from "../../../../lambdas/common/core/runs/failure-group-id.ts";
import type { RunRow } from "../../../../lambdas/common/core/runs/run-row.ts";

/** What the rows say the counts must be: the run row may never say anything else. */
export const countedFromRows = (run: RunRow, rows: readonly BatchRow[]) => {
  const items = rows.flatMap((row) => row.items);
  const count = (state: string) => items.filter((item) => item.state === state).length;
  const unwritten = run.uploaded - items.length;
  const failure_counts: Record<string, number> = {};
  const failure_groups: Record<string, number> = {};
  for (const { marketplace, items: own } of rows) {
    for (const item of own) {
      if (item.state !== "failed") continue;
      const { error_code = "InternalError", error_source: source = null } = item;
      failure_counts[error_code] = (failure_counts[error_code] ?? 0) + 1;
      const group = failureGroupId({ error_code, source, marketplace });
      failure_groups[group] = (failure_groups[group] ?? 0) + 1;
    }
  }
  return {
    pending: count("pending") + (run.dropped === undefined ? unwritten : 0),
    enriched: count("enriched"),
    failed: count("failed"),
    cancelled: count("cancelled") + (run.dropped === undefined ? 0 : unwritten),
    settled: rows.filter((row) => row.items.every((item) => item.state !== "pending")).length,
    parked: items.filter((item) => item.state === "pending" && item.parked).length,
    parked_first: items.filter((item) => item.state === "pending" && item.parked === "first").length,
    failure_counts,
    failure_groups,
  };
};
