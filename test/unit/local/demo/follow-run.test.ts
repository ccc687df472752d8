import { expect, test, vi } from "vitest";
import type { CatalogStatus } from "../../../../lambdas/common/core/contract/runs/run-status.ts";
import { followRun } from "../../../../local/demo/follow-run.ts";
import type { Progress } from "../../../../local/demo/output/render-progress.ts";

const status = (state: CatalogStatus["state"], pending: number): CatalogStatus => ({
  catalog_id: "cat_1",
  tracking_id: "t",
  state,
  blocked_by: [],
  totals: { products: 10, batches: 1 },
  counts: { pending, enriched: 10 - pending, failed: 0, cancelled: 0 },
  of_which: { from_cache: 0, incomplete: 0 },
  by_source: {},
  failures: [],
  sequence: 1,
  started_at: null,
  finished_at: null,
  estimate: { seconds_left: 1, finishes_at: null, resumes_at: null },
});

test("a run is followed until it is closed, with every step shown", async () => {
  const answers = [status("queued", 10), status("running", 4), status("completed", 0)];
  const shown: Progress[] = [];
  const last = await followRun({
    readStatus: async () => answers.shift() ?? status("completed", 0),
    readQuota: async () => ({ used: 1, limit: 8640 }),
    onProgress: (progress) => shown.push(progress),
    now: () => 0,
    sleep: async () => {},
  });
  expect(last.state).toBe("completed");
  expect(shown.map(({ done }) => done)).toEqual([0, 6, 10]);
});

test("a run that waits for a person is given up after four minutes with what it waits for", async () => {
  let now = 0;
  const waiting: CatalogStatus = {
    ...status("waiting_for_source", 10),
    blocked_by: [{ source: "creators-api", code: "not_configured", action: "store its credentials", retry_at: null }],
  };
  const follow = followRun({
    readStatus: async () => {
      now += 150_000;
      return waiting;
    },
    readQuota: async () => null,
    onProgress: vi.fn(),
    now: () => now,
    sleep: async () => {},
  });
  await expect(follow).rejects.toThrow(/creators-api not_configured; store its credentials/);
});

test("an abort ends the following", async () => {
  const controller = new AbortController();
  const follow = followRun({
    readStatus: async () => status("running", 5),
    readQuota: async () => null,
    onProgress: vi.fn(),
    signal: controller.signal,
    now: () => 0,
    sleep: async (_, signal) => {
      controller.abort(new Error("stopped by hand"));
      signal?.throwIfAborted();
    },
  });
  await expect(follow).rejects.toThrow("stopped by hand");
});
