import { expect, it } from "vitest";
import { tallyGroups } from "../../../../../lambdas/common/core/failures/group-tally.ts";
import { noCounts, type Trial } from "../../../../../lambdas/common/core/failures/trial.ts";
import type { RunRow } from "../../../../../lambdas/common/core/runs/run-row.ts";
import { type PickDeps, pickPart } from "../../../../../lambdas/common/services/failures/pick-failed.ts";

const ID = "RetriesExhausted.creators-api";
const AT = "2026-11-30T00:00:00.000Z";

/** As many runs as an answer counts, of a product each. */
const RUNS = Array.from({ length: 2_000 }, (_, index): Pick<RunRow, "batch_id"> => {
  const catalog_id = `cat_${String(index).padStart(26, "0")}`;
  return {
    ...{
      catalog_id,
      batch_id: `enrich_${catalog_id}_20261130000000`,
      owner_id: "b5a1c9d2-3e4f-4a5b-8c6d-7e8f9a0b1c2d",
    },
    ...{ state: "completed", created_at: AT, updated_at: AT, finished_at: AT, enriched: 0, failed: 1 },
    ...{ failure_counts: {}, failure_groups: { [ID]: 1 }, failure_firsts: { [ID]: AT }, failure_lasts: { [ID]: AT } },
  };
}) as RunRow[];

it("takes a part of so few runs that its row can be written and it is reopened in one pass, and leaves none out", async () => {
  const runs = new Map(RUNS.map((run) => [run.batch_id, run]));
  const tally = tallyGroups(RUNS).get(ID);
  if (!tally) throw new Error("the group is not there");
  const findOpen: PickDeps["failures"]["findOpen"] = async (trackingId) => ({
    rows: [
      {
        ...{ product_key: "www.amazon.com#B000000001", catalog_id: "", batch_id: `${trackingId}#0000001` },
        ...{ error_code: "RetriesExhausted", source: "creators-api", raw_code: "X", failed_at: AT },
      },
    ],
  });
  let trial: Trial = {
    ...{ trial_id: "try_1", size: "all", started_by: "op-1", started_at: AT, finished_at: null, state: "running" },
    ...{ part: { number: 4, phase: "watched", picks: [] }, before: noCounts(), place: null, spread: {} },
  };
  const taken = new Set<string>();
  for (let isEnd = false; !isEnd; ) {
    const picked = await pickPart({ failures: { findOpen } }, runs, tally, trial, () => true);
    expect(picked.picks.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(picked.picks).length).toBeLessThan(100_000);
    for (const { tracking_id } of picked.picks) taken.add(tracking_id);
    trial = { ...trial, place: picked.place };
    isEnd = picked.isEnd;
  }
  expect(taken.size).toBe(2_000);
});
