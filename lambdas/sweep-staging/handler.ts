import type { PageKey } from "../common/adapters/dynamodb/query-pages.ts";
import { HOUR_MS } from "../common/core/durations.ts";
import { METRICS } from "../common/core/metric-names.ts";
import { hourOf, ORPHAN_AFTER_MS, type StagedAssembly } from "../common/core/shop/staged-assembly.ts";
import { completeAssembly } from "../common/services/shop/make-product.ts";
import type { Deps } from "./deps.ts";

/** Rows that are settled at the same time. */
const PARALLEL_ROWS = 20;
/** Hours whose count is written again: what a sweep that died did not write, one of the next does. */
const REPEATED_MS = ORPHAN_AFTER_MS;

/** What one sweep did, for the log. */
export interface SweepReport {
  /** Rows that are orphans since this sweep. */
  orphans: number;
  /** Pairs that were complete, and whose product nobody had written. */
  completed: number;
  /** Halves of products that had been written before they came. */
  cleared: number;
}

/**
 * Runs every hour: finds halves of products that waited a day for the other one. Each is marked with the hour of the sweep, by
 * a conditional write, and so belongs to one hour, whatever dies or runs twice. What is counted is the marks of an hour, at the
 * time of that hour: the same count again changes no maximum, so each sweep repeats those of the last day. Complete pairs
 * that a dead letter left behind become products. Safe to run at any time and by many at once.
 * @throws TransientError when a table does not answer: the next sweep continues
 */
export const createHandler = (deps: Deps) => async (): Promise<SweepReport> => {
  const nowMs = deps.clock.now();
  const report: SweepReport = { orphans: 0, completed: 0, cleared: 0 };
  const orphansByHour = new Map<string, number>();
  let after: PageKey | null = null;
  do {
    const { rows, next } = await deps.staged.readPage(after);
    for (let from = 0; from < rows.length; from += PARALLEL_ROWS) {
      const hours = await Promise.all(
        rows.slice(from, from + PARALLEL_ROWS).map((row) => settle(deps, row, nowMs, report)),
      );
      for (const hour of hours) {
        if (hour !== undefined) orphansByHour.set(hour, (orphansByHour.get(hour) ?? 0) + 1);
      }
    }
    after = next;
  } while (after !== null);
  countOrphans(deps, orphansByHour, nowMs);
  if (report.orphans + report.completed + report.cleared > 0) deps.log.info("staging swept", { ...report });
  return report;
};

/** @returns the hour in which the row became an orphan; undefined when it is none */
const settle = async (
  deps: Deps,
  row: StagedAssembly,
  nowMs: number,
  report: SweepReport,
): Promise<string | undefined> => {
  if (row.is_complete) {
    const { isMade } = await completeAssembly(deps, row);
    report[isMade ? "completed" : "cleared"] += 1;
    if (isMade) deps.meter.count(METRICS.ASSEMBLIES_COMPLETED, 1);
    return undefined;
  }
  if (row.orphaned_in !== undefined) return row.orphaned_in;
  if (nowMs - Date.parse(row.first_seen_at) < ORPHAN_AFTER_MS) return undefined;
  const { video_id, seller_handle, first_seen_at } = row;
  // A worker died between staging a half that came once more and finding that the product is there.
  if (await deps.products.get(row)) {
    await deps.staged.clear([row]);
    report.cleared += 1;
    return undefined;
  }
  const mark = await deps.staged.markOrphan(row, hourOf(nowMs));
  if (mark?.isNew) {
    report.orphans += 1;
    const has = row.caption ? "caption" : "thumbnails";
    deps.log.warn("half of a product waited a day for the other one", { video_id, seller_handle, has, first_seen_at });
  }
  return mark?.hour;
};

/** Zero is written too, for the hour of this sweep: then a graph shows that it ran. */
const countOrphans = ({ meter }: Deps, orphansByHour: ReadonlyMap<string, number>, nowMs: number): void => {
  const thisHour = hourOf(nowMs);
  for (const [hour, orphans] of new Map([[thisHour, 0], ...orphansByHour])) {
    const hourMs = Date.parse(hour);
    if (nowMs - hourMs > REPEATED_MS + HOUR_MS) continue;
    meter.gauge(METRICS.ORPHANED_ASSEMBLIES, orphans, {}, hourMs);
  }
  meter.flush();
};
