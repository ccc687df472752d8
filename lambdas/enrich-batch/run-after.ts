import type { BatchChange } from "../adapters/outcome-recorder.ts";
import { isoTime } from "../core/clock.ts";
import { runDelta } from "../core/run-delta.ts";
import type { BlockedBy, RunRow } from "../core/status-rows.ts";
import { isDue } from "./wanted-products.ts";

/** What a record says of its run. */
export interface RunAfter {
  readonly blocked_by: readonly BlockedBy[];
  /** Absent: as it is. */
  readonly state?: "running" | "waiting_for_source";
}

/** Reasons of now, with those given before that lie ahead, as long as products are parked for them. */
const reasons = (
  run: RunRow,
  changes: readonly BatchChange[],
  blocked_by: readonly BlockedBy[],
  nowMs: number,
): BlockedBy[] => {
  const delta = runDelta(changes.map(({ before, after }) => ({ before: before.items, after: after.items })));
  if ((run.parked ?? 0) + delta.parked <= 0) return [...blocked_by];
  const now = isoTime(nowMs);
  const standing = run.blocked_by.filter(
    ({ source, retry_at }) => (retry_at ?? "") > now && !blocked_by.some((block) => block.source === source),
  );
  return [...blocked_by, ...standing];
};

/** Whether work on due products brought any of them further: to an end, or past its first source. */
const wentOn = (changes: readonly BatchChange[], dueMs: number): boolean =>
  changes.some(({ before, after }) =>
    after.items.some((item, index) => {
      const was = before.items[index];
      return was && isDue(was, dueMs) && (item.state !== "pending" || item.parked === "later");
    }),
  );

/**
 * What a record says of its run. It waits for a source when sources block it and nothing went on here; else it runs, and
 * `waitIfAllParked` says later whether anything is left that does. A record of batches of which nothing was due knows
 * nothing, and says nothing.
 * @param dueMs items due then were worked on
 * @param blocked_by sources that held up what was worked on
 */
export const runAfter = (
  run: RunRow,
  changes: readonly BatchChange[],
  blocked_by: readonly BlockedBy[],
  dueMs: number,
  nowMs: number,
): RunAfter => {
  const worked = changes.some(({ before }) => before.items.some((item) => isDue(item, dueMs)));
  if (!worked || run.state === "paused" || run.state === "cancelled") return { blocked_by: run.blocked_by };
  const isHeld = blocked_by.length > 0 && !wentOn(changes, dueMs);
  return { blocked_by: reasons(run, changes, blocked_by, nowMs), state: isHeld ? "waiting_for_source" : "running" };
};
