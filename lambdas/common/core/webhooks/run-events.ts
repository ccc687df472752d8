import type * as z from "zod";
import { causeOfGroup } from "../runs/failure-group-id.ts";
import { RunRowSchema } from "../runs/run-row.ts";
import { isOpen } from "../runs/run-states.ts";
import type { WebhookEvent } from "./webhook-event.ts";

/** Failed products of a run with one code from which on they are a group that somebody should look at. */
export const GROUP_FROM = 10;

/** The parts of a run row that events are made of. */
export const RunNewsSchema = RunRowSchema.pick({
  catalog_id: true,
  batch_id: true,
  owner_id: true,
  state: true,
  uploaded: true,
  enriched: true,
  failed: true,
  cancelled: true,
  failure_counts: true,
  failure_groups: true,
  finished_at: true,
});
export type RunNews = z.infer<typeof RunNewsSchema>;

const failuresOf = ({ failure_counts }: RunNews): { error_code: string; count: number }[] =>
  Object.entries(failure_counts)
    .filter(([, count]) => count > 0)
    .map(([error_code, count]) => ({ error_code, count }))
    .sort((one, other) => (one.error_code < other.error_code ? -1 : 1));

/**
 * That a run ended, undefined while it has not. A run whose failed products are tried again ends again, which is another event.
 */
export const completionOf = (run: RunNews): WebhookEvent | undefined => {
  const { catalog_id, batch_id, state, uploaded, enriched, failed, cancelled, finished_at } = run;
  if (isOpen(state) || finished_at === null) return undefined;
  return {
    event: "catalog.completed",
    key: `${batch_id}/${finished_at}`,
    atMs: Date.parse(finished_at),
    data: {
      ...{ catalog_id, tracking_id: batch_id, state, finished_at },
      counts: { uploaded, enriched, failed, cancelled },
      failures: failuresOf(run),
    },
  };
};

/** A failure group in one run. */
export interface RunGroup {
  readonly group_id: string;
  readonly count: number;
}

/**
 * Failure groups of which so many products of a run failed that somebody should look. A run of an older version counts by code,
 * which is then the group.
 */
export const groupsOf = ({ failure_groups, failure_counts }: RunNews): RunGroup[] =>
  Object.entries(failure_groups ?? failure_counts)
    .filter(([, count]) => count >= GROUP_FROM)
    .map(([group_id, count]) => ({ group_id, count }))
    .sort((one, other) => (one.group_id < other.group_id ? -1 : 1));

/**
 * The writes of runs of which there may be something to tell: of each run every end, and its newest state when it has a group, since
 * that has all codes that earlier ones had.
 */
export const runsToTell = <Run extends RunNews>(written: readonly Run[]): Run[] => {
  const ended = new Map<string, Run>();
  const newest = new Map<string, Run>();
  for (const run of written) {
    const completion = completionOf(run);
    if (completion) ended.set(completion.key, run);
    newest.set(run.batch_id, run);
  }
  const withGroups = [...newest.values()].filter((run) => groupsOf(run).length > 0);
  return [...new Set([...ended.values(), ...withGroups])];
};

/** That a group of failures opened. Its count is the one that was seen then, and not in the key. */
export const groupOpened = (
  { catalog_id, batch_id }: Pick<RunNews, "catalog_id" | "batch_id">,
  { group_id, count, openedAtMs }: RunGroup & { readonly openedAtMs: number },
): WebhookEvent => ({
  event: "failure_group.opened",
  key: `${batch_id}/${group_id}`,
  atMs: openedAtMs,
  data: { group_id, catalog_id, tracking_id: batch_id, error_code: causeOfGroup(group_id).error_code, count },
});
