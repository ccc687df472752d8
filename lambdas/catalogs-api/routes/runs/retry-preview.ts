import type { FailedSelection } from "../../../common/core/batches/reschedule/reopen-batch.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";
import { failureKeys } from "../../../common/services/lifecycle/failed-pages.ts";
import type { Deps } from "../../deps.ts";

/** Failed products that a retry would touch, by error code, most first. */
export type FailedByCode = readonly { readonly error_code: string; readonly count: number }[];

const sorted = (counts: ReadonlyMap<string, number>): FailedByCode =>
  [...counts]
    .filter(([, count]) => count > 0)
    .map(([error_code, count]) => ({ error_code, count }))
    .sort((a, b) => b.count - a.count || a.error_code.localeCompare(b.error_code));

/** Counts what a selection matches: from the run's own counts, or from the failures when single ASINs are named. */
export const countFailed = async (
  deps: Pick<Deps, "failures">,
  run: RunRow,
  selection: FailedSelection,
): Promise<FailedByCode> => {
  const isMeant = (code: string) => selection.errorCodes === undefined || selection.errorCodes.includes(code);
  if (selection.asins === undefined) {
    return sorted(new Map(Object.entries(run.failure_counts).filter(([code]) => isMeant(code))));
  }
  const counts = new Map<string, number>();
  for (const row of await deps.failures.getMany(run.batch_id, failureKeys(run, selection.asins))) {
    // One that is being retried is pending, not failed.
    if (row.retrying_since !== undefined || !isMeant(row.error_code)) continue;
    counts.set(row.error_code, (counts.get(row.error_code) ?? 0) + 1);
  }
  return sorted(counts);
};

/** Failures that are sampled for products that are fresh by now. */
const SAMPLE = 200;

/**
 * Keys of failed products that a retry would touch, for counting those that another run has fetched meanwhile. None when
 * the run fetches fresh ones too.
 */
export const sampleFailed = async (
  deps: Pick<Deps, "failures">,
  run: RunRow,
  selection: FailedSelection,
): Promise<string[]> => {
  if (run.options.force) return [];
  if (selection.asins !== undefined) return failureKeys(run, selection.asins).slice(0, SAMPLE);
  const { rows } = await deps.failures.scanOpen(run.batch_id, { errorCodes: selection.errorCodes });
  return rows.slice(0, SAMPLE).map(({ product_key }) => product_key);
};

/** Products of a retry by shop. Which shop a failure belongs to is not counted apart, so the run's own shares speak. */
export const retrySegments = (run: RunRow, products: number): { marketplace: string; products: number }[] => {
  let left = products;
  return run.segments.map((segment, index) => {
    const share = Math.min(left, Math.round((segment.products / run.uploaded) * products));
    const own = index === run.segments.length - 1 ? left : share;
    left -= own;
    return { marketplace: segment.marketplace, products: own };
  });
};
