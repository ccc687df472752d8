import type { RunOutcome } from "../../common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { isItemDue } from "../../common/core/batches/reschedule/is-item-due.ts";
import type { BatchChange } from "../../common/core/batches/settle/batch-outcome.ts";
import { isoTime } from "../../common/core/clock.ts";
import { runDelta } from "../../common/core/runs/run-delta.ts";
import type { RunRow } from "../../common/core/runs/run-row.ts";
import { type SourceId, SourceIdSchema } from "../../common/core/source-ids.ts";
import type { BlockedBy } from "../../common/core/sources/blocked-by.ts";
import type { ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";

/** Sources that said now what they do: gave a product, or when to come again. */
const heardOf = (outcomes: ProductOutcomes["outcomes"]): ReadonlySet<SourceId> =>
  new Set(
    [...outcomes.values()].flatMap(({ result }) => {
      if (result.kind === "wait") return result.source ?? [];
      return result.kind === "enriched" && !result.fromCache ? result.source : [];
    }),
  );

/** Reasons of now, with those given before that lie ahead, as long as products are parked for them and nothing newer is known. */
const reasons = (
  run: RunRow,
  changes: readonly BatchChange[],
  { outcomes, blockedBy }: ProductOutcomes,
  nowMs: number,
): BlockedBy[] => {
  const delta = runDelta(changes);
  if ((run.parked ?? 0) + delta.parked <= 0) return [...blockedBy];
  const now = isoTime(nowMs);
  const heard = heardOf(outcomes);
  const stillBlocked = run.blocked_by.filter(
    ({ source, retry_at }) =>
      (retry_at ?? "") > now && !heard.has(source) && !blockedBy.some((block) => block.source === source),
  );
  return [...blockedBy, ...stillBlocked];
};

/**
 * The sources that answered nothing but failures which may pass. With no other reason, the run says so until the next record:
 * its products are pending, and nothing else shows that they were asked about.
 */
const unanswered = (changes: readonly BatchChange[], { outcomes }: ProductOutcomes): BlockedBy[] => {
  const times = changes.flatMap(({ after }) => after.items.flatMap(({ next_attempt_at }) => next_attempt_at ?? []));
  const retry_at = times.sort()[0] ?? null;
  const failures = new Map<SourceId, string>();
  for (const { result, failure } of outcomes.values()) {
    const source = SourceIdSchema.safeParse(failure?.source);
    if (result.kind === "retry" && source.success) failures.set(source.data, result.code);
  }
  return [...failures].map(([source, code]) => ({
    source,
    code,
    action: `Nothing to do: ${source} did not answer (${code}), and is asked again by itself.`,
    retry_at,
  }));
};

/** Whether work on due products brought any of them further: to an end, or past its first source. */
const wentOn = (changes: readonly BatchChange[], dueMs: number): boolean =>
  changes.some(({ before, after }) =>
    after.items.some((item, index) => {
      const was = before.items[index];
      return was && isItemDue(was, dueMs) && (item.state !== "pending" || item.parked === "later");
    }),
  );

/**
 * What a record says of its run. It waits for a source when sources block it and nothing continued here; else it runs, and
 * `waitIfAllParked` says later whether anything is left that does. A record of batches of which nothing was due knows
 * nothing, and says nothing.
 * @param dueMs items due then were worked on
 * @param outcome what came of the work, and the sources that held it up
 */
export const runProgress = (
  run: RunRow,
  changes: readonly BatchChange[],
  outcome: ProductOutcomes,
  dueMs: number,
  nowMs: number,
): Pick<RunOutcome, "blocked_by" | "state"> => {
  const worked = changes.some(({ before }) => before.items.some((item) => isItemDue(item, dueMs)));
  if (!worked || run.state === "paused" || run.state === "cancelled") return { blocked_by: run.blocked_by };
  const stillStands = !wentOn(changes, dueMs);
  const isHeld = outcome.blockedBy.length > 0 && stillStands;
  const known = reasons(run, changes, outcome, nowMs);
  return {
    blocked_by: known.length === 0 && stillStands ? unanswered(changes, outcome) : known,
    state: isHeld ? "waiting_for_source" : "running",
  };
};
